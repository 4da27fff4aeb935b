/**
 * The rows of the monitored tables and how notifications change them. Pure: every function returns the changes
 * and the new rows. Understands `update2` (ovsdb-server(7) §4.1.14), whose rows `update3` carries too, and the plain
 * `update` of RFC 7047 §4.1.6.
 */
import { protocolViolation } from './error.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import type { Column, DatabaseSpec, Uuid } from './schema.ts';
import { columnOf } from './schema.ts';
import { type Atom, decodeColumn, defaultValue, isUuid, type Value } from './value.ts';

export type AnyRow = Readonly<Record<string, Value>> & { readonly _uuid: Uuid };
export type TableRows = ReadonlyMap<Uuid, AnyRow>;
export type Tables = ReadonlyMap<string, TableRows>;
/** Columns by table. */
export type AnySelection = Readonly<Record<string, readonly string[]>>;

export interface AnyChange {
  readonly table: string;
  readonly uuid: Uuid;
  /** null: the row is new. */
  readonly before: AnyRow | null;
  /** null: the row is gone. */
  readonly after: AnyRow | null;
}
export type UpdateFormat = 'update' | 'update2';

export const emptyTables = (selection: AnySelection): Tables =>
  new Map(Object.keys(selection).map((table) => [table, new Map()]));

/** What a notification, or the reply that started the monitor, changes. */
export function readUpdates(
  database: DatabaseSpec,
  selection: AnySelection,
  tables: Tables,
  format: UpdateFormat,
  json: Json,
): readonly AnyChange[] {
  if (!isJsonObject(json)) throw protocolViolation('table updates that are no object');
  return Object.entries(json).flatMap(([table, rows]) => {
    const names = Object.hasOwn(selection, table) ? selection[table] : undefined;
    if (!names || !isJsonObject(rows))
      throw protocolViolation(`an update of ${table}, which nobody asked for`);
    const columns = names.map((name) => [name, columnOf(database, table, name)] as const);
    const known = tables.get(table);
    return Object.entries(rows).map(([uuid, update]) => {
      if (!isUuid(uuid) || !isJsonObject(update))
        throw protocolViolation(`an update of row ${uuid} in ${table}`);
      const before = known?.get(uuid) ?? null;
      const read = { table, columns, uuid, before };
      return {
        table,
        uuid,
        before,
        after: format === 'update2' ? readUpdate2(read, update) : readUpdate(read, update),
      };
    });
  });
}

/** `isOurs` tells the tables that nobody else has seen: they are changed in place, the others are copied first. */
export function applyChanges(
  tables: Tables,
  changes: readonly AnyChange[],
  isOurs: (table: string) => boolean = () => false,
): Tables {
  const touched = new Map<string, Map<Uuid, AnyRow>>();
  for (const { table, uuid, after } of changes) {
    const old = tables.get(table);
    const rows = touched.get(table) ?? (isOurs(table) && old instanceof Map ? old : new Map(old));
    if (after) rows.set(uuid, after);
    else rows.delete(uuid);
    touched.set(table, rows);
  }
  return new Map([...tables, ...touched]);
}

/** What leads from one snapshot to another: after a reconnect nobody tells what happened in between. */
export function difference(from: Tables, to: Tables): readonly AnyChange[] {
  return [...to].flatMap(([table, rows]) => {
    const old: TableRows = from.get(table) ?? new Map();
    const gone = [...old].filter(([uuid]) => !rows.has(uuid));
    return [
      ...gone.map(([uuid, before]) => ({ table, uuid, before, after: null })),
      ...[...rows]
        .map(([uuid, after]) => ({ table, uuid, before: old.get(uuid) ?? null, after }))
        .filter(({ before, after }) => !before || !sameRow(before, after)),
    ];
  });
}

interface RowRead {
  readonly table: string;
  readonly columns: readonly (readonly [string, Column])[];
  readonly uuid: Uuid;
  readonly before: AnyRow | null;
}

/** `initial` and `insert` leave out defaults, `modify` holds differences, `delete` nothing of use. */
function readUpdate2(read: RowRead, update: JsonObject): AnyRow | null {
  const { before } = read;
  const fresh = update.initial ?? update.insert;
  if (isJsonObject(fresh))
    return buildRow(read, fresh, (column, _name, value) =>
      value === undefined ? defaultValue(column) : value,
    );
  if (!isJsonObject(update.modify)) return null;
  if (!before)
    throw protocolViolation(`a modification of row ${read.uuid} in ${read.table}, which is not there`);
  return buildRow(read, update.modify, (column, name, change) => {
    const old = before[name] ?? null;
    return change === undefined ? old : applyDifference(column, old, change);
  });
}

/** `new` holds every monitored column. */
function readUpdate(read: RowRead, update: JsonObject): AnyRow | null {
  if (!isJsonObject(update.new)) return null;
  return buildRow(read, update.new, (column, name, value) =>
    value !== undefined ? value : (read.before?.[name] ?? defaultValue(column)),
  );
}

function buildRow(
  { table, columns, uuid }: RowRead,
  json: JsonObject,
  choose: (column: Column, name: string, sent: Value | undefined) => Value,
): AnyRow {
  const row: Record<string, Value> & { _uuid: Uuid } = { _uuid: uuid };
  for (const [name, column] of columns) {
    const value = json[name];
    row[name] = choose(
      column,
      name,
      value === undefined ? undefined : decodeColumn(table, name, column, value),
    );
  }
  return row;
}

/** A set or map column of more than one value gives its symmetric difference, everything else its new value. */
function applyDifference(column: Column, before: Value, change: Value): Value {
  if (column.shape === 'set' && Array.isArray(before) && Array.isArray(change)) {
    const [old, toggled] = [new Set<Atom>(before), new Set<Atom>(change)];
    return [
      ...[...old].filter((atom) => !toggled.has(atom)),
      ...[...toggled].filter((atom) => !old.has(atom)),
    ];
  }
  if (column.shape !== 'map' || !(before instanceof Map) || !(change instanceof Map)) return change;
  const merged = new Map<Atom, Atom>(before);
  for (const [key, value] of change) {
    if (merged.get(key) === value) merged.delete(key);
    else merged.set(key, value);
  }
  return merged;
}

const sameRow = (a: AnyRow, b: AnyRow): boolean =>
  Object.keys(b).every((name) => sameValue(a[name] ?? null, b[name] ?? null));

function sameValue(a: Value, b: Value): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    const members = new Set<Atom>(a);
    return a.length === b.length && b.every((atom) => members.has(atom));
  }
  if (a instanceof Map && b instanceof Map)
    return a.size === b.size && [...b].every(([key, value]) => a.get(key) === value);
  return a === b;
}
