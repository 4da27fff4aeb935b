import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OvsdbError } from './error.ts';
import { JsonSplitter } from './json-splitter.ts';

/** Cuts bytes at the given places and feeds the pieces. */
function split(bytes: Uint8Array, cuts: readonly number[], limits = {}): string[] {
  const splitter = new JsonSplitter(limits);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).flatMap((place, index) => splitter.push(bytes.subarray(places[index], place)));
}

const container = fc
  .oneof(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), fc.array(fc.jsonValue()))
  .map((value) => JSON.stringify(value));
const code = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof OvsdbError) return error.code;
  }
  return 'nothing thrown';
};

describe('the JSON splitter', () => {
  it('gives the same texts however the stream is cut, also inside a character', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(container, fc.constantFrom('', ' ', '\n', '\r\n\t'))),
        fc.array(fc.nat(), { maxLength: 40 }),
        (parts, cuts) => {
          const bytes = Buffer.from(parts.map(([text, gap]) => text + gap).join(''));
          expect(split(bytes, cuts)).toEqual(parts.map(([text]) => text));
        },
      ),
    );
  });
  it('gives the same texts byte by byte', () => {
    const text = '{"a\\"}{":["ü€𝄞\\\\",{}]}[]{"b":1}';
    const bytes = Buffer.from(text);
    const cuts = [...bytes.keys()];
    expect(split(bytes, cuts)).toEqual(['{"a\\"}{":["ü€𝄞\\\\",{}]}', '[]', '{"b":1}']);
  });
  it('takes a text as deep and as long as the limits and refuses one more', () => {
    const nested = (depth: number) => Buffer.from('['.repeat(depth) + ']'.repeat(depth));
    expect(split(nested(5), [3], { depthMax: 5 })).toHaveLength(1);
    expect(code(() => split(nested(6), [3], { depthMax: 5 }))).toBe('protocol_violation');
    const long = (length: number) => Buffer.from(JSON.stringify(['x'.repeat(length - 4)]));
    expect(split(long(100), [40], { messageBytesMax: 100 })).toHaveLength(1);
    expect(code(() => split(long(101), [40], { messageBytesMax: 100 }))).toBe('protocol_violation');
  });
  it('refuses an endless text before it has its end', () => {
    const splitter = new JsonSplitter({ messageBytesMax: 1000 });
    const chunk = Buffer.from(`["${'x'.repeat(600)}`);
    splitter.push(chunk);
    expect(splitter.isInsideText).toBe(true);
    expect(code(() => splitter.push(chunk))).toBe('protocol_violation');
  });
  it('counts the limit for each text, not for the stream', () => {
    const texts = Array.from({ length: 50 }, () => '["0123456789"]');
    expect(split(Buffer.from(texts.join('')), [], { messageBytesMax: 20 })).toEqual(texts);
  });
  it('refuses anything but white space between texts, and bytes that are not UTF-8', () => {
    expect(code(() => split(Buffer.from('{} x'), []))).toBe('protocol_violation');
    expect(code(() => split(Buffer.from('}'), []))).toBe('protocol_violation');
    expect(code(() => split(Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d]), []))).toBe('protocol_violation');
  });
});
