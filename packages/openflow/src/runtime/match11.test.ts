import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Match } from '../generated/match-types.ts';
import { decodeMatch11, encodeMatch11, endOfMatch11, MATCH11_BYTES } from './match11.ts';
import { EncodeError, ProtocolError } from './protocol-error.ts';
import { Writer } from './writer.ts';

const bytesOf = (match: Match): Uint8Array => {
  const writer = new Writer();
  encodeMatch11(writer, match);
  return writer.take();
};
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
const matchOf = (bytes: Uint8Array): Match => {
  expect(endOfMatch11(viewOf(bytes), 0, bytes.length)).toBe(bytes.length);
  return decodeMatch11(viewOf(bytes), 0);
};
const PADS = [39, 69, 70, 71];

/** All left out, so that a few random bytes make sense now and then. */
const EMPTY = bytesOf({});
const anyBytes = fc
  .tuple(
    fc.array(fc.tuple(fc.integer({ min: 4, max: MATCH11_BYTES - 1 }), fc.nat(255)), { maxLength: 12 }),
    fc.oneof(fc.nat(0x3ff), fc.constantFrom(0x3ff, 0)),
  )
  .map(([changes, wildcards]) => {
    const bytes = EMPTY.slice();
    viewOf(bytes).setUint32(8, wildcards);
    for (const [at, value] of changes) bytes[at] = value;
    return bytes;
  });

describe('the match of 1.1', () => {
  it('gives back whatever bytes it was decoded from', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const match = matchOf(bytes);
        const expected =
          'ofp_match' in match ? bytes : bytes.map((byte, index) => (PADS.includes(index) ? 0 : byte));
        expect(bytesOf(match)).toEqual(expected);
      }),
    );
  });

  it.each([
    {},
    { in_port: 0xfffffffe, metadata: 5n },
    { metadata: { value: 0x500n, mask: 0xff00n } },
    { eth_dst: { value: '01:00:00:00:00:00', mask: '01:00:00:00:00:00' }, eth_src: '02:00:00:00:00:01' },
    { vlan_vid: 0 },
    { vlan_vid: { value: 0x1000, mask: 0x1000 } },
    { vlan_vid: 0x1064, vlan_pcp: 7 },
    {
      eth_type: 0x0800,
      ip_dscp: 46,
      ip_proto: 132,
      ipv4_src: { value: '10.0.1.0', mask: '255.0.255.0' },
      sctp_dst: 9,
    },
    { eth_type: 0x0806, arp_op: 1, arp_spa: '10.0.0.1', arp_tpa: { value: '10.0.0.0', mask: '255.0.0.0' } },
    { eth_type: 0x8847, mpls_label: 16, mpls_tc: 3 },
    { ofp_match_type: 1, in_port: 3, reg0: 7 },
  ] as readonly Match[])('gives back the keys of %o', (match) => {
    expect(matchOf(bytesOf(match))).toEqual(match);
  });

  it('is 88 bytes long, and as long as it says when it is OXM', () => {
    expect(EMPTY).toHaveLength(MATCH11_BYTES);
    expect(bytesOf({ ofp_match_type: 1, in_port: 3 })).toHaveLength(16);
    const short = EMPTY.slice();
    short[3] = 80;
    expect(() => endOfMatch11(viewOf(short), 0, short.length)).toThrow(ProtocolError);
    expect(() => endOfMatch11(viewOf(EMPTY), 0, 80)).toThrow(ProtocolError);
  });

  it.each([
    ['ipv6_src', { ipv6_src: '::1' }],
    ['udp_dst', { ip_proto: 6, udp_dst: 80 }],
    ['vlan_vid', { vlan_vid: { value: 0x1000, mask: 0x1001 } }],
    ['vlan_vid', { vlan_vid: 5 }],
    ['mpls_bos', { eth_type: 0x8847, mpls_bos: 1 }],
    ['tun_id', { tun_id: 1n } as Match],
    ['ofp_wildcards', { in_port: 1, ofp_wildcards: 0x3ff }],
  ] as readonly (readonly [string, Match])[])(
    'refuses %s, which it cannot say, by its name',
    (key, match) => {
      expect(() => bytesOf(match)).toThrow(EncodeError);
      expect(() => bytesOf(match)).toThrow(new RegExp(`match\\.${key}`));
    },
  );
});
