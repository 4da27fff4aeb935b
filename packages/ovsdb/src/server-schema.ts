/** The schema a server reports (RFC 7047 §3.2), reduced to shapes, and whether it fits the tables we were built with. */
import { OvsdbError, protocolViolation } from './error.ts';
import { isJsonArray, isJsonObject, type Json, jsonText } from './json.ts';
import { type AtomType, type Column, columnOf, type DatabaseSpec } from './schema.ts';

/** A column of the server, with the words that a string may be, where the schema lists them. */
export interface ServerColumn extends Column {
  readonly words: readonly string[];
}
export interface ServerSchema {
  readonly name: string;
  readonly version: string;
  readonly tables: ReadonlyMap<string, ReadonlyMap<string, ServerColumn>>;
}

/** Throws `protocol_violation` with the place. */
export function parseServerSchema(json: Json): ServerSchema {
  if (!isJsonObject(json) || typeof json.name !== 'string' || !isJsonObject(json.tables))
    throw protocolViolation('a schema without name or tables');
  const tables = Object.entries(json.tables).map(([table, body]) => {
    if (!isJsonObject(body) || !isJsonObject(body.columns))
      throw protocolViolation(`table ${table} has no columns`);
    const columns = Object.entries(body.columns).map(
      ([column, description]) =>
        [column, parseColumn(isJsonObject(description) ? description.type : undefined)] as const,
    );
    return [table, new Map(columns)] as const;
  });
  return { name: json.name, version: jsonText(json.version ?? ''), tables: new Map(tables) };
}

/** RFC 7047 §3.2 <type>. */
export function parseColumn(type: Json | undefined): ServerColumn {
  if (!isJsonObject(type)) return { shape: 'one', key: parseAtomType(type), value: null, words: [] };
  const { min = 1, max = 1 } = type;
  const key = parseAtomType(type.key);
  const words = wordsOf(type.key);
  if (type.value !== undefined) return { shape: 'map', key, value: parseAtomType(type.value), words };
  const shape = max !== 1 ? 'set' : min === 0 ? 'optional' : 'one';
  return { shape, key, value: null, words };
}

/** Throws `schema_mismatch` with every problem when a table or column asked for is not as our tables say. */
export function checkSelection(
  database: DatabaseSpec,
  schema: ServerSchema,
  selection: Readonly<Record<string, readonly string[] | undefined>>,
): void {
  const problems = Object.entries(selection).flatMap(([table, columns = []]) => {
    const theirs = schema.tables.get(table);
    if (!theirs) return [`no table ${table}`];
    return columns.flatMap((name) => {
      const [ours, found] = [columnOf(database, table, name), theirs.get(name)];
      if (!found) return [`no column ${table}.${name}`];
      return describe(ours) !== describe(found)
        ? [`${table}.${name} is ${describe(found)} instead of ${describe(ours)}`]
        : [];
    });
  });
  if (problems.length > 0) throw new OvsdbError({ code: 'schema_mismatch', database: schema.name, problems });
}

const describe = (column: Column): string =>
  `${column.shape} ${onWire(column.key)}${column.value === null ? '' : ` to ${onWire(column.value)}`}`;

/** The database has one type of integer. */
const onWire = (type: AtomType): AtomType => (type === 'bigint' ? 'integer' : type);

const ATOM_TYPES: readonly string[] = ['boolean', 'integer', 'real', 'string', 'uuid'] satisfies AtomType[];
const isAtomType = (text: string): text is AtomType => ATOM_TYPES.includes(text);

function parseAtomType(json: Json | undefined): AtomType {
  const type = isJsonObject(json) ? json.type : json;
  if (typeof type === 'string' && isAtomType(type)) return type;
  throw protocolViolation(`${jsonText(type)} is not a type of the schema`);
}

function wordsOf(key: Json | undefined): readonly string[] {
  const words = isJsonObject(key) && isJsonArray(key.enum) ? key.enum[1] : undefined;
  return isJsonArray(words) ? words.filter((word) => typeof word === 'string') : [];
}
