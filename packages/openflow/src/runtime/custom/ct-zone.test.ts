import { describe, expect, it } from 'vitest';
import { EncodeError, ProtocolError } from '../protocol-error.ts';
import { Writer } from '../writer.ts';
import { type CtZone, decodeCtZone, encodeCtZone } from './ct-zone.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const encode = (write: (writer: Writer) => void): Uint8Array => {
  const writer = new Writer();
  write(writer);
  return writer.take();
};

describe('the zone of nx_ct', () => {
  const zone = (hex: string): CtZone => decodeCtZone(new DataView(bytes(hex).buffer), 0, 6);

  it.each<[string, string, CtZone]>([
    ['a number', '00000000 ffff', 65_535],
    ['a field', '00010404 040f', { field: 'reg2', range: { offset: 16, bits: 16 } }],
  ])('%s survives both ways', (_name, hex, given) => {
    expect(zone(hex)).toEqual(given);
    expect(encode((writer) => encodeCtZone(writer, given))).toEqual(bytes(hex));
  });

  it('bits of a field that are not 16 are refused', () => {
    expect(() => zone('00010404 041f')).toThrow(ProtocolError);
    const wide: CtZone = { field: 'reg2', range: { offset: 0, bits: 32 } };
    expect(() => encode((writer) => encodeCtZone(writer, wide))).toThrow(EncodeError);
  });
});
