/** Which rows a view holds, where that is not all of them (ovsdb-server(7) §4.1.12). */
import type { Json, JsonObject } from './json.ts';
import { type Condition, encodeConditions } from './operation.ts';
import type { DatabaseSpec, TableName } from './schema.ts';

/**
 * For each table, the conditions of which a row must meet at least one; an empty list leaves every row out. A table
 * that is not named is held whole. (The `where` of an operation is the other way round: there all must hold.)
 */
export type Conditions<D extends DatabaseSpec> = {
  readonly [N in TableName<D>]?: readonly Condition<D['tables'][N]>[];
};

/** `where` of each table that has one. Throws RangeError. */
export type EncodedConditions = Readonly<Record<string, readonly Json[]>>;

export const NO_CONDITIONS: EncodedConditions = {};

export function encodeViewConditions(
  database: DatabaseSpec,
  tables: readonly string[],
  conditions: object,
): EncodedConditions {
  const given = Object.entries(conditions).filter(([, any]) => any !== undefined);
  return Object.fromEntries(
    given.map(([table, any]) => {
      if (!tables.includes(table)) throw new RangeError(`the view does not hold table ${table}`);
      return [table, any.length === 0 ? [false] : encodeConditions(database, table, any)];
    }),
  );
}

/** The request that starts a monitor. */
export const monitorRequests = (
  selection: Readonly<Record<string, readonly string[]>>,
  conditions: EncodedConditions,
): JsonObject =>
  Object.fromEntries(
    Object.entries(selection).map(([table, columns]) => {
      const where = conditions[table];
      return [table, [{ columns, ...(where ? { where } : {}) }]];
    }),
  );

/** The request that changes them; a table left out would keep what it had. */
export const conditionRequests = (tables: readonly string[], conditions: EncodedConditions): JsonObject =>
  Object.fromEntries(tables.map((table) => [table, [{ where: conditions[table] ?? [true] }]]));
