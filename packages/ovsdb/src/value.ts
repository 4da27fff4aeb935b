/**
 * RFC 7047 §5.1 <value>: `["uuid", …]`, `["named-uuid", …]`, `["set", […]]`, `["map", [[k, v], …]]`, to and from
 * plain values. Decoding raises `protocol_violation` or `integer_too_large`; encoding raises RangeError, because
 * the value is ours.
 */
import { OvsdbError, protocolViolation } from './error.ts';
import { isJsonArray, type Json, jsonText } from './json.ts';
import type { AtomType, Column, NamedUuid, Uuid } from './schema.ts';

export const isUuid = (text: string): text is Uuid =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);

/** Throws RangeError unless the text is a UUID in lower case. */
export function uuid(text: string): Uuid {
  if (!isUuid(text)) throw new RangeError(`${text} is not a UUID`);
  return text;
}

/** The row that an `insert` of the same transaction makes under this name: a letter or _, then letters, digits, _. */
export const named = (uuidName: string): NamedUuid => ({ uuidName: identifier(uuidName) });

/** RFC 7047 §3.1 <id>: also the name of a lock. Throws RangeError. */
export function identifier(text: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(text)) throw new RangeError(`${text} is not an identifier`);
  return text;
}

export type Atom = boolean | number | bigint | string;
export type Value = Atom | null | readonly Atom[] | ReadonlyMap<Atom, Atom>;

export function decodeValue(column: Column, json: Json): Value {
  switch (column.shape) {
    case 'one':
      return decodeAtom(column.key, json);
    case 'optional': {
      const atoms = decodeSet(column.key, json);
      if (atoms.length > 1) throw protocolViolation(`${atoms.length} values in a column of at most one`);
      return atoms[0] ?? null;
    }
    case 'set':
      return decodeSet(column.key, json);
    case 'map':
      return decodeMap(column, json);
  }
}

/** What a new row holds, and what `initial` and `insert` of `update2` leave out (RFC 7047 §5.2.1). */
export function defaultValue(column: Column): Value {
  if (column.shape === 'one') return DEFAULTS[column.key];
  return column.shape === 'optional' ? null : column.shape === 'set' ? [] : new Map();
}

/** An optional column takes the value or null, a set an array, a map a Map or, with string keys, an object. */
export function encodeValue(column: Column, value: unknown): Json {
  switch (column.shape) {
    case 'one':
      return encodeAtom(column.key, value);
    case 'optional':
      return value === null ? ['set', []] : encodeAtom(column.key, value);
    case 'set':
      return encodeSet(column.key, value);
    case 'map':
      return [
        'map',
        pairsOf(value).map(([k, v]) => [encodeAtom(column.key, k), encodeAtom(valueType(column), v)]),
      ];
  }
}

/** The keys of a map column, as a set: what the mutator `delete` takes beside whole pairs. */
export function encodeSet(type: AtomType, value: unknown): Json {
  if (!Array.isArray(value)) throw new RangeError(`${String(value)} is not an array`);
  return ['set', value.map((atom) => encodeAtom(type, atom))];
}

export function encodeAtom(type: AtomType, value: unknown): Json {
  if (type === 'uuid') {
    if (typeof value === 'string') return ['uuid', uuid(value)];
    if (isNamed(value)) return ['named-uuid', named(value.uuidName).uuidName];
  }
  if (isAtom(type, value)) return value;
  // Ours alone: what is written for a column of large integers may be either kind of number.
  if (type === 'bigint' && Number.isSafeInteger(value)) return Number(value);
  throw new RangeError(`${shown(value)} is not a value of type ${type}`);
}

export function decodeAtom(type: AtomType, json: Json): Atom {
  if (type === 'uuid') {
    const [tag, text] = isJsonArray(json) && json.length === 2 ? json : [];
    if (tag === 'uuid' && typeof text === 'string' && isUuid(text)) return text;
  } else if (type === 'bigint' && Number.isSafeInteger(json)) return BigInt(json as number);
  else if (type === 'real' && typeof json === 'bigint') return Number(json);
  else if (isAtom(type, json)) return json;
  else if (type === 'integer' && isAtom('bigint', json))
    throw new OvsdbError({ code: 'integer_too_large', value: json as bigint, column: null });
  throw protocolViolation(`${jsonText(json).slice(0, 80)} is not a value of type ${type}`);
}

/** As `decodeValue`; an error names the column. */
export function decodeColumn(table: string, name: string, column: Column, json: Json): Value {
  try {
    return decodeValue(column, json);
  } catch (error) {
    if (!(error instanceof OvsdbError)) throw error;
    const place = `${table}.${name}`;
    const { detail } = error;
    if (detail.code === 'integer_too_large') throw new OvsdbError({ ...detail, column: place });
    throw detail.code === 'protocol_violation' ? protocolViolation(`${place}: ${detail.reason}`) : error;
  }
}

function decodeSet(type: AtomType, json: Json): readonly Atom[] {
  const [tag, members] = isJsonArray(json) ? json : [];
  if (tag === 'set' && isJsonArray(members)) return members.map((member) => decodeAtom(type, member));
  return [decodeAtom(type, json)];
}

function decodeMap(column: Column, json: Json): ReadonlyMap<Atom, Atom> {
  const [tag, pairs] = isJsonArray(json) ? json : [];
  if (tag !== 'map' || !isJsonArray(pairs)) throw protocolViolation('a map column without a map');
  const valuesAre = valueType(column);
  const decoded = new Map<Atom, Atom>();
  for (const pair of pairs) {
    const [key, value] = isJsonArray(pair) ? pair : [];
    if (key === undefined || value === undefined) throw protocolViolation('a map entry that is no pair');
    decoded.set(decodeAtom(column.key, key), decodeAtom(valuesAre, value));
  }
  return decoded;
}

const DEFAULTS: Readonly<Record<AtomType, Atom>> = {
  boolean: false,
  integer: 0,
  bigint: 0n,
  real: 0,
  string: '',
  uuid: '00000000-0000-0000-0000-000000000000',
};

function isAtom(type: AtomType, value: unknown): value is Atom {
  if (type === 'string') return typeof value === 'string';
  if (type === 'boolean') return typeof value === 'boolean';
  if (type === 'integer') return Number.isSafeInteger(value);
  if (type === 'bigint') return typeof value === 'bigint' && BigInt.asIntN(64, value) === value;
  return type === 'real' && Number.isFinite(value);
}

function valueType(column: Column): AtomType {
  if (column.value === null) throw new RangeError('the column is not a map');
  return column.value;
}

function pairsOf(value: unknown): (readonly [unknown, unknown])[] {
  if (value instanceof Map) return [...value];
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value);
  throw new RangeError(`${String(value)} is not a map`);
}

const shown = (value: unknown): string =>
  typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? String(value));

const isNamed = (value: unknown): value is NamedUuid =>
  typeof value === 'object' && value !== null && 'uuidName' in value && typeof value.uuidName === 'string';
