/**
 * A copy of some tables that follows the server. It survives a reconnect: the rows stay readable, marked as not
 * current, and what changed meanwhile arrives as ordinary changes.
 */
import { type Conditions, type EncodedConditions, encodeViewConditions, NO_CONDITIONS } from './condition.ts';
import { OvsdbError } from './error.ts';
import type { Json } from './json.ts';
import { callListener } from './listener.ts';
import type { ColumnName, DatabaseSpec, Row, TableName, Uuid } from './schema.ts';
import {
  type AnyChange,
  type AnySelection,
  applyChanges,
  difference,
  emptyTables,
  readUpdates,
  type Tables,
  type UpdateFormat,
} from './table-state.ts';
import type { Timers } from './timers.ts';

/** How long `until` waits unless told otherwise. */
export const UNTIL_TIMEOUT_MS = 10_000;

/** Which columns of which tables. */
export type Selection<D extends DatabaseSpec> = {
  readonly [N in TableName<D>]?: readonly ColumnName<D['tables'][N]>[];
};
export type SelectedTable<S> = keyof S & string;
export type SelectedRow<D extends DatabaseSpec, S, N extends SelectedTable<S>> =
  N extends TableName<D>
    ? S[N] extends readonly (infer C)[]
      ? Row<D['tables'][N], C & ColumnName<D['tables'][N]>>
      : never
    : never;

/** One row's change; switch on `table` to narrow. `before` null: new; `after` null: gone. */
export type Change<D extends DatabaseSpec, S> = {
  readonly [N in SelectedTable<S>]: {
    readonly table: N;
    readonly uuid: Uuid;
    readonly before: SelectedRow<D, S, N> | null;
    readonly after: SelectedRow<D, S, N> | null;
  };
}[SelectedTable<S>];

export interface View<D extends DatabaseSpec, S> {
  /** The rows as of the last notification. The map itself never changes; ask again for later ones. */
  table<N extends SelectedTable<S>>(name: N): ReadonlyMap<Uuid, SelectedRow<D, S, N>>;
  /** False while the connection is down. */
  readonly isCurrent: boolean;
  /** All changes of one notification together, after they are in the tables. Returns the end of the subscription. */
  subscribe(listener: (changes: readonly Change<D, S>[]) => void): () => void;
  /**
   * Resolves with the first result of `find` that is not undefined, tried now and after each notification while
   * current. Rejects with `condition_timed_out` or `closed`.
   */
  until<T>(
    find: (view: View<D, S>) => T | undefined,
    options?: { readonly timeoutMs?: number; readonly condition?: string },
  ): Promise<T>;
  /**
   * Holds other rows from now on. Once it resolves the tables are those of the new conditions, and subscribers have
   * been told the difference. Rejects as a request does; then the view keeps the conditions that it had.
   */
  changeConditions(conditions: Conditions<D>): Promise<void>;
  /** Ends the monitor on the server. */
  close(): Promise<void>;
}

/** What the view cannot do without its client. */
export interface ViewOwner {
  cancel(id: string): Promise<void>;
  changeConditions(id: string, conditions: EncodedConditions): Promise<void>;
}

/** The view with what the client needs to feed it. */
export class LiveView<D extends DatabaseSpec, S extends Selection<D>> implements View<D, S> {
  readonly id: string;
  readonly selection: AnySelection;
  /** Set by whoever starts the monitor. */
  format: UpdateFormat = 'update2';
  /** What the server was last seen to hold the view to. */
  conditions: EncodedConditions;
  /** The transaction after which the tables stand, where the server numbers them; null: ask for everything. */
  lastTransaction: string | null = null;
  readonly #database: D;
  readonly #timers: Timers;
  readonly #owner: ViewOwner;
  readonly #listeners = new Set<(changes: readonly Change<D, S>[]) => void>();
  readonly #waiting = new Set<{ check: () => void; fail: (error: unknown) => void }>();
  #tables: Tables;
  /** Tables of which somebody holds the map as it is now. */
  readonly #lent = new Set<string>();
  #isCurrent = false;

