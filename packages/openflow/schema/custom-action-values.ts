/** Random values of the hand-written codecs that actions of Nicira have. */
import fc from 'fast-check';
import type { CustomValues } from './arbitrary.ts';

const u8 = fc.nat(0xff);
const u16 = fc.nat(0xffff);
const ipv4 = fc.constantFrom('0.0.0.0', '10.0.0.1', '255.255.255.255');
const ipv6 = fc.constantFrom('::', '2001:db8::1', 'ffff:ffff::');
const field = fc.constantFrom('reg0', 'nxm_eth_src', 'vlan_tci', 'ct_mark', '0x00012345');

const place = fc.record({ field, offset: u16 });
const bits = fc.integer({ min: 1, max: 0x7ff });
const constant = bits.chain((count) =>
  fc.record({
    bits: fc.constant(count),
    src: fc.record({ value: fc.bigInt(0n, (1n << BigInt(count)) - 1n) }),
  }),
);
const copied = fc.record({ bits, src: place });
const spec = fc.oneof(
  fc
    .tuple(fc.constantFrom('match', 'load'), fc.oneof(constant, copied), place)
    .map(([type, source, dst]) => ({ type, ...source, dst })),
  copied.map((source) => ({ type: 'output', ...source })),
);

const ports = fc.oneof(
  fc.constant({}),
  fc.record({ protoMin: u16, protoMax: u16 }, { requiredKeys: ['protoMin'] }),
);
const addresses = fc.oneof(
  fc.record({ ipv4Min: ipv4, ipv4Max: ipv4 }, { requiredKeys: ['ipv4Min'] }),
  fc.record({ ipv6Min: ipv6, ipv6Max: ipv6 }, { requiredKeys: ['ipv6Min'] }),
);

/** A learn_result is left out: whether there is one stands in flags as well. */
export const customActionValues: CustomValues = {
  ct_zone: fc.oneof(
    u16,
    fc.record({
      field: fc.constantFrom('reg0', 'xreg3', '0x00012345'),
      range: fc.record({ offset: fc.nat(1023), bits: fc.constant(16) }),
    }),
  ),
  nat_range: fc.oneof(
    fc.constant({}),
    fc.tuple(addresses, ports).map(([address, port]) => ({ ...address, ...port })),
  ),
  deleted_field: fc.constantFrom('tun_metadata0', 'tun_metadata63', 'nsh_ttl', '0xffff0102:00c0ffee'),
  learn_specs: fc.array(spec, { maxLength: 4 }),
  ed_properties: fc.array(
    fc.oneof(
      fc.record({ type: fc.constant('nsh_md_type'), mdType: u8 }),
      fc.record({
        type: fc.constant('nsh_tlv'),
        tlvClass: u16,
        tlvType: u8,
        data: fc.uint8Array({ maxLength: 124 }),
      }),
      fc.record({
        type: fc.constant('unknown'),
        propClass: fc.integer({ min: 5, max: 0xffff }),
        propType: u8,
        data: fc.uint8Array({ maxLength: 40 }),
      }),
    ),
    { maxLength: 3 },
  ),
};
