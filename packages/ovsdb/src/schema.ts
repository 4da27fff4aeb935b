/**
 * Tables as values, from which the row types follow. RFC 7047 §3.2 knows one column type: between `min` and
 * `max` atoms or pairs of atoms. Four shapes of it occur: exactly one, at most one, a set, a map.
 */
declare const brand: unique symbol;
declare const types: unique symbol;

export type Uuid = string & { readonly [brand]: 'uuid' };
/** A row that the same transaction inserts, by its `uuidName`. */
export interface NamedUuid {
  readonly uuidName: string;
}
export type UuidRef = Uuid | NamedUuid;

/**
 * The atoms of RFC 7047 §3.1, and `bigint`: how a column of the database's 64-bit integers is declared whose values
 * may pass 2^53. An `integer` column gives numbers, and an error that names it when one does not fit.
 */
export type AtomType = 'boolean' | 'integer' | 'bigint' | 'real' | 'string' | 'uuid';
export type Shape = 'one' | 'optional' | 'set' | 'map';

/** A column; `Read` is what a row of ours holds, `Write` what an operation takes, `Erase` what a map's delete also takes. */
export interface Column<Read = unknown, Write = unknown, Erase = Write> {
  readonly shape: Shape;
  readonly key: AtomType;
  /** Of a map; otherwise null. */
  readonly value: AtomType | null;
  /** Never there at run time. */
  readonly [types]?: { readonly read: Read; readonly write: Write; readonly erase: Erase };
}
export type TableSpec = Readonly<Record<string, Column>>;
export interface DatabaseSpec {
  readonly name: string;
  readonly tables: Readonly<Record<string, TableSpec>>;
}

interface ReadAtoms {
  boolean: boolean;
  integer: number;
  bigint: bigint;
  real: number;
  string: string;
  uuid: Uuid;
}
interface WriteAtoms extends Omit<ReadAtoms, 'uuid' | 'bigint'> {
  bigint: bigint | number;
  uuid: UuidRef;
}
type ReadAtom<A extends AtomType> = ReadAtoms[A];
/** `E`: the words that the schema allows; a newer server may know more, so reading gives any string. */
type WriteAtom<A extends AtomType, E> = A extends 'string'
  ? [E] extends [never]
    ? string
    : E
  : WriteAtoms[A];

export const one = <A extends AtomType, const E extends string = never>(
  key: A,
  _words?: readonly E[],
): Column<ReadAtom<A>, WriteAtom<A, E>> => ({ shape: 'one', key, value: null });

export const optional = <A extends AtomType, const E extends string = never>(
  key: A,
  _words?: readonly E[],
): Column<ReadAtom<A> | null, WriteAtom<A, E> | null> => ({ shape: 'optional', key, value: null });

export const set = <A extends AtomType, const E extends string = never>(
  key: A,
  _words?: readonly E[],
): Column<readonly ReadAtom<A>[], readonly WriteAtom<A, E>[]> => ({ shape: 'set', key, value: null });

export const map = <K extends AtomType, V extends AtomType>(
  key: K,
  value: V,
): Column<
  ReadonlyMap<ReadAtom<K>, ReadAtom<V>>,
  WriteMap<K, V>,
  WriteMap<K, V> | readonly WriteAtom<K, never>[]
> => ({ shape: 'map', key, value });

/** Maps with string keys may be written as plain objects. */
type WriteMap<K extends AtomType, V extends AtomType> =
  | ReadonlyMap<WriteAtom<K, never>, WriteAtom<V, never>>
  | (K extends 'string' ? Readonly<Record<string, WriteAtom<V, never>>> : never);

export type ReadOf<C> = C extends Column<infer Read, infer _Write, infer _Erase> ? Read : never;
export type WriteOf<C> = C extends Column<infer _Read, infer Write, infer _Erase> ? Write : never;
export type EraseOf<C> = C extends Column<infer _Read, infer _Write, infer Erase> ? Erase : never;

export type TableName<D extends DatabaseSpec> = keyof D['tables'] & string;
export type ColumnName<T extends TableSpec> = keyof T & string;

/** The named columns of a row, as read. */
export type Row<T extends TableSpec, C extends ColumnName<T> = ColumnName<T>> = {
  readonly [K in C]: ReadOf<T[K]>;
} & { readonly _uuid: Uuid };
/** Columns to write; those left out keep their value, or their default in a new row. */
export type NewRow<T extends TableSpec> = { readonly [K in ColumnName<T>]?: WriteOf<T[K]> };

/** Every row has it (RFC 7047 §3.2); `_version` is left out because nobody may rely on it. */
export const UUID_COLUMN: Column<Uuid, UuidRef> = one('uuid');

/** The column's description, `_uuid` included. A name that the table lacks is a mistake of the caller. */
export function columnOf(database: DatabaseSpec, table: string, column: string): Column {
  const spec = tableOf(database, table);
  const found = column === '_uuid' ? UUID_COLUMN : Object.hasOwn(spec, column) ? spec[column] : undefined;
  if (!found) throw new RangeError(`table ${table} of ${database.name} has no column ${column}`);
  return found;
}

export function tableOf(database: DatabaseSpec, table: string): TableSpec {
  const found = Object.hasOwn(database.tables, table) ? database.tables[table] : undefined;
  if (!found) throw new RangeError(`database ${database.name} has no table ${table}`);
  return found;
}
