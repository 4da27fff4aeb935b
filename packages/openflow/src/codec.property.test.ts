/** A law: every message that can be built comes back from its bytes as it was. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type Action,
  action,
  bucket,
  decodeMessage,
  EncodeError,
  encodeMessage,
  flowMod,
  groupMod,
  type Instruction,
  instruction,
  type Match,
  OXM_FIELDS,
  type OxmFieldInfo,
  type OxmName,
} from './index.ts';

const u8 = fc.nat(0xff);
const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffffffff);
const u64 = fc.bigInt(0n, 0xffffffffffffffffn);
const macText = fc
  .array(u8, { minLength: 6, maxLength: 6 })
  .map((bytes) => bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':'));
const ipv4Text = fc.array(u8, { minLength: 4, maxLength: 4 }).map((bytes) => bytes.join('.'));

function anyValue({ kind, bits }: OxmFieldInfo): fc.Arbitrary<number | bigint | string | Uint8Array> {
  switch (kind) {
    case 'mac':
      return macText;
    case 'ipv4':
      return ipv4Text;
    case 'ipv6':
      return fc.constantFrom('::', '::1', 'fe80::1', '2001:db8:0:1:1:1:1:1', '1:0:0:2::3', 'ffff:ffff::');
    case 'u64':
      return u64;
    case 'u128':
      return fc.bigInt(0n, (1n << 128n) - 1n);
    case 'bytes':
      return fc.uint8Array({ minLength: 8, maxLength: 8 });
    case 'number':
      return fc.nat(2 ** bits - 1);
  }
}

const names = Object.keys(OXM_FIELDS) as OxmName[];
const condition = (name: OxmName): fc.Arbitrary<readonly [string, unknown]> => {
  const info = OXM_FIELDS[name];
  const plain = anyValue(info).map((value) => [name, value] as const);
  const masked = fc
    .record({ value: anyValue(info), mask: anyValue(info) })
    .map((given) => [name, given] as const);
  return info.maskable ? fc.oneof(plain, masked) : plain;
};
const unknownField = fc
  .tuple(fc.nat(0x7f), fc.uint8Array({ minLength: 1, maxLength: 20 }))
  .map(
    ([field, bytes]) =>
      [`0x${(0x00020000 + field * 512 + bytes.length).toString(16).padStart(8, '0')}`, bytes] as const,
  );

const matches: fc.Arbitrary<Match> = fc
  .tuple(fc.shuffledSubarray(names), fc.array(unknownField, { maxLength: 2 }))
  .chain(([chosen, unknown]) =>
    fc.tuple(...chosen.map(condition)).map((known) => Object.fromEntries([...known, ...unknown]) as Match),
  );

const actions: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ port: u32, maxLen: u16 }).map((fields) => action.output(fields)),
  u32.map(action.setQueue),
  u32.map(action.group),
  u8.map(action.setNwTtl),
  fc.constant(action.popVlan()),
  fc.constant(action.decNwTtl()),
  u16.map((ethertype) => action.pushVlan(ethertype)),
  fc
    .constantFrom(...names)
    .chain((name) =>
      anyValue(OXM_FIELDS[name]).map((value) => ({ type: 'set_field', field: name, value }) as Action),
    ),
  fc
    .record({
      experimenter: u32,
      data: fc.constantFrom(0, 8, 16).map((size) => new Uint8Array(size).fill(7)),
    })
    .map((fields) => action.experimenter(fields)),
);
const actionLists = fc.array(actions, { maxLength: 6 });

const instructions: fc.Arbitrary<Instruction> = fc.oneof(
  u8.map(instruction.gotoTable),
  u32.map(instruction.meter),
  fc.record({ metadata: u64, mask: u64 }).map((fields) => instruction.writeMetadata(fields)),
  actionLists.map(instruction.applyActions),
  actionLists.map(instruction.writeActions),
  fc.constant(instruction.clearActions()),
);

it('a flow mod comes back from its bytes as it was', () => {
  fc.assert(
    fc.property(
      matches,
      fc.array(instructions, { maxLength: 4 }),
      u64,
      u16,
      (match, list, cookie, priority) => {
        const message = flowMod({ command: 0, match, instructions: list, cookie, priority });
        const bytes = encodeMessage(message, 7);
        expect(decodeMessage(bytes)).toEqual({ version: 4, xid: 7, message });
        expect(bytes.length % 8).toBe(0);
      },
    ),
    { numRuns: 300 },
  );
});

it('a group mod comes back from its bytes as it was', () => {
  const buckets = fc.array(
    fc.record({ weight: u16, watchPort: u32, watchGroup: u32, actions: actionLists }).map(bucket),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(buckets, u32, (list, groupId) => {
      const message = groupMod({ command: 0, groupId, buckets: list });
      expect(decodeMessage(encodeMessage(message, 1)).message).toEqual(message);
    }),
    { numRuns: 200 },
  );
});

it('a value that does not fit its field is refused, never cut', () => {
  const refused = [
    flowMod({ command: 0, priority: 65_536 }),
    flowMod({ command: 0, priority: -1 }),
    flowMod({ command: 0, priority: 1.5 }),
    flowMod({ command: 0, cookie: 1n << 64n }),
    flowMod({ command: 0, match: { ip_dscp: 64 } }),
    flowMod({ command: 0, match: { vlan_vid: 0x2000 } }),
    flowMod({ command: 0, match: { eth_src: '02:00:00:00:00' } }),
    flowMod({ command: 0, match: { ipv4_src: '10.0.0.256' } }),
    flowMod({ command: 0, match: { ipv6_src: '1::2::3' } }),
    flowMod({ command: 0, match: { '0x00010004': new Uint8Array(3) } }),
    flowMod({ command: 0, instructions: [instruction.applyActions(Array(9000).fill(action.popVlan()))] }),
  ];
  for (const message of refused) expect(() => encodeMessage(message, 1)).toThrow(EncodeError);
});

it('an encoder that refused leaves nothing behind', () => {
  const whole = encodeMessage(flowMod({ command: 0 }), 1);
  expect(() => encodeMessage(flowMod({ command: 0, match: { ip_dscp: 64 } }), 1)).toThrow(EncodeError);
  expect(encodeMessage(flowMod({ command: 0 }), 1)).toEqual(whole);
});
