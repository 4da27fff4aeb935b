import { describe, expect, it } from 'vitest';
import { EncodeError, ProtocolError } from '../protocol-error.ts';
import { Writer } from '../writer.ts';
import { decodeEdProperties, type EdProperty, encodeEdProperties } from './ed-properties.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const decode = (hex: string): readonly EdProperty[] => {
  const data = bytes(hex);
  return decodeEdProperties(new DataView(data.buffer), 0, data.length);
};
const encode = (properties: readonly EdProperty[]): Uint8Array => {
  const writer = new Writer();
  encodeEdProperties(writer, properties);
  return writer.take();
};

describe('properties of nx_encap', () => {
  it.each<[string, string, readonly EdProperty[]]>([
    ['nothing', '', []],
    ['the type of metadata', '0004 01 05 02 000000', [{ type: 'nsh_md_type', mdType: 2 }]],
    [
      'an option',
      '0004 02 10 1000 0a 04 12345678 00000000',
      [{ type: 'nsh_tlv', tlvClass: 0x1000, tlvType: 10, data: bytes('12345678') }],
    ],
    [
      'two of them',
      '0004 02 08 1000 0a 00  0004 01 05 01 000000',
      [
        { type: 'nsh_tlv', tlvClass: 0x1000, tlvType: 10, data: bytes('') },
        { type: 'nsh_md_type', mdType: 1 },
      ],
    ],
    [
      'one that nobody knows',
      '0001 01 06 8847 0000',
      [{ type: 'unknown', propClass: 1, propType: 1, data: bytes('8847') }],
    ],
    [
      'a known one of another length',
      '0004 01 08 01 020304',
      [{ type: 'unknown', propClass: 4, propType: 1, data: bytes('01020304') }],
    ],
  ])('%s survives both ways', (_name, hex, properties) => {
    expect(decode(hex)).toEqual(properties);
    expect(encode(properties)).toEqual(bytes(hex));
  });

  it.each([
    ['a length of 0', '0004 01 00 00000000'],
    ['padding cut off', '0004 01 05 01'],
    ['an option longer than its property', '0004 02 08 1000 0a 04'],
    ['an option without a header', '0004 02 04 00000000'],
    ['a header cut off', '0004 01'],
  ])('%s is refused', (_name, hex) => {
    expect(() => decode(hex)).toThrow(ProtocolError);
  });

  it('an option that its length cannot say is refused', () => {
    const option = { type: 'nsh_tlv', tlvClass: 0, tlvType: 0, data: new Uint8Array(250) } as const;
    expect(() => encode([option])).toThrow(EncodeError);
  });
});
