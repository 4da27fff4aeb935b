import { describe, expect, it } from 'vitest';
import { BAD_MATCH_DUPLICATE, BAD_MATCH_LEN, EncodeError, ProtocolError } from './protocol-error.ts';
import { decodeStats, encodeStats, endOfStats, type Stats } from './stats.ts';
import { Writer } from './writer.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));
const decode = (hex: string): Stats => {
  const data = bytes(hex);
  const view = new DataView(data.buffer);
  expect(endOfStats(view, 0, data.length)).toBe(data.length);
  return decodeStats(view, 0);
};
const encode = (stats: Stats): Uint8Array => {
  const writer = new Writer();
  encodeStats(writer, stats);
  return writer.take();
};
const refusal = (hex: string): readonly number[] => {
  try {
    decode(hex);
  } catch (error) {
    if (error instanceof ProtocolError) return [error.detail.ofType, error.detail.ofCode];
    throw error;
  }
  return [];
};

describe('counters of 1.5', () => {
  it.each<readonly [string, string, Stats]>([
    ['none at all', '0000 0004 00000000', {}],
    [
      'all that have a name',
      `0000 003c 80020008 00000064 000001f4  80020208 00000002 00000003  80020808 0000000000000005
       80020a08 0000000000000258  80020604 00000001 00000000`,
      {
        duration: { sec: 100, nsec: 500 },
        idle_time: { sec: 2, nsec: 3 },
        packet_count: 5n,
        byte_count: 600n,
        flow_count: 1,
      },
    ],
    [
      'one that nobody named, and one of an experimenter',
      '0000 001b 80020402 abcd  ffff0208 00002320 01020304  80020501 07 0000000000',
      {
        '0x80020402': bytes('abcd'),
        '0xffff0208:00002320': bytes('00002320 01020304'),
        '0x80020501': bytes('07'),
      },
    ],
    [
      'a known number with an odd length',
      '0000 000a 80020802 1234 000000000000',
      { '0x80020802': bytes('1234') },
    ],
  ])('%s survive both ways', (_name, hex, stats) => {
    expect(decode(hex)).toEqual(stats);
    expect(encode(stats)).toEqual(bytes(hex));
  });

  it.each([
    ['too short for a header', '0000 0004', BAD_MATCH_LEN],
    ['a length below the header', '0000 0003 00000000', BAD_MATCH_LEN],
    ['a length past the end', '0000 0009 00000000', BAD_MATCH_LEN],
    ['a field past the end', '0000 0008 80020808', BAD_MATCH_LEN],
    ['half a header', '0000 0006 8002 0000', BAD_MATCH_LEN],
    ['an experimenter without its number', '0000 000a ffff0202 0000 000000000000', BAD_MATCH_LEN],
    ['the same field twice', '0000 0014 80020604 00000001 80020604 00000001 00000000', BAD_MATCH_DUPLICATE],
    ['the same unknown field twice', '0000 000c 80020400 80020400 00000000', BAD_MATCH_DUPLICATE],
  ])('%s is refused', (_name, hex, pair) => {
    expect(refusal(hex)).toEqual([...pair]);
  });

  it.each<readonly [string, unknown]>([
    ['a name that is no field', { packets: 1n }],
    ['a number where a bigint belongs', { packet_count: 1 }],
    ['a negative count', { flow_count: -1 }],
    ['a length that the header does not say', { '0x80020402': new Uint8Array(3) }],
    ['time without nanoseconds', { duration: { sec: 1 } }],
  ])('%s is not encoded', (_name, stats) => {
    // The type forbids it; callers without types can still do it.
    expect(() => encode(stats as Stats)).toThrow(EncodeError);
  });
});
