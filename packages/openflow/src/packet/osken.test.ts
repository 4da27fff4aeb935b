/**
 * Frames against os-ken's packet library, which is another implementation: what we encode it decodes to the same
 * protocols, and with all checksums computed by itself it encodes the same bytes. Skipped where it is not installed.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  decodePacket,
  encodePacket,
  IPV4_FLAG,
  type LayerInput,
  TCP_FLAG,
  tcpOptionsBytes,
} from './index.ts';

const PYTHON = '/usr/bin/python3';
const hasOsKen = spawnSync(PYTHON, ['-c', 'import os_ken.lib.packet.packet']).status === 0;
if (!hasOsKen) console.warn('packets are not compared with os-ken: it is not installed for /usr/bin/python3');

const ethernet: LayerInput = { type: 'ethernet', dst: '02:00:00:00:00:02', src: '02:00:00:00:00:01' };
const ipv4: LayerInput = {
  type: 'ipv4',
  src: '10.0.0.1',
  dst: '10.0.0.2',
  dscp: 43,
  ecn: 1,
  identification: 7,
};
const ipv6: LayerInput = {
  type: 'ipv6',
  src: '2001:db8::1',
  dst: 'fe80::2:1',
  dscp: 11,
  flowLabel: 0x12345,
  hopLimit: 255,
};
const payload: LayerInput = { type: 'payload', data: Uint8Array.from({ length: 33 }, (_, i) => 255 - i) };
const udp: LayerInput = { type: 'udp', srcPort: 4000, dstPort: 5000 };
const options = tcpOptionsBytes([
  { kind: 'max_segment_size', size: 1460 },
  { kind: 'sack_permitted' },
  { kind: 'timestamps', value: 1, echo: 2 },
  { kind: 'no_operation' },
  { kind: 'window_scale', shift: 7 },
]);
const tcp: LayerInput = {
  type: 'tcp',
  srcPort: 1,
  dstPort: 80,
  seq: 4_000_000_000,
  ack: 9,
  flags: TCP_FLAG.SYN,
  options,
};
const arp = {
  operation: 1,
  senderMac: '02:00:00:00:00:01',
  senderIp: '10.0.0.1',
  targetMac: '00:00:00:00:00:00',
  targetIp: '10.0.0.2',
};
const options6: LayerInput = { type: 'hop_by_hop', options: Uint8Array.of(5, 2, 0, 0, 1, 0) };
const link = [{ kind: 'source_link_address' as const, mac: '02:00:00:00:00:01' }];
const sctpData: LayerInput = {
  type: 'payload',
  data: Uint8Array.of(0, 3, 0, 20, 0, 0, 0, 1, 0, 2, 0, 3, 0, 0, 0, 0, 1, 2, 3, 4),
};

/** Names as os-ken has them, and the layers. */
const CASES: Readonly<Record<string, readonly LayerInput[]>> = {
  'ethernet arp': [ethernet, { type: 'arp', ...arp }],
  'ethernet vlan arp': [ethernet, { type: 'vlan', vid: 100, pcp: 5, dei: true }, { type: 'arp', ...arp }],
  'ethernet svlan vlan ipv4 udp payload': [
    ethernet,
    { type: 'vlan', tpid: 0x88a8, vid: 7 },
    { type: 'vlan', vid: 4094, pcp: 7 },
    ipv4,
    udp,
    payload,
  ],
  'ethernet ipv4 udp payload': [ethernet, ipv4, udp, payload],
  'ethernet ipv4 tcp payload': [ethernet, { ...ipv4, flags: IPV4_FLAG.DONT_FRAGMENT }, tcp, payload],
  'ethernet ipv4 sctp': [
    ethernet,
    ipv4,
    { type: 'sctp', srcPort: 1, dstPort: 2, verificationTag: 3 },
    sctpData,
  ],
  'ethernet ipv4 icmp': [
    ethernet,
    ipv4,
    { type: 'icmp', icmpType: 8, body: { kind: 'echo', identifier: 1, sequence: 2 } },
    payload,
  ],
  'ethernet ipv4 igmp': [
    ethernet,
    ipv4,
    { type: 'igmp', igmpType: 0x16, code: 0, body: { kind: 'group', group: '239.1.2.3' } },
  ],
  'ethernet ipv4 igmpv3_query': [
    ethernet,
    ipv4,
    {
      type: 'igmp',
      igmpType: 0x11,
      code: 100,
      body: {
        kind: 'query_v3',
        group: '239.1.2.3',
        suppress: true,
        robustness: 2,
        intervalCode: 125,
        sources: ['10.0.0.9'],
      },
    },
  ],
  'ethernet ipv4 igmpv3_report': [
    ethernet,
    ipv4,
    {
      type: 'igmp',
      igmpType: 0x22,
      body: {
        kind: 'report_v3',
        records: [{ recordType: 4, group: '239.1.2.3', sources: ['10.0.0.9', '10.0.0.8'] }],
      },
    },
  ],
  'ethernet mpls mpls ipv4 udp payload': [
    ethernet,
    {
      type: 'mpls',
      labels: [
        { label: 1048575, trafficClass: 5, ttl: 64 },
        { label: 16, trafficClass: 0, ttl: 63 },
      ],
    },
    ipv4,
    udp,
    payload,
  ],
  'ethernet ipv6 udp payload': [ethernet, ipv6, udp, payload],
  'ethernet ipv6 tcp payload': [ethernet, ipv6, options6, tcp, payload],
  'ethernet ipv6 sctp': [
    ethernet,
    ipv6,
    { type: 'sctp', srcPort: 1, dstPort: 2, verificationTag: 3 },
    sctpData,
  ],
  'ethernet ipv6 icmpv6': [
    ethernet,
    ipv6,
    {
      type: 'icmpv6',
      icmpType: 135,
      body: { kind: 'neighbour_solicitation', target: 'fe80::2', options: link },
    },
  ],
  'ethernet ipv6 icmpv6 ': [
    ethernet,
    ipv6,
    { type: 'icmpv6', icmpType: 128, body: { kind: 'echo', identifier: 1, sequence: 2 } },
    payload,
  ],
  'ethernet ipv6 icmpv6  ': [
    ethernet,
    ipv6,
    options6,
    {
      type: 'icmpv6',
      icmpType: 143,
      body: {
        kind: 'listener_report_v2',
        records: [{ recordType: 4, group: 'ff02::5', sources: ['2001:db8::7'] }],
      },
    },
  ],
  'ethernet ipv4 udp vxlan ethernet ipv4 udp payload': [
    ethernet,
    ipv4,
    { type: 'udp', srcPort: 50_000, dstPort: 4789 },
    { type: 'vxlan', vni: 0xabcdef },
    ethernet,
    ipv4,
    udp,
    payload,
  ],
  'ethernet ipv4 gre ipv4 udp payload': [
    ethernet,
    ipv4,
    { type: 'gre', key: 9, sequence: 8 },
    ipv4,
    udp,
    payload,
  ],
  'ethernet ipv4 udp dhcp': [
    ethernet,
    ipv4,
    { type: 'udp', srcPort: 68, dstPort: 67 },
    {
      type: 'dhcp',
      op: 1,
      xid: 7,
      clientHardware: Uint8Array.of(2, 0, 0, 0, 0, 1),
      options: [
        { code: 53, value: Uint8Array.of(1) },
        { code: 55, value: Uint8Array.of(1, 3, 6) },
      ],
    },
  ],
};

