import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonSource } from './json.ts';
import { parseJson } from './json-parse.ts';
import { map, one, optional, set } from './schema.ts';
import { decodeValue, defaultValue, encodeValue, named, uuid, type Value } from './value.ts';

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const id = uuid('36bef046-7da7-43a5-905a-c17899216fcb');

describe('OVSDB values', () => {
  it('are written as RFC 7047 §5.1 says', () => {
    expect(encodeValue(one('string'), 'a')).toBe('a');
    expect(encodeValue(one('uuid'), id)).toEqual(['uuid', id]);
    expect(encodeValue(optional('uuid'), named('q1'))).toEqual(['named-uuid', 'q1']);
    expect(encodeValue(optional('integer'), null)).toEqual(['set', []]);
    expect(encodeValue(set('string'), ['a', 'b'])).toEqual(['set', ['a', 'b']]);
    expect(encodeValue(map('string', 'string'), { a: '1' })).toEqual(['map', [['a', '1']]]);
    expect(encodeValue(map('integer', 'uuid'), new Map([[1, id]]))).toEqual(['map', [[1, ['uuid', id]]]]);
  });
  it('are read back as they were written', () => {
    const columns = [
      [one('real'), fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)],
      [optional('boolean'), fc.option(fc.boolean())],
      [set('string'), fc.uniqueArray(fc.string())],
      [
        map('integer', 'string'),
        fc.array(fc.tuple(fc.integer(), fc.string())).map((pairs) => new Map(pairs)),
      ],
      [set('uuid'), fc.uniqueArray(fc.uuid().map((text) => uuid(text)))],
      [one('integer'), fc.maxSafeInteger()],
      [one('bigint'), int64],
      [optional('bigint'), fc.option(int64)],
      [set('bigint'), fc.uniqueArray(int64)],
      [
        map('string', 'bigint'),
        fc.dictionary(fc.string(), int64).map((object) => new Map(Object.entries(object))),
      ],
    ] as const;
    for (const [column, values] of columns)
      fc.assert(
        fc.property(values as fc.Arbitrary<Value>, (value) => {
          expect(decodeValue(column, parseJson(jsonSource(encodeValue(column, value))))).toEqual(value);
        }),
      );
  });
  it('may come as a bare atom where a set has one member', () => {
    expect(decodeValue(set('string'), 'a')).toEqual(['a']);
    expect(decodeValue(set('uuid'), ['uuid', id])).toEqual([id]);
    expect(decodeValue(optional('integer'), 7)).toBe(7);
  });
  it('are refused when the peer sends another type', () => {
    const wrong: [Parameters<typeof decodeValue>[0], Parameters<typeof decodeValue>[1]][] = [
      [one('integer'), '7'],
      [one('integer'), 1.5],
      [one('uuid'), ['uuid', 'x']],
      [one('uuid'), id],
      [optional('string'), ['set', ['a', 'b']]],
      [map('string', 'string'), ['set', []]],
      [map('string', 'string'), ['map', [['a']]]],
      [set('string'), null],
    ];
    for (const [column, json] of wrong)
      expect(() => decodeValue(column, json)).toThrowError(
        expect.objectContaining({ code: 'protocol_violation' }),
      );
  });
  it('are refused before they are sent when they are not of the column', () => {
    expect(() => encodeValue(one('integer'), 1.5)).toThrow(RangeError);
    expect(() => encodeValue(one('integer'), 2 ** 53)).toThrow(RangeError);
    expect(() => encodeValue(one('real'), Number.NaN)).toThrow(RangeError);
    expect(() => encodeValue(set('string'), 'a')).toThrow(RangeError);
    expect(() => encodeValue(map('string', 'string'), ['a'])).toThrow(RangeError);
    expect(() => encodeValue(one('uuid'), 'x')).toThrow(RangeError);
    expect(() => named('1a')).toThrow(RangeError);
  });
  it('of 64 bits are never rounded: a bigint column takes all of them, an integer column says that one does not fit', () => {
    expect(decodeValue(one('bigint'), 7)).toBe(7n);
    expect(decodeValue(one('real'), 2n ** 60n)).toBe(2 ** 60);
    expect([encodeValue(one('bigint'), 7), encodeValue(one('bigint'), 2n ** 60n)]).toEqual([7, 2n ** 60n]);
    for (const unfit of [2n ** 63n, 2 ** 53, 1.5]) {
      expect(() => encodeValue(one('bigint'), unfit)).toThrow(RangeError);
      expect(() => decodeValue(one('bigint'), unfit)).toThrowError(
        expect.objectContaining({ code: 'protocol_violation' }),
      );
    }
    expect(() => decodeValue(one('integer'), 2n ** 53n)).toThrowError(
      expect.objectContaining({ detail: { code: 'integer_too_large', value: 2n ** 53n, column: null } }),
    );
  });
  it('have the defaults that the server leaves out', () => {
    expect(defaultValue(one('string'))).toBe('');
    expect(defaultValue(optional('uuid'))).toBeNull();
    expect(defaultValue(map('string', 'string'))).toEqual(new Map());
  });
});
