/**
 * A client that stays: it dials, checks the schema, starts the monitors, and does all of it again after every
 * loss, with back-off. Requests made while the connection is down fail at once; waiting is the caller's choice.
 */
import type { Socket } from 'node:net';
import { type BackoffOptions, reconnectDelayMs } from './backoff.ts';
import { type DialOptions, dial, type Endpoint, formatEndpoint, parseEndpoint } from './endpoint.ts';
import { OvsdbError, protocolViolation } from './error.ts';
import { isJsonArray, type Json, type JsonObject } from './json.ts';
import { callListener } from './listener.ts';
import type { Operation, Results } from './operation.ts';
import { RpcConnection, type RpcOptions } from './rpc.ts';
import type { DatabaseSpec } from './schema.ts';
import { checkSelection, parseServerSchema, type ServerSchema } from './server-schema.ts';
import { nodeTimers } from './timers.ts';
import { readTransaction } from './transaction.ts';
import { LiveView, type Selection, type View } from './view.ts';

/** How long `connected` waits unless told otherwise. */
export const CONNECTED_TIMEOUT_MS = 10_000;

export interface OvsdbClientOptions<D extends DatabaseSpec>
  extends Omit<RpcOptions, 'endpoint'>,
    Omit<DialOptions, 'signal'> {
  /** `unix:/path`, `tcp:host:port` or `ssl:host:port`. */
  readonly endpoint: string | Endpoint;
  readonly database: D;
  readonly reconnect?: BackoffOptions;
}

export type ConnectionStatus =
  | { readonly kind: 'connected' }
  | { readonly kind: 'disconnected'; readonly error: OvsdbError; readonly retryInMs: number }
  | { readonly kind: 'closed' };

interface RequestOptions {
  readonly timeoutMs?: number;
}
// A view of any selection, as the client keeps it.
type SomeView<D extends DatabaseSpec> = LiveView<D, Selection<D>>;

export class OvsdbClient<D extends DatabaseSpec> {
  readonly endpoint: string;
  readonly database: D;
  readonly #options: OvsdbClientOptions<D>;
  readonly #target: Endpoint;
  readonly #views = new Map<string, SomeView<D>>();
  readonly #listeners = new Set<(status: ConnectionStatus) => void>();
  readonly #closing = new AbortController();
  #rpc: RpcConnection | null = null;
  #schema: ServerSchema | null = null;
  #isConnected = false;
  #failures = 0;
  #cancelRetry: () => void = () => {};
  #lastError: OvsdbError | null = null;
  #nextView = 1;