interface Seen {
  readonly protocols: readonly { readonly name: string }[];
  readonly bytes: string;
}

describe.skipIf(!hasOsKen)('os-ken', () => {
  const script = fileURLToPath(new URL('osken.py', import.meta.url));
  const frames = Object.values(CASES).map((layers) => Buffer.from(encodePacket(layers)).toString('hex'));
  const seen: readonly Seen[] = hasOsKen
    ? execFileSync(PYTHON, [script], { input: frames.join('\n'), encoding: 'utf8', timeout: 120_000 })
        .trimEnd()
        .split('\n')
        .map((line): Seen => JSON.parse(line) as Seen)
    : [];

  Object.entries(CASES).forEach(([names, layers], i) => {
    it(`sees ${names.trimEnd()} (${i}) as we do, and has the same bytes for it`, () => {
      const found = seen[i];
      expect(found?.protocols.map(({ name }) => name).join(' ')).toBe(names.trimEnd());
      const ours = frames[i] ?? '';
      // It pads all frames to 60 bytes.
      expect(found?.bytes.slice(0, ours.length)).toBe(ours);
      expect(found?.bytes.slice(ours.length)).toMatch(/^(00)*$/);
      expect(encodePacket(decodePacket(encodePacket(layers)).layers)).toEqual(encodePacket(layers));
    });
  });
});
