import { describe, expect, it } from 'vitest';
import { EncodeError, ProtocolError } from '../protocol-error.ts';
import { Writer } from '../writer.ts';
import { decodeLearnSpecs, encodeLearnSpecs, type LearnSpec } from './learn-specs.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const decode = (hex: string): readonly LearnSpec[] => {
  const data = bytes(hex);
  return decodeLearnSpecs(new DataView(data.buffer), 0, data.length);
};
const encode = (specs: readonly LearnSpec[]): Uint8Array => {
  const writer = new Writer();
  encodeLearnSpecs(writer, specs);
  return writer.take();
};
const at = (field: 'nxm_eth_src' | 'nxm_eth_dst' | 'nxm_in_port' | 'reg1', offset = 0) => ({ field, offset });

describe('what nx_learn puts into an entry', () => {
  it.each<[string, string, LearnSpec]>([
    [
      'a condition on a constant',
      '2010 0063 00000002 0000',
      { type: 'match', bits: 16, src: { value: 99n }, dst: at('nxm_in_port') },
    ],
    [
      'a condition on a field',
      '0030 00000406 0000 00000206 0000',
      { type: 'match', bits: 48, src: at('nxm_eth_src'), dst: at('nxm_eth_dst') },
    ],
    [
      'a load of a field',
      '0810 00000002 0000 00010204 0010',
      { type: 'load', bits: 16, src: at('nxm_in_port'), dst: at('reg1', 16) },
    ],
    [
      'a load of a constant of odd width',
      '2811 0001ffff 00010204 0000',
      { type: 'load', bits: 17, src: { value: 0x1ffffn }, dst: at('reg1') },
    ],
    ['an output', '1010 00000002 0000', { type: 'output', bits: 16, src: at('nxm_in_port') }],
  ])('%s survives both ways', (_name, hex, spec) => {
    expect(decode(hex)).toEqual([spec]);
    expect(decode(`${hex} 000000000000`)).toEqual([spec]);
    expect(encode([spec])).toEqual(bytes(hex));
  });

  it.each([
    ['an output of a constant', '3010 0001'],
    ['a fourth kind', '1810 00000002 0000'],
    ['a reserved bit', '8010 00000002 0000 00000002 0000'],
    ['a field cut off', '0010 00000002 00'],
    ['a constant cut off', '2030 0001 0002'],
    ['more than padding', '0000 0000 0000 0000'],
  ])('%s is refused', (_name, hex) => {
    expect(() => decode(hex)).toThrow(ProtocolError);
  });

  it('a constant that its bits cannot hold is refused', () => {
    const spec = (value: bigint, bits: number): LearnSpec => ({
      type: 'load',
      bits,
      src: { value },
      dst: at('reg1'),
    });
    for (const wrong of [spec(0x10000n, 16), spec(-1n, 16), spec(1n, 2048)]) {
      expect(() => encode([wrong])).toThrow(EncodeError);
    }
  });
});
