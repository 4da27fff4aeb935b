/**
 * The views of one client and their monitors on the server: started, fed, changed, cancelled, and started again on
 * every new connection. The newest way that the server knows is used: `monitor_cond_since` (Open vSwitch 2.12),
 * which after a short absence tells only the differences; `monitor_cond` (2.6); `monitor` (RFC 7047).
 */
import { conditionRequests, type EncodedConditions, monitorRequests } from './condition.ts';
import { OvsdbError, protocolViolation } from './error.ts';
import { isJsonArray, type Json } from './json.ts';
import type { RpcConnection } from './rpc.ts';
import type { DatabaseSpec } from './schema.ts';
import { checkSelection, type ServerSchema } from './server-schema.ts';
import type { LiveView, Selection } from './view.ts';

// A view of any selection: each is read through its own handle only.
export type SomeView<D extends DatabaseSpec> = LiveView<D, Selection<D>>;

const METHODS = ['monitor_cond_since', 'monitor_cond', 'monitor'] as const;
/** What stands for no transaction. */
const NO_TRANSACTION = '00000000-0000-0000-0000-000000000000';

export class MonitorSet<D extends DatabaseSpec> {
  readonly #database: D;
  readonly #views = new Map<string, SomeView<D>>();
  /** The newest of the methods that this server has not refused. */
  #method = 0;

  constructor(database: D) {
    this.#database = database;
  }

  /** Starts one view on a connection that is up; a view that does not start is forgotten. */
  async add(rpc: RpcConnection, schema: ServerSchema | null, view: SomeView<D>): Promise<void> {
    if (schema) checkSelection(this.#database, schema, view.selection);
    this.#views.set(view.id, view);
    try {
      await endOnTimeout(rpc, this.#start(rpc, view));
    } catch (error) {
      this.#views.delete(view.id);
      // Started, but unreadable: the server need not go on.
      if (rpc.isOpen && !isRefusal(error))
        rpc.request('monitor_cancel', [view.id], () => undefined).catch(() => {});
      throw error;
    }
  }

  /** Starts every view again on a new connection. */
  async restartAll(rpc: RpcConnection, schema: ServerSchema): Promise<void> {
    this.#method = 0;
    for (const view of this.#views.values()) checkSelection(this.#database, schema, view.selection);
    for (const view of this.#views.values()) await this.#start(rpc, view);
  }

  /** `update`, `update2`, `update3`, `monitor_canceled`; anything else is none of ours. */
  onNotification(method: string, params: readonly Json[]): void {
    const [id] = params;
    const view = typeof id === 'string' ? this.#views.get(id) : undefined;
    // A monitor that was cancelled may still have a notification on the way.
    if (!view) return;
    if (method === 'update' || method === 'update2') feed(view, params[1] ?? null, null);
    if (method === 'update3') feed(view, params[2] ?? null, params[1] ?? null);
    if (method === 'monitor_canceled') throw protocolViolation('the server has ended a monitor');
  }

  async changeConditions(
    rpc: RpcConnection,
    view: SomeView<D>,
    conditions: EncodedConditions,
  ): Promise<void> {
    const tables = conditionRequests(Object.keys(view.selection), conditions);
    const change = rpc.request('monitor_cond_change', [view.id, view.id, tables], () => {
      view.conditions = conditions;
    });
    try {
      await endOnTimeout(rpc, change);
    } catch (error) {
      // Without a refusal nobody knows which rows the server went on with, so it must tell everything anew.
      if (!isRefusal(error)) view.lastTransaction = null;
      throw error;
    }
  }

  async cancel(rpc: RpcConnection | null, id: string, error: OvsdbError): Promise<void> {
    const view = this.#views.get(id);
    if (!view) return;
    this.#views.delete(id);
    view.retire(error);
    // Without a connection the server has forgotten the monitor already.
    if (rpc)
      await endOnTimeout(
        rpc,
        rpc.request('monitor_cancel', [id], () => undefined),
      );
  }

  get(id: string): SomeView<D> | undefined {
    return this.#views.get(id);
  }

  markStale(): void {
    for (const view of this.#views.values()) view.markStale();
  }

  retireAll(error: OvsdbError): void {
    for (const view of this.#views.values()) view.retire(error);
    this.#views.clear();
  }

  async #start(rpc: RpcConnection, view: SomeView<D>): Promise<void> {
    const isConditional = Object.keys(view.conditions).length > 0;
    for (;;) {
      const method = METHODS[this.#method];
      if (!method) throw protocolViolation('no way to monitor');
      try {
        return await this.#ask(rpc, view, method);
      } catch (error) {
        const isLast = method === 'monitor' || (isConditional && method === 'monitor_cond');
        if (isLast || !isUnknownMethod(error)) throw error;
        // Two views may learn it at the same time.
        this.#method = Math.max(this.#method, METHODS.indexOf(method) + 1);
      }
    }
  }

  #ask(rpc: RpcConnection, view: SomeView<D>, method: (typeof METHODS)[number]): Promise<void> {
    const params = [this.#database.name, view.id, monitorRequests(view.selection, view.conditions)];
    if (method !== 'monitor_cond_since')
      return rpc.request(method, params, (json) => {
        view.format = method === 'monitor' ? 'update' : 'update2';
        view.lastTransaction = null;
        view.restart(json);
      });
    const since = view.lastTransaction ?? NO_TRANSACTION;
    return rpc.request(method, [...params, since], (json) => {
      const [found, transaction, updates] = isJsonArray(json) ? json : [];
      if (typeof found !== 'boolean' || typeof transaction !== 'string')
        throw protocolViolation('monitor_cond_since without found or transaction');
      view.format = 'update2';
      // Should reading fail, the next attempt asks for everything.
      view.lastTransaction = null;
      if (found) view.resume(updates ?? null);
      else view.restart(updates ?? null);
      view.lastTransaction = transaction;
    });
  }
}

function feed<D extends DatabaseSpec>(view: SomeView<D>, updates: Json, transaction: Json): void {
  view.lastTransaction = null;
  view.update(updates);
  if (typeof transaction === 'string') view.lastTransaction = transaction;
}

/** A request that changes what the server does for us must not stay in doubt: then the connection is made anew. */
export async function endOnTimeout<T>(rpc: RpcConnection, request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof OvsdbError && error.code === 'request_timed_out') rpc.end(error);
    throw error;
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof OvsdbError && error.detail.code === 'request_refused';

const isUnknownMethod = (error: unknown): boolean =>
  error instanceof OvsdbError &&
  error.detail.code === 'request_refused' &&
  error.detail.error === 'unknown method';
