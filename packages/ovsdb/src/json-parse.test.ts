import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OvsdbError } from './error.ts';
import { isJsonArray, isJsonObject, type Json, jsonSource } from './json.ts';
import { parseJson } from './json-parse.ts';

/** JSON as Open vSwitch may write it, its integers over the whole of 64 bits. */
const { value: anyJson } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.string({ unit: 'binary' }),
    fc.stringMatching(/^[[,: -]*[0-9]{14,22}["\\]?[0-9]*$/),
    fc.integer(),
    fc
      .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
      .map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value)),
    fc.double({ noNaN: true, noDefaultInfinity: true, noInteger: true }),
    fc.array(tie('value')),
    fc.dictionary(fc.string(), tie('value'), { noNullPrototype: true }),
  ),
}));

describe('parseJson', () => {
  it('gives every integer exactly, however large', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(parseJson(jsonSource(value))).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });
  it('gives what JSON.parse gives, but for what that rounds', () => {
    const rounded = (value: Json): Json => {
      if (typeof value === 'bigint') return Number(value);
      if (isJsonArray(value)) return value.map(rounded);
      if (!isJsonObject(value)) return value;
      return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, rounded(member)]));
    };
    const nested = fc.array(fc.oneof(fc.json(), fc.double({ noNaN: true }).map(JSON.stringify)), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(nested, (texts) => {
        const text = `[${texts.join(', ')}]`;
        expect(jsonSource(rounded(parseJson(text)))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });
  it('makes a bigint of exactly the integers that a number cannot hold', () => {
    const read = [
      '9007199254740991',
      '9007199254740992',
      '-9007199254740993',
      '9223372036854775807',
      '-9223372036854775808',
      '1e20',
      '1234567890123456.5',
      '{"a":[ 18446744073709551616 ]}',
    ].map(parseJson);
    expect(read).toEqual([
      9007199254740991,
      9007199254740992n,
      -9007199254740993n,
      9223372036854775807n,
      -9223372036854775808n,
      1e20,
      1234567890123456.5,
      { a: [18446744073709551616n] },
    ]);
  });
  it('leaves digits in strings alone, behind escapes too', () => {
    const texts = [
      '["12345678901234567890"]',
      '["\\"", 1, ",12345678901234567890", "\\\\"]',
      '{" 99999999999999999999":"\\\\\\",99999999999999999999"}',
    ];
    for (const text of texts) expect(parseJson(text)).toEqual(JSON.parse(text));
  });
  it('refuses what JSON.parse refuses, with the one error that callers know', () => {
    const broken = fc.oneof(
      fc.json().map((text) => text.slice(0, -1)),
      fc.string(),
      fc.constantFrom(
        '[01234567890123456789]',
        '[-]',
        '[1234567890123456789',
        '[12345678901234567890e]',
        '"',
      ),
    );
    fc.assert(
      fc.property(broken, (text) => {
        const outcome = (parse: (text: string) => unknown) => {
          try {
            parse(text);
            return 'read';
          } catch (error) {
            return error instanceof OvsdbError ? error.code : 'SyntaxError';
          }
        };
        const expected = outcome(JSON.parse);
        expect(outcome(parseJson)).toBe(expected === 'read' ? 'read' : 'protocol_violation');
      }),
    );
  });
  it('takes a member called __proto__ as data', () => {
    const value = parseJson('{"__proto__": 12345678901234567890, "a": 1}');
    expect(Object.keys(value as object)).toEqual(['__proto__', 'a']);
    expect(({} as Record<string, unknown>).a).toBeUndefined();
  });
});

describe('jsonSource', () => {
  it('writes bigints as numbers and leaves out what is undefined', () => {
    const row = { a: [1n, 2n ** 63n], b: undefined, c: 'x"' } as unknown as Json;
    expect(jsonSource(row)).toBe('{"a":[1,9223372036854775808],"c":"x\\""}');
  });
});
