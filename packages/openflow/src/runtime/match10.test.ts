import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Match } from '../generated/match-types.ts';
import { decodeMatch10, encodeMatch10, MATCH10_BYTES } from './match10.ts';
import { EncodeError } from './protocol-error.ts';
import { Writer } from './writer.ts';

const bytesOf = (match: Match): Uint8Array => {
  const writer = new Writer();
  encodeMatch10(writer, match);
  return writer.take();
};
const matchOf = (bytes: Uint8Array): Match => decodeMatch10(new DataView(bytes.buffer, bytes.byteOffset), 0);
const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
const PADS = [21, 26, 27];
const withoutPads = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte, index) => (PADS.includes(index) ? 0 : byte));

const anyBytes = fc
  .tuple(
    fc.uint8Array({ minLength: MATCH10_BYTES, maxLength: MATCH10_BYTES }),
    fc.oneof(fc.nat(0x3fffff), fc.constantFrom(0x3820ff, 0x3fffff, 0, 0x38204f)),
  )
  .map(([bytes, wildcards]) => {
    new DataView(bytes.buffer).setUint32(0, wildcards);
    return bytes;
  });
const octets = (count: number) => fc.array(fc.nat(255), { minLength: count, maxLength: count });
const ipv4 = octets(4).map((parts) => parts.join('.'));
const mac = octets(6).map((parts) => parts.map((part) => part.toString(16).padStart(2, '0')).join(':'));
const prefixed = fc
  .tuple(ipv4, fc.constantFrom('255.0.0.0', '255.255.128.0', '255.255.255.254', '128.0.0.0'))
  .map(([value, mask]) => ({ value, mask }));
const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
const ends = fc.oneof(
  fc.record({ ip_proto: fc.constant(6), tcp_src: fc.nat(0xffff), tcp_dst: fc.nat(0xffff) }),
  fc.record({ ip_proto: fc.constant(17), udp_dst: fc.nat(0xffff) }),
  fc.record({ ip_proto: fc.constant(1), icmpv4_type: fc.nat(255), icmpv4_code: fc.nat(255) }),
  fc.record({ ip_proto: fc.constant(47) }),
);
const anyMatch: fc.Arbitrary<Match> = fc
  .tuple(
    fc.record(
      {
        in_port: fc.nat(0xffff),
        eth_src: mac,
        eth_dst: mac,
        vlan_vid: fc.oneof(
          fc.constant(0),
          fc.nat(0xfff).map((vid) => 0x1000 | vid),
        ),
        vlan_pcp: fc.nat(7),
      },
      { requiredKeys: [] },
    ),
    optional(
      fc.tuple(
        fc.record(
          {
            eth_type: fc.constant(0x0800),
            ip_dscp: fc.nat(63),
            ipv4_src: fc.oneof(ipv4, prefixed),
            ipv4_dst: fc.oneof(ipv4, prefixed),
          },
          { requiredKeys: ['eth_type'] },
        ),
        optional(ends),
      ),
    ),
  )
  .map(([lower, upper]): Match => ({ ...lower, ...upper?.[0], ...upper?.[1] }));

describe('the match of 1.0', () => {
  it('gives back whatever bytes it was decoded from', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(bytesOf(matchOf(bytes))).toEqual('ofp_match' in matchOf(bytes) ? bytes : withoutPads(bytes));
      }),
    );
  });

  it('gives back whatever keys it was encoded from', () => {
    fc.assert(
      fc.property(anyMatch, (match) => {
        expect(matchOf(bytesOf(match))).toEqual(match);
      }),
    );
  });

  it('reads what Open vSwitch writes', () => {
    const tcp = hex(`003820cf ${'00'.repeat(18)} 0800 00 06 ${'00'.repeat(14)}`);
    expect(matchOf(tcp)).toEqual({ eth_type: 0x0800, ip_proto: 6 });
  });

  it('keeps a word of wildcards that says the same in other bits', () => {
    const all = hex(`003fffff ${'00'.repeat(36)}`);
    expect(matchOf(all)).toEqual({ ofp_wildcards: 0x3fffff });
    expect(bytesOf(matchOf(all))).toEqual(all);
    expect(() => bytesOf({ in_port: 1, ofp_wildcards: 0x3fffff })).toThrow(/ofp_wildcards/);
  });

  it('keeps all bytes when a field that is left out has a value', () => {
    const odd = hex(`003820ff 0007 ${'00'.repeat(34)}`);
    expect(matchOf(odd)).toEqual({ ofp_match: odd });
    expect(bytesOf(matchOf(odd))).toEqual(odd);
  });

  it('calls protocol and addresses of ARP by the keys of ARP', () => {
    const arp: Match = { eth_type: 0x0806, arp_op: 2, arp_spa: '10.0.0.1', arp_tpa: '10.0.0.2' };
    expect(matchOf(bytesOf(arp))).toEqual(arp);
  });

  it.each([
    ['ipv6_src', { ipv6_src: '::1' }],
    ['tcp_src', { tcp_src: 80 }],
    ['in_port', { in_port: 0xfffffffe }],
    ['eth_dst', { eth_dst: { value: '01:00:00:00:00:00', mask: '01:00:00:00:00:00' } }],
    ['ipv4_src', { ipv4_src: { value: '10.0.0.0', mask: '255.0.255.0' } }],
    ['ip_proto', { eth_type: 0x0806, ip_proto: 1 }],
    ['vlan_vid', { vlan_vid: { value: 0x1000, mask: 0x1000 } }],
    ['reg0', { reg0: 1 }],
    ['ofp_match', { ofp_match: new Uint8Array(3) }],
    ['in_port', { in_port: 1, ofp_match: new Uint8Array(40) }],
  ] as readonly (readonly [string, Match])[])(
    'refuses %s, which it cannot say, by its name',
    (key, match) => {
      expect(() => bytesOf(match)).toThrow(EncodeError);
      expect(() => bytesOf(match)).toThrow(new RegExp(`match\\.${key}`));
    },
  );
});
