import { describe, expect, it } from 'vitest';
import { EncodeError, ProtocolError } from '../protocol-error.ts';
import { Writer } from '../writer.ts';
import { decodePacketTypes, encodePacketTypes, type PacketType } from './packet-types.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const decode = (hex: string): readonly PacketType[] => {
  const data = bytes(hex);
  return decodePacketTypes(new DataView(data.buffer), 0, data.length);
};
const encode = (types: readonly PacketType[]): Uint8Array => {
  const writer = new Writer();
  encodePacketTypes(writer, types);
  return writer.take();
};

describe('packet types of a table', () => {
  it.each<readonly [string, string, readonly PacketType[]]>([
    ['none', '', []],
    [
      'Ethernet and IPv4',
      '80005804 0000 0000  80005804 0001 0800',
      [
        { namespace: 0, nsType: 0 },
        { namespace: 1, nsType: 0x0800 },
      ],
    ],
    ['another field', '80000a02 0800', [{ unknown: bytes('80000a02 0800') }]],
  ])('%s survive both ways', (_name, hex, types) => {
    expect(decode(hex)).toEqual(types);
    expect(encode(types)).toEqual(bytes(hex));
  });

  it.each(['80', '80005804', '80005804 0000'])('%s is refused', (hex) => {
    expect(() => decode(hex)).toThrow(ProtocolError);
  });

  it.each(['', '800058', '80005804 00'])('bytes that are not one field are not encoded: %s', (hex) => {
    expect(() => encode([{ unknown: bytes(hex) }])).toThrow(EncodeError);
  });
});
