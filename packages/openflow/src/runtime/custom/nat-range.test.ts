import { describe, expect, it } from 'vitest';
import { EncodeError, ProtocolError } from '../protocol-error.ts';
import { Writer } from '../writer.ts';
import { decodeNatRange, encodeNatRange, type NatRange } from './nat-range.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const encode = (write: (writer: Writer) => void): Uint8Array => {
  const writer = new Writer();
  write(writer);
  return writer.take();
};
const decode = (hex: string): NatRange => {
  const data = bytes(hex);
  return decodeNatRange(new DataView(data.buffer), 0, data.length);
};

describe('the range of nx_nat', () => {
  it.each<[string, string, NatRange]>([
    ['nothing', '0000', {}],
    ['one address', '0001 0a000001', { ipv4Min: '10.0.0.1' }],
    [
      'addresses and ports',
      '0033 0a000001 0a000009 0400 0800',
      { ipv4Min: '10.0.0.1', ipv4Max: '10.0.0.9', protoMin: 1024, protoMax: 2048 },
    ],
    [
      'IPv6 and one port',
      '0014 20010db8000000000000000000000001 0050',
      { ipv6Min: '2001:db8::1', protoMin: 80 },
    ],
  ])('%s survives both ways', (_name, hex, range) => {
    expect(decode(hex)).toEqual(range);
    expect(decode(`${hex} 00000000`)).toEqual(range);
    expect(encode((writer) => encodeNatRange(writer, range))).toEqual(bytes(hex));
  });

  it.each([
    ['a maximum without minimum', '0002 0a000001'],
    ['both kinds of addresses', '0005 0a000001 20010db8000000000000000000000001'],
    ['ports without address', '0010 0050'],
    ['a value that nobody has defined', '0041 0a000001'],
    ['an address cut off', '0001 0a0000'],
    ['more than padding', '0001 0a000001 0000000000000000'],
  ])('%s is refused', (_name, hex) => {
    expect(() => decode(hex)).toThrow(ProtocolError);
  });

  it('what the decoder refuses is not written', () => {
    const wrong: readonly NatRange[] = [
      { protoMin: 80 },
      { ipv4Max: '10.0.0.1' },
      { ipv4Min: '10.0.0.1', ipv6Min: '::1' },
      { ipv4Min: '10.0.0.1', protoMax: 80 },
    ];
    for (const range of wrong) {
      expect(() => encode((writer) => encodeNatRange(writer, range))).toThrow(EncodeError);
    }
  });

  it('text that is no address is refused', () => {
    expect(() => encode((writer) => encodeNatRange(writer, { ipv4Min: '10.0.0.256' }))).toThrow(EncodeError);
    expect(() =>
      encode((writer) => encodeNatRange(writer, { ipv4Min: '1.1.1.1', protoMin: 70_000 })),
    ).toThrow(EncodeError);
  });
});
