import { describe, expect, it } from 'vitest';
import { EncodeError, ProtocolError } from '../protocol-error.ts';
import { Writer } from '../writer.ts';
import { decodePortCounters, encodePortCounters, type PortCounter } from './port-counters.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const decode = (hex: string): readonly PortCounter[] => {
  const data = bytes(hex);
  return decodePortCounters(new DataView(data.buffer), 0, data.length);
};
const encode = (counters: readonly PortCounter[]): Uint8Array => {
  const writer = new Writer();
  encodePortCounters(writer, counters);
  return writer.take();
};

describe('counters with names of their own', () => {
  it.each<readonly [string, string, readonly PortCounter[]]>([
    ['none', '0000', []],
    [
      'two',
      '0002  02 7278 0000000000000091  00 ffffffffffffffff',
      [
        { name: 'rx', value: 145n },
        { name: '', value: 0xffffffffffffffffn },
      ],
    ],
    ['a name with odd bytes', '0001 02 00ff 0000000000000001', [{ name: '\u0000\u00ff', value: 1n }]],
  ])('%s survive both ways', (_name, hex, counters) => {
    expect(decode(hex)).toEqual(counters);
    expect(encode(counters)).toEqual(bytes(hex));
  });

  it.each(['00', '0001', '0001 02 72', '0001 01 72 00000000000000', '0000 00'])('%s is refused', (hex) => {
    expect(() => decode(hex)).toThrow(ProtocolError);
  });

  it.each([
    { name: 'x'.repeat(256), value: 0n },
    { name: '\u0100', value: 0n },
    { name: 'x', value: -1n },
  ])('a counter that does not fit is not encoded', (counter) => {
    expect(() => encode([counter])).toThrow(EncodeError);
  });
});
