import { describe, expect, it } from 'vitest';
import { EncodeError, ProtocolError } from '../protocol-error.ts';
import { Writer } from '../writer.ts';
import { decodeHashFields, encodeHashFields, type HashFields } from './hash-fields.ts';

const bytesFrom = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const encoded = (fields: HashFields): string => {
  const writer = new Writer();
  encodeHashFields(writer, fields);
  return Buffer.from(writer.take()).toString('hex');
};
const decoded = (hex: string): HashFields => {
  const bytes = bytesFrom(hex);
  return decodeHashFields(new DataView(bytes.buffer), 0, bytes.length);
};

describe('the fields of a hash', () => {
  it.each([
    ['two', '80001604ffffff0080001c02ff00', { ipv4_src: 'ffffff00', tcp_dst: 'ff00' }],
    ['a mask that no VLAN id could be', '80000c02ffff', { vlan_vid: 'ffff' }],
    ['one of an experimenter', 'ffff54064f4e4600ffff', { onf_tcp_flags: 'ffff' }],
    ['one that nobody knows', '7ffe0203010203', { '0x7ffe0203': '010203' }],
    [
      'one of an experimenter that nobody knows',
      'ffff540600abcdef0102',
      { '0xffff5406:00abcdef': '00abcdef0102' },
    ],
  ])('%s come back', (_, hex, masks) => {
    const fields = Object.fromEntries(
      Object.entries(masks).map(([name, mask]) => [name, bytesFrom(mask)]),
    ) as HashFields;
    expect(decoded(hex)).toEqual(fields);
    expect(encoded(fields)).toBe(hex);
  });

  it.each([
    ['a field twice', '80000a02ffff80000a02ffff', 10],
    ['a field with a mask', '80001708ffffffffffffffff', 8],
    ['a field that is cut off', '80000a02ff', 1],
    ['half a header', '8000', 1],
  ])('%s is refused', (_, hex, ofCode) => {
    expect(() => decoded(hex)).toThrow(ProtocolError);
    try {
      decoded(hex);
    } catch (error) {
      expect(error instanceof ProtocolError && error.detail).toMatchObject({ ofType: 4, ofCode });
    }
  });

  it('a mask of the wrong size is refused', () => {
    expect(() => encoded({ eth_type: bytesFrom('ff') })).toThrow(EncodeError);
  });
});