  constructor(options: {
    readonly id: string;
    readonly database: D;
    readonly selection: S;
    readonly conditions?: Conditions<D> | undefined;
    readonly timers: Timers;
    readonly owner: ViewOwner;
  }) {
    this.id = options.id;
    this.#database = options.database;
    this.selection = definedOf(options.selection);
    this.conditions = options.conditions ? this.#encode(options.conditions) : NO_CONDITIONS;
    this.#timers = options.timers;
    this.#owner = options.owner;
    this.#tables = emptyTables(this.selection);
  }

  table<N extends SelectedTable<S>>(name: N): ReadonlyMap<Uuid, SelectedRow<D, S, N>> {
    const rows = this.#tables.get(name);
    if (!rows) throw new RangeError(`the view does not hold table ${name}`);
    this.#lent.add(name);
    return rows as ReadonlyMap<Uuid, never>;
  }

  get isCurrent(): boolean {
    return this.#isCurrent;
  }

  subscribe(listener: (changes: readonly Change<D, S>[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  until<T>(
    find: (view: View<D, S>) => T | undefined,
    options: { readonly timeoutMs?: number; readonly condition?: string } = {},
  ): Promise<T> {
    const { timeoutMs = UNTIL_TIMEOUT_MS, condition = 'the condition' } = options;
    return new Promise((resolve, reject) => {
      const done = () => {
        cancel();
        this.#waiting.delete(waiter);
      };
      const waiter = {
        check: () => {
          try {
            const found = this.#isCurrent ? find(this) : undefined;
            if (found === undefined) return;
            done();
            resolve(found);
          } catch (error) {
            waiter.fail(error);
          }
        },
        fail: (error: unknown) => {
          done();
          reject(error);
        },
      };
      const cancel = this.#timers.after(timeoutMs, () =>
        waiter.fail(new OvsdbError({ code: 'condition_timed_out', condition, afterMs: timeoutMs })),
      );
      this.#waiting.add(waiter);
      waiter.check();
    });
  }

  async changeConditions(conditions: Conditions<D>): Promise<void> {
    await this.#owner.changeConditions(this.id, this.#encode(conditions));
  }

  async close(): Promise<void> {
    await this.#owner.cancel(this.id);
  }

  /** The reply that starts a monitor: everything there is, told as the difference to what we had. */
  restart(json: Json): void {
    const empty = emptyTables(this.selection);
    const fresh = applyChanges(empty, this.#read(empty, json));
    const changes = difference(this.#tables, fresh);
    this.#tables = fresh;
    this.#lent.clear();
    this.#isCurrent = true;
    this.#tell(changes);
  }

  /** The other reply: only what has changed since `lastTransaction`. */
  resume(json: Json): void {
    const changes = this.#read(this.#tables, json);
    this.#isCurrent = true;
    this.#apply(changes);
  }

  update(json: Json): void {
    this.#apply(this.#read(this.#tables, json));
  }

  markStale(): void {
    this.#isCurrent = false;
  }

  /** Rejects whoever still waits. */
  retire(error: OvsdbError): void {
    this.markStale();
    for (const waiter of [...this.#waiting]) waiter.fail(error);
    this.#listeners.clear();
  }

  #apply(changes: readonly AnyChange[]): void {
    this.#tables = applyChanges(this.#tables, changes, (table) => !this.#lent.has(table));
    for (const { table } of changes) this.#lent.delete(table);
    this.#tell(changes);
  }

  #read(tables: Tables, json: Json): readonly AnyChange[] {
    return readUpdates(this.#database, this.selection, tables, this.format, json);
  }

  #encode(conditions: Conditions<D>): EncodedConditions {
    return encodeViewConditions(this.#database, Object.keys(this.selection), conditions);
  }

  #tell(changes: readonly AnyChange[]): void {
    if (changes.length > 0)
      for (const listener of [...this.#listeners]) callListener(listener, changes as readonly never[]);
    for (const waiter of [...this.#waiting]) waiter.check();
  }
}

const definedOf = (selection: Readonly<Record<string, readonly string[] | undefined>>): AnySelection =>
  Object.fromEntries(
    Object.entries(selection).flatMap(([table, columns]) => (columns ? [[table, columns]] : [])),
  );
