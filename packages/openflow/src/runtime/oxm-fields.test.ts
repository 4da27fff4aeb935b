import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OXM_FIELDS, type OxmFieldInfo } from '../generated/match-fields.ts';
import type { Match, OxmName } from '../generated/match-types.ts';
import { decodeNxFields, encodeNxFields } from './custom/nx-fields.ts';
import { oxmExperimenterOf, oxmHeaderOf, oxmNameOf } from './oxm-headers.ts';
import { EncodeError, ProtocolError } from './protocol-error.ts';
import { Writer } from './writer.ts';

const bytesOf = (match: Match): Uint8Array => {
  const writer = new Writer();
  encodeNxFields(writer, match);
  return writer.take();
};
const matchOf = (bytes: Uint8Array): Match =>
  decodeNxFields(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length);
const hexOf = (match: Match): string => Buffer.from(bytesOf(match)).toString('hex');

const octets = (count: number) => fc.array(fc.nat(255), { minLength: count, maxLength: count });
function anyValue({ kind, bits }: OxmFieldInfo, size: number): fc.Arbitrary<unknown> {
  switch (kind) {
    case 'number':
      return fc.nat(2 ** bits - 1);
    case 'u64':
    case 'u128':
      return fc.bigInt(0n, (1n << BigInt(bits)) - 1n);
    case 'mac':
      return octets(6).map((parts) => parts.map((part) => part.toString(16).padStart(2, '0')).join(':'));
    case 'ipv4':
      return octets(4).map((parts) => parts.join('.'));
    case 'ipv6':
      return fc.constantFrom('::', '2001:db8::1', 'ffff:ffff::');
    case 'bytes':
      return fc.uint8Array({ minLength: size, maxLength: size });
  }
}
const names = Object.keys(OXM_FIELDS) as OxmName[];
const field = fc.tuple(fc.constantFrom(...names), fc.integer({ min: 0, max: 62 })).chain(([name, size]) => {
  const info = OXM_FIELDS[name];
  const plain = anyValue(info, size);
  const masked = fc.record({ value: plain, mask: anyValue(info, size) });
  return fc.tuple(fc.constant(name), info.maskable ? fc.oneof(plain, masked) : plain);
});
const anyMatch = fc
  .uniqueArray(field, { selector: ([name]) => name, maxLength: 20 })
  .map((fields) => Object.fromEntries(fields) as Match);

describe('OXM fields', () => {
  it('come back as they were, of every class, with and without mask', () => {
    fc.assert(
      fc.property(anyMatch, (match) => {
        expect(matchOf(bytesOf(match))).toEqual(match);
        expect(Object.keys(matchOf(bytesOf(match)))).toEqual(Object.keys(match));
      }),
      { numRuns: 300 },
    );
  });

  it('each have a header of their own', () => {
    const headers = names.map((name) => `${oxmHeaderOf(name)} ${oxmExperimenterOf(name)}`);
    expect(new Set(headers).size).toBe(names.length);
    for (const name of names) expect(oxmNameOf(oxmHeaderOf(name) ?? 0, oxmExperimenterOf(name))).toBe(name);
  });

  it.each([
    ['00010004 00000005', { reg0: 5 }],
    ['00010108 00000005 ffffffff', { reg0: { value: 5, mask: 0xffffffff } }],
    ['8001000800000000000000ff', { xreg0: 255n }],
    ['0001d204 00000021', { ct_state: 0x21 }],
    ['ffff5406 4f4e4600 0012', { onf_tcp_flags: 0x12 }],
    ['ffff0205005ad65001', { nsh_flags: 1 }],
    ['0001500401020304', { tun_metadata0: new Uint8Array([1, 2, 3, 4]) }],
    ['80005402 0010', { tcp_flags: 0x10 }],
  ] as readonly (readonly [string, Match])[])('writes %s', (text, match) => {
    expect(hexOf(match)).toBe(text.replaceAll(' ', ''));
  });

  it.each([
    ['one twice', '8000000400000001 8000000400000001'],
    ['one twice, once under a mask', '80000408 0000000000000001 80000510 0000000000000001 00000000000000ff'],
    ['one of Nicira twice', '0001000400000001 0001000400000001'],
    ['one that ends behind the match', '80000004 0000'],
    ['a value of more bits than the field has', '80001001 40'],
    ['a value of Nicira of more bits than the field has', '00013401 04'],
  ])('refuses %s', (_, text) => {
    const bytes = new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
    expect(() => matchOf(bytes)).toThrow(ProtocolError);
  });

  it('keeps fields that no table names under their headers', () => {
    const unknown: Match = {
      '0x00020004': new Uint8Array(4),
      '0xffff0006:12345678': new Uint8Array([0x12, 0x34, 0x56, 0x78, 1, 2]),
      '0x80000003': new Uint8Array(3),
    };
    expect(matchOf(bytesOf(unknown))).toEqual(unknown);
  });

  it.each([
    [{ ct_zone: { value: 1, mask: 1 } }, /ct_zone/],
    [{ reg0: 2 ** 32 }, /reg0/],
    [{ ct_label: 1n << 128n }, /ct_label/],
    [{ tun_metadata0: new Uint8Array(125) }, /tun_metadata0/],
    [{ tun_metadata0: { value: new Uint8Array(2), mask: new Uint8Array(3) } }, /tun_metadata0/],
    [{ ofp_match: new Uint8Array(40) }, /ofp_match/],
    [{ nothing: 1 }, /nothing/],
  ])('refuses to write %o', (match, name) => {
    expect(() => bytesOf(match as unknown as Match)).toThrow(EncodeError);
    expect(() => bytesOf(match as unknown as Match)).toThrow(name);
  });
});
