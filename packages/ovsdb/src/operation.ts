/** The operations of a transaction (RFC 7047 §5.2), typed by the tables, with what each of them answers. */
import { protocolViolation } from './error.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from './json.ts';
import {
  type Column,
  type ColumnName,
  columnOf,
  type DatabaseSpec,
  type EraseOf,
  type NewRow,
  type Row,
  type TableName,
  type TableSpec,
  type Uuid,
  type UuidRef,
  type WriteOf,
} from './schema.ts';
import { decodeAtom, decodeColumn, encodeSet, encodeValue, identifier, named } from './value.ts';

/** One operation, ready to be sent, and the reader of its result. */
export interface Operation<Result> {
  readonly wire: JsonObject;
  readonly decode: (result: JsonObject) => Result;
}
/** The results of a transaction, in the order of its operations. */
export type Results<Ops extends readonly Operation<unknown>[]> = {
  readonly [I in keyof Ops]: Ops[I] extends Operation<infer Result> ? Result : never;
};

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'includes' | 'excludes';
export type Condition<T extends TableSpec> =
  | {
      readonly [C in ColumnName<T>]: readonly [column: C, comparison: Comparison, value: WriteOf<T[C]>];
    }[ColumnName<T>]
  | readonly [column: '_uuid', comparison: '==' | '!=', value: UuidRef];
/** All of them hold; an empty list matches every row. */
export type Where<T extends TableSpec> = readonly Condition<T>[];

export type Mutation<T extends TableSpec> = {
  readonly [C in ColumnName<T>]:
    | readonly [column: C, mutator: '+=' | '-=' | '*=' | '/=' | '%=' | 'insert', value: WriteOf<T[C]>]
    /** Of a map: whole pairs, or an array of keys. */
    | readonly [column: C, mutator: 'delete', value: EraseOf<T[C]>];
}[ColumnName<T>];

export interface InsertResult {
  readonly uuid: Uuid;
}
export interface CountResult {
  readonly count: number;
}

/** Builders of operations for one database. */
export interface Operations<D extends DatabaseSpec> {
  /** `uuidName` lets other operations of the transaction refer to the row by `named(uuidName)`. */
  insert<N extends TableName<D>>(
    table: N,
    row: NewRow<D['tables'][N]>,
    options?: { readonly uuidName?: string },
  ): Operation<InsertResult>;
  select<N extends TableName<D>, const C extends ColumnName<D['tables'][N]>>(
    table: N,
    where: Where<D['tables'][N]>,
    columns: readonly C[],
  ): Operation<readonly Row<D['tables'][N], C>[]>;
  update<N extends TableName<D>>(
    table: N,
    where: Where<D['tables'][N]>,
    row: NewRow<D['tables'][N]>,
  ): Operation<CountResult>;
  mutate<N extends TableName<D>>(
    table: N,
    where: Where<D['tables'][N]>,
    mutations: readonly Mutation<D['tables'][N]>[],
  ): Operation<CountResult>;
  delete<N extends TableName<D>>(table: N, where: Where<D['tables'][N]>): Operation<CountResult>;
  /**
   * Holds the transaction until the rows that match are (`==`) or are not (`!=`) the rows given; `timeoutMs` 0
   * fails it at once instead.
   */
  wait<N extends TableName<D>, const C extends ColumnName<D['tables'][N]>>(
    table: N,
    where: Where<D['tables'][N]>,
    until: {
      readonly columns: readonly C[];
      readonly is: '==' | '!=';
      readonly rows: readonly { readonly [K in C]?: WriteOf<D['tables'][N][K]> }[];
      readonly timeoutMs: number;
    },
  ): Operation<void>;
  /** A line for the database's log. */
  comment(text: string): Operation<void>;
  /** Fails the transaction with `not owner` unless this client holds the lock (`OvsdbClient.lock`). */
  assert(lock: string): Operation<void>;
}

export function operations<D extends DatabaseSpec>(database: D): Operations<D> {
  const column = (table: string, name: string) => columnOf(database, table, name);
  const encodeRow = (table: string, row: object): JsonObject =>
    Object.fromEntries(
      Object.entries(row)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, encodeValue(column(table, name), value)]),
    );
  const encodeWhere = (table: string, where: AnyWhere) => encodeConditions(database, table, where);
  return {
    insert: (table, row, options) => ({
      wire: {
        op: 'insert',
        table,
        row: encodeRow(table, row),
        ...(options?.uuidName === undefined ? {} : { 'uuid-name': named(options.uuidName).uuidName }),
      },
      decode: (result) => ({ uuid: decodeAtom('uuid', result.uuid ?? null) as Uuid }),
    }),
    select: (table, where, columns) => {
      const wanted = ['_uuid', ...columns];
      const specs = wanted.map((name) => [name, column(table, name)] as const);
      return {
        wire: { op: 'select', table, where: encodeWhere(table, where), columns: wanted },
        // The specs were chosen by the columns that type the rows.
        decode: (result) => decodeRows(table, specs, result.rows) as never,
      };
    },
    update: (table, where, row) => ({
      wire: { op: 'update', table, where: encodeWhere(table, where), row: encodeRow(table, row) },
      decode: decodeCount,
    }),
    mutate: (table, where, mutations) => ({
      wire: {
        op: 'mutate',
        table,
        where: encodeWhere(table, where),
        mutations: mutations.map((mutation) => {
          const [name, mutator, value] = mutation as readonly [string, string, unknown];
          return [name, mutator, encodeMutation(column(table, name), value)];
        }),
      },
      decode: decodeCount,
    }),
    delete: (table, where) => ({
      wire: { op: 'delete', table, where: encodeWhere(table, where) },
      decode: decodeCount,
    }),
    wait: (table, where, until) => ({
      wire: {
        op: 'wait',
        table,
        where: encodeWhere(table, where),
        columns: [...until.columns],
        until: until.is,
        rows: until.rows.map((row) => encodeRow(table, row)),
        timeout: until.timeoutMs,
      },
      decode: () => undefined,
    }),
    comment: (text) => ({ wire: { op: 'comment', comment: text }, decode: () => undefined }),
    assert: (lock) => ({ wire: { op: 'assert', lock: identifier(lock) }, decode: () => undefined }),
  };
}

/** RFC 7047 §5.1 <mutation>: a map loses pairs or keys, a column of one number takes a number. */
function encodeMutation(column: Column, value: unknown): Json {
  return column.shape === 'map' && Array.isArray(value)
    ? encodeSet(column.key, value)
    : encodeValue(column, value);
}

function decodeCount(result: JsonObject): CountResult {
  if (typeof result.count !== 'number') throw protocolViolation('a result without its count');
  return { count: result.count };
}

type AnyWhere = readonly (readonly [string, string, unknown])[];

/** RFC 7047 §5.1 <condition>. */
export const encodeConditions = (database: DatabaseSpec, table: string, where: AnyWhere): readonly Json[] =>
  where.map(([name, comparison, value]) => [
    name,
    comparison,
    encodeValue(columnOf(database, table, name), value),
  ]);

function decodeRows(
  table: string,
  columns: readonly (readonly [string, Column])[],
  rows: Json | undefined,
): readonly object[] {
  if (!isJsonArray(rows)) throw protocolViolation('a select without rows');
  return rows.map((row) => {
    if (!isJsonObject(row)) throw protocolViolation('a row that is no object');
    const decoded: Record<string, unknown> = {};
    for (const [name, spec] of columns) decoded[name] = decodeColumn(table, name, spec, row[name] ?? null);
    return decoded;
  });
}
