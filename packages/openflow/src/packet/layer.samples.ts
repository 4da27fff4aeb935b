/** Generators of packets for property tests: every layer, every optional part, any nesting that can be on a wire. */
import fc, { type Arbitrary } from 'fast-check';
import { discovery, icmp, icmpv6Other, igmp } from './control.samples.ts';
import {
  absent,
  bytes,
  inTurn,
  ipv4Address,
  ipv6Address,
  type Layers,
  mac,
  one,
  payload,
  record,
  u,
  units,
} from './value.samples.ts';

const tcp = one(
  fc
    .record({
      seq: u(32),
      ack: u(32),
      srcPort: u(16),
      dstPort: u(16),
      flags: u(12),
      window: u(16),
      urgentPointer: u(16),
      options: units(0, 4, 10),
    })
    .map(({ options, ...rest }) => ({
      type: 'tcp' as const,
      ...rest,
      ...(options.length === 0 ? {} : { options }),
    })),
);
const port = u(16).filter((number) => ![67, 68, 4789].includes(number));
const udpHeader = one(
  fc.tuple(port, port, bytes(0, 3)).map(([srcPort, dstPort, padding]) => ({
    type: 'udp' as const,
    srcPort,
    dstPort,
    ...(padding.length === 0 ? {} : { padding }),
  })),
);
const sctp = one(
  fc.tuple(port, port, u(32)).map(([srcPort, dstPort, verificationTag]) => ({
    type: 'sctp' as const,
    srcPort,
    dstPort,
    verificationTag,
  })),
);
const dhcp: Arbitrary<Layers> = fc
  .record(
    {
      hops: u(8),
      secs: u(16),
      flags: u(16),
      yourIp: ipv4Address,
      serverName: bytes(64),
      bootFile: bytes(128),
    },
    absent,
  )
  .chain((rest) =>
    fc
      .tuple(
        fc.constantFrom(1, 2),
        u(32),
        bytes(16),
        fc.array(
          fc.oneof(
            fc
              .tuple(fc.integer({ min: 1, max: 254 }), bytes(0, 12))
              .map(([code, value]) => ({ code, value })),
            fc.constant({ code: 0, value: new Uint8Array(0) }),
          ),
          { maxLength: 6 },
        ),
      )
      .map(([op, xid, clientHardware, list]) => [
        { type: 'udp' as const, srcPort: op === 1 ? 68 : 67, dstPort: op === 1 ? 67 : 68 },
        { type: 'dhcp' as const, op, xid, clientHardware, options: list, ...rest },
      ]),
  );

const ipv4Header = one(
  fc
    .record({
      src: ipv4Address,
      dst: ipv4Address,
      dscp: u(6),
      ecn: u(2),
      identification: u(16),
      flags: fc.constantFrom(0, 2),
      ttl: u(8),
      options: units(0, 4, 10),
    })
    .map(({ options: list, ...rest }) => ({
      type: 'ipv4' as const,
      ...rest,
      ...(list.length === 0 ? {} : { options: list }),
    })),
);
const ipv6Header = one(
  record({
    type: fc.constant('ipv6' as const),
    src: ipv6Address,
    dst: ipv6Address,
    dscp: u(6),
    ecn: u(2),
    flowLabel: u(20),
    hopLimit: u(8),
  }),
);
const extension: Arbitrary<Layers> = fc.oneof(
  fc
    .tuple(fc.constantFrom('hop_by_hop' as const, 'destination_options' as const), units(6, 8, 3))
    .map(([type, list]) => [{ type, options: list }]),
  fc
    .tuple(fc.constantFrom(0, 2, 4, 99), u(8), units(4, 8, 5))
    .map(([routingType, segmentsLeft, data]) => [
      { type: 'routing' as const, routingType, segmentsLeft, data },
    ]),
  fc
    .tuple(u(32), u(32), units(0, 4, 5))
    .map(([spi, sequence, checkValue]) => [{ type: 'authentication' as const, spi, sequence, checkValue }]),
  u(32).map((identification) => [{ type: 'fragment' as const, identification }]),
);
const extensions = fc.array(extension, { maxLength: 4 }).map((lists) => lists.flat());

const transport: Arbitrary<Layers> = fc.oneof(
  inTurn(tcp, payload),
  inTurn(udpHeader, payload),
  inTurn(sctp, payload),
);

const bareIpv4 = ipv4Header.map((layers) => layers.filter((layer) => layer.type === 'ipv4'));
/** A first fragment states the checksum and length of a datagram that is not all here; a later one is bytes. */
const fragments: Arbitrary<Layers> = fc.oneof(
  fc
    .tuple(
      bareIpv4,
      fc.integer({ min: 1, max: 0x1fff }),
      fc.constantFrom(0, 1),
      fc.constantFrom(1, 6, 17, 132),
      bytes(1, 40),
    )
    .map(([ips, offset, flags, protocol, data]) => [
      ...ips.map((ip) => ({ ...ip, fragmentOffset: offset * 8, flags, protocol })),
      { type: 'payload' as const, data },
    ]),
  fc
    .tuple(bareIpv4, u(16), port, port, bytes(1, 40))
    .map(([ips, sum, srcPort, dstPort, data]) => [
      ...ips.map((ip) => ({ ...ip, flags: 1 })),
      { type: 'udp' as const, srcPort, dstPort, length: 2000, checksum: sum },
      { type: 'payload' as const, data },
    ]),
  fc
    .tuple(ipv6Header, extensions, fc.integer({ min: 1, max: 0x1fff }), fc.boolean(), u(32), bytes(1, 40))
    .map(([ips, list, offset, moreFragments, identification, data]) => [
      ...ips,
      ...list.filter(({ type }) => type !== 'fragment'),
      {
        type: 'fragment' as const,
        fragmentOffset: offset * 8,
        moreFragments,
        identification,
        nextHeader: 17,
      },
      { type: 'payload' as const, data },
    ]),
);