  /** Starts to dial at once and keeps trying until `close`. */
  constructor(options: OvsdbClientOptions<D>) {
    this.#options = options;
    this.#target = typeof options.endpoint === 'string' ? parseEndpoint(options.endpoint) : options.endpoint;
    this.endpoint = formatEndpoint(this.#target);
    this.database = options.database;
    void this.#connect();
  }

  /** A client whose first attempt has succeeded; otherwise it is closed and its error is thrown. */
  static async connect<D extends DatabaseSpec>(options: OvsdbClientOptions<D>): Promise<OvsdbClient<D>> {
    const client = new OvsdbClient(options);
    const first = await new Promise<ConnectionStatus>((resolve) => client.onStatus(resolve));
    if (first.kind === 'connected') return client;
    client.close();
    throw first.kind === 'disconnected' ? first.error : client.#closedError();
  }

  /** True once the schema fits and every view is current. */
  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Returns the end of the subscription. */
  onStatus(listener: (status: ConnectionStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when the connection is up; after `timeoutMs` rejects with the last reason why it is not. */
  connected({ timeoutMs = CONNECTED_TIMEOUT_MS }: RequestOptions = {}): Promise<void> {
    if (this.#isConnected) return Promise.resolve();
    if (this.#closing.signal.aborted) return Promise.reject(this.#closedError());
    return new Promise((resolve, reject) => {
      const finish = (error: OvsdbError | null) => {
        cancel();
        end();
        if (error) reject(error);
        else resolve();
      };
      const cancel = this.#timers.after(timeoutMs, () =>
        finish(this.#lastError ?? new OvsdbError({ code: 'connect_failed', endpoint: this.endpoint })),
      );
      const end = this.onStatus((status) => {
        if (status.kind === 'connected') finish(null);
        if (status.kind === 'closed') finish(this.#closedError());
      });
    });
  }

  /** RFC 7047 §4.1.1. */
  listDatabases(options: RequestOptions = {}): Promise<readonly string[]> {
    return this.#request(
      'list_dbs',
      [],
      (json) => {
        if (!isJsonArray(json)) throw protocolViolation('list_dbs without a list');
        return json.map(String);
      },
      options,
    );
  }

  /** RFC 7047 §4.1.2, as shapes. */
  getSchema(name: string = this.database.name, options: RequestOptions = {}): Promise<ServerSchema> {
    return this.#request('get_schema', [name], parseServerSchema, options);
  }

  /** RFC 7047 §4.1.3: all operations or none. Rejects with `transaction_failed`, which names the operation. */
  transact<const Ops extends readonly Operation<unknown>[]>(
    ops: Ops,
    options: RequestOptions = {},
  ): Promise<Results<Ops>> {
    const params: Json[] = [this.database.name, ...ops.map((operation) => operation.wire)];
    return this.#request('transact', params, (json) => readTransaction(ops, json), options);
  }

  /** Follows the chosen columns from now on, across reconnects. */
  async monitor<const S extends Selection<D>>(selection: S): Promise<View<D, S>> {
    const view = new LiveView({
      id: `view-${this.#nextView}`,
      database: this.database,
      selection,
      timers: this.#timers,
      cancel: (ended) => this.#cancelMonitor(ended.id),
    });
    this.#nextView += 1;
    const rpc = this.#openRpc();
    if (this.#schema) checkSelection(this.database, this.#schema, view.selection);
    // Views of different tables stand in one map; each is read through its own handle only.
    this.#views.set(view.id, view as unknown as SomeView<D>);
    try {
      await this.#startMonitor(rpc, view as unknown as SomeView<D>);
    } catch (error) {
      this.#views.delete(view.id);
      throw error;
    }
    return view;
  }

  /** Ends everything at once; pending requests and waits are rejected with `closed`. */
  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    this.#cancelRetry();
    this.#isConnected = false;
    const error = this.#closedError();
    this.#rpc?.end(error);
    this.#rpc = null;
    for (const view of this.#views.values()) view.retire(error);
    this.#views.clear();
    this.#tell({ kind: 'closed' });
    this.#listeners.clear();
  }

  get #timers() {
    return this.#options.timers ?? nodeTimers;
  }

  #request<T>(
    method: string,
    params: readonly Json[],
    decode: (json: Json) => T,
    options: RequestOptions,
  ): Promise<T> {
    try {
      return this.#openRpc().request(method, params, decode, options.timeoutMs);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #openRpc(): RpcConnection {
    if (this.#rpc && this.#isConnected) return this.#rpc;
    if (this.#closing.signal.aborted) throw this.#closedError();
    const cause = this.#lastError;
    throw new OvsdbError(
      { code: 'disconnected', endpoint: this.endpoint, sent: false },
      cause ? { cause } : {},
    );
  }

  async #connect(): Promise<void> {
    const { signal } = this.#closing;
    let rpc: RpcConnection | null = null;
    try {
      const socket = await dial(this.#target, { ...this.#options, signal });
      // Closed in the very moment in which the socket came up.
      if (signal.aborted) return void socket.destroy();
      rpc = this.#open(socket);
      this.#schema = await rpc.request('get_schema', [this.database.name], parseServerSchema);
      for (const view of this.#views.values()) {
        checkSelection(this.database, this.#schema, view.selection);
        await this.#startMonitor(rpc, view);
      }
    } catch (error) {
      const reason = asOvsdbError(error);
      // Ending the connection schedules the next attempt; when none came up nobody else does it.
      if (rpc?.isOpen) rpc.end(reason);
      else if (!rpc) this.#onLoss(reason);
      return;
    }
    if (signal.aborted || !rpc.isOpen) return;
    this.#isConnected = true;
    this.#failures = 0;
    this.#lastError = null;
    this.#tell({ kind: 'connected' });
  }

  #open(socket: Socket): RpcConnection {
    const rpc = new RpcConnection(
      socket,
      {
        onNotification: (method, params) => this.#onNotification(method, params),
        onClose: (error) => this.#onLoss(error),
      },
      { ...this.#options, endpoint: this.endpoint },
    );
    this.#rpc = rpc;
    return rpc;
  }

  #onLoss(error: OvsdbError): void {
    if (this.#closing.signal.aborted) return;
    this.#rpc = null;
    this.#isConnected = false;
    this.#lastError = error;
    this.#failures += 1;
    for (const view of this.#views.values()) view.markStale();
    const retryInMs = reconnectDelayMs(this.#failures, this.#options.reconnect);
    this.#cancelRetry = this.#timers.after(retryInMs, () => void this.#connect());
    this.#tell({ kind: 'disconnected', error, retryInMs });
  }

  #onNotification(method: string, params: readonly Json[]): void {
    const [id, updates] = params;
    if (method !== 'update' && method !== 'update2') return;
    const view = typeof id === 'string' ? this.#views.get(id) : undefined;
    // A monitor that was cancelled may still have a notification on the way.
    if (view) view.update(updates ?? null);
  }

  /** `monitor_cond` tells differences and leaves out defaults; a server older than 2.6 knows only RFC 7047's `monitor`. */
  async #startMonitor(rpc: RpcConnection, view: SomeView<D>): Promise<void> {
    const tables: JsonObject = Object.fromEntries(
      Object.entries(view.selection).map(([table, columns]) => [table, [{ columns }]]),
    );
    const ask = (method: string, format: 'update' | 'update2') =>
      rpc.request(method, [this.database.name, view.id, tables], (json) => {
        view.format = format;
        view.restart(json);
      });
    try {
      await ask('monitor_cond', 'update2');
    } catch (error) {
      if (!isUnknownMethod(error)) throw error;
      await ask('monitor', 'update');
    }
  }

  async #cancelMonitor(id: string): Promise<void> {
    const view = this.#views.get(id);
    if (!view) return;
    this.#views.delete(id);
    view.retire(this.#closedError());
    // Without a connection the server has forgotten the monitor already.
    if (this.#rpc && this.#isConnected) await this.#rpc.request('monitor_cancel', [id], () => undefined);
  }

  #tell(status: ConnectionStatus): void {
    for (const listener of [...this.#listeners]) callListener(listener, status);
  }

  #closedError(): OvsdbError {
    return new OvsdbError({ code: 'closed', endpoint: this.endpoint });
  }
}

const asOvsdbError = (error: unknown): OvsdbError =>
  error instanceof OvsdbError ? error : protocolViolation('the session did not start', { cause: error });

const isUnknownMethod = (error: unknown): boolean =>
  error instanceof OvsdbError &&
  error.detail.code === 'request_refused' &&
  error.detail.error === 'unknown method';
