import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonStreamError, jsonStream } from './json-stream.ts';

const encoder = new TextEncoder();
const read = (text: string) => jsonStream().push(encoder.encode(text));

describe('a stream of JSON values', () => {
  it('needs no delimiter and minds none', () => {
    expect(read('{"a":1}{"b":2}\r\n\t {"c":[3]} ')).toEqual([{ a: 1 }, { b: 2 }, { c: [3] }]);
  });

  it('does not take brackets and quotes inside strings for its own', () => {
    const values = [{ desc: 'no } here ] and "quotes\\" and \\' }, { '{': '\\"}' }];
    expect(read(values.map((value) => JSON.stringify(value)).join(''))).toEqual(values);
  });

  it('may be cut anywhere, in the middle of a character, too', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string({ unit: 'binary' }), fc.json()), { maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        (values, cuts) => {
          const bytes = encoder.encode(values.map((value) => JSON.stringify(value)).join('\n'));
          const stream = jsonStream();
          const found: unknown[] = [];
          for (let at = 0, cut = 0; at < bytes.length; cut += 1) {
            const end = at + (cuts[cut % cuts.length] ?? 1);
            // The reader's buffer is used again for the next bytes.
            const chunk = bytes.slice(at, end);
            found.push(...stream.push(chunk));
            chunk.fill(0);
            at = end;
          }
          expect(found).toEqual(values.map((value) => JSON.parse(JSON.stringify(value))));
          expect(stream.isMidway).toBe(false);
        },
      ),
    );
  });

  it.each([
    ['not_an_object', 'QEMU 7.2 monitor'],
    ['not_an_object', '}'],
    ['not_json', '{"a":}'],
    ['not_json', '[}'],
  ] as const)('that is none is refused as %s: %s', (code, text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ name: 'JsonStreamError', code }));
  });

  it('refuses bytes that are not UTF-8', () => {
    const bytes = Uint8Array.from([...encoder.encode('{"a":"'), 0xc3, 0x28, ...encoder.encode('"}')]);
    expect(() => jsonStream().push(bytes)).toThrow(JsonStreamError);
  });

  it('has a limit to the length of a value, also of one that never ends', () => {
    const stream = jsonStream({ bytesMax: 20 });
    expect(stream.push(encoder.encode('{"a":"12345678901"}'))).toHaveLength(1);
    stream.push(encoder.encode('{"a":"1234567890'));
    expect(() => stream.push(encoder.encode('12345'))).toThrow(expect.objectContaining({ code: 'too_long' }));
  });

  it('has a limit to its depth', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(jsonStream({ depthMax: 3 }).push(encoder.encode(nested(3)))).toHaveLength(1);
    expect(() => jsonStream({ depthMax: 3 }).push(encoder.encode(nested(4)))).toThrow(
      expect.objectContaining({ code: 'too_deep' }),
    );
  });
});
