import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../protocol-error.ts';
import { Writer } from '../writer.ts';
import { decodeTypeIds, encodeTypeIds, type TypeId } from './type-ids.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const decode = (hex: string): readonly TypeId[] => {
  const data = bytes(hex);
  return decodeTypeIds(new DataView(data.buffer), 0, data.length);
};
const encode = (ids: readonly TypeId[]): Uint8Array => {
  const writer = new Writer();
  encodeTypeIds(writer, ids);
  return writer.take();
};

describe('ids of actions and instructions', () => {
  it.each([
    ['headers alone', '0000 0004  0019 0004', [{ code: 0 }, { code: 25 }]],
    ['the padding of 1.3.0', '0000 0008 00000000', [{ code: 0, data: new Uint8Array(4) }]],
    ["an experimenter's number", 'ffff 0008 00002320', [{ code: 0xffff, experimenter: 0x2320 }]],
    [
      'what follows the number',
      'ffff 000c 00002320 00010002',
      [{ code: 0xffff, experimenter: 0x2320, data: bytes('00010002') }],
    ],
    ['an experimenter without a number', 'ffff 0004', [{ code: 0xffff }]],
  ])('%s survive both ways', (_name, hex, ids) => {
    expect(decode(hex)).toEqual(ids);
    expect(encode(ids)).toEqual(bytes(hex));
  });

  it.each(['0000', '0000 0003', '0000 0008', '0000 0000'])('%s is refused, not read past', (hex) => {
    expect(() => decode(hex)).toThrow(ProtocolError);
  });

  it('an experimenter of a code that is not one is refused', () => {
    expect(() => encode([{ code: 1, experimenter: 0x2320 }])).toThrow('has no experimenter');
  });
});