/** What stands over Ethernet, a label stack or GRE. */
function network(depth: number): Arbitrary<Layers> {
  const plain: readonly Arbitrary<Layers>[] = [
    inTurn(ipv4Header, fc.oneof(transport, inTurn(icmp, payload), igmp, dhcp)),
    inTurn(ipv6Header, extensions, fc.oneof(transport, discovery, inTurn(icmpv6Other, payload))),
    fragments,
  ];
  if (depth === 0) return fc.oneof(...plain);
  const gre = fc
    .record({ key: u(32), sequence: u(32), checksum: fc.constant('compute' as const) }, absent)
    .map((rest) => [{ type: 'gre' as const, ...rest }]);
  const vxlan = u(24).map((vni) => [
    { type: 'udp' as const, srcPort: 50_000, dstPort: 4789 },
    { type: 'vxlan' as const, vni },
  ]);
  return fc.oneof(
    ...plain,
    inTurn(ipv4Header, gre, network(depth - 1)),
    inTurn(ipv6Header, gre, frame(depth - 1)),
    inTurn(ipv4Header, vxlan, frame(depth - 1)),
    inTurn(ipv4Header, network(0)),
  );
}

const label = record({ label: u(20), trafficClass: u(3), ttl: u(8) });
const vlan = record({
  type: fc.constant('vlan' as const),
  tpid: fc.constantFrom(0x8100, 0x88a8),
  vid: u(12),
  pcp: u(3),
  dei: fc.boolean(),
});

const lldp: Arbitrary<Layers> = fc
  .tuple(
    u(8),
    bytes(1, 20),
    u(16),
    fc.array(
      fc.oneof(
        fc
          .tuple(fc.constantFrom('port_description' as const, 'system_name' as const), bytes(0, 20))
          .map(([kind, value]) => ({ kind, value })),
        fc
          .tuple(u(16), u(16))
          .map(([system, enabled]) => ({ kind: 'capabilities' as const, system, enabled })),
        record({
          kind: fc.constant('management_address' as const),
          addressSubtype: u(8),
          address: bytes(1, 16),
          interfaceSubtype: u(8),
          interfaceNumber: u(32),
          oid: bytes(0, 5),
        }),
        record({
          kind: fc.constant('organisation' as const),
          oui: u(24),
          subtype: u(8),
          value: bytes(0, 20),
        }),
        fc.tuple(fc.integer({ min: 9, max: 126 }), bytes(0, 20)).map(([number, value]) => ({
          kind: 'other' as const,
          number,
          value,
        })),
      ),
      { maxLength: 5 },
    ),
  )
  .map(([subtype, value, ttlSec, tlvs]) => [
    { type: 'lldp' as const, chassisId: { subtype, value }, portId: { subtype, value }, ttlSec, tlvs },
  ]);

const arp: Arbitrary<Layers> = record({
  type: fc.constantFrom('arp' as const, 'rarp' as const),
  operation: u(16),
  senderMac: mac,
  senderIp: ipv4Address,
  targetMac: mac,
  targetIp: ipv4Address,
}).map((layer) => [layer]);

const llc: Arbitrary<Layers> = fc
  .tuple(
    fc.constantFrom(0x42, 0xe0),
    u(8),
    fc.constantFrom(3, 0xaf, 0x1200, 0xff01),
    bytes(1, 60),
    bytes(0, 10),
  )
  .map(([dsap, ssap, control, data, padding]) => [
    { type: 'llc' as const, dsap, ssap, control, ...(padding.length === 0 ? {} : { padding }) },
    { type: 'payload' as const, data },
  ]);
const snap = (inner: Arbitrary<Layers>): Arbitrary<Layers> =>
  inner.map((layers) => [
    { type: 'llc' as const, dsap: 0xaa, ssap: 0xaa, control: 3, snap: { oui: 0, protocol: 0x0800 } },
    ...layers,
  ]);

/** Frames from Ethernet on, with up to `depth` tunnels. */
export function frame(depth: number): Arbitrary<Layers> {
  const ethernet = fc.tuple(mac, mac).map(([dst, src]) => [{ type: 'ethernet' as const, dst, src }]);
  const tags = fc.array(vlan, { maxLength: 3 });
  const mpls = fc
    .array(label, { minLength: 1, maxLength: 4 })
    .map((labels) => [{ type: 'mpls' as const, labels }]);
  return inTurn(
    ethernet,
    tags,
    fc.oneof(
      { weight: 6, arbitrary: network(depth) },
      { weight: 1, arbitrary: inTurn(mpls, network(0)) },
      { weight: 1, arbitrary: arp },
      { weight: 1, arbitrary: lldp },
      { weight: 1, arbitrary: llc },
      { weight: 1, arbitrary: snap(network(0)) },
    ),
  );
}
