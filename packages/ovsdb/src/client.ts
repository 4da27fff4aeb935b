/**
 * A client that stays: it dials, checks the server and its schema, starts the monitors and locks, and does all of it
 * again after every loss, with back-off. Requests made while the connection is down fail at once; waiting is the
 * caller's choice.
 */
import type { Socket } from 'node:net';
import {
  CONNECTED_TIMEOUT_MS,
  type ConnectionStatus,
  type LockOptions,
  type MonitorOptions,
  type OvsdbClientOptions,
} from './client-options.ts';
import { connectFailure } from './connect-failure.ts';
import { dial, formatEndpoint } from './endpoint.ts';
import { EndpointCycle } from './endpoint-cycle.ts';
import { asOvsdbError, type DatabaseUnavailable, OvsdbError, protocolViolation } from './error.ts';
import { isJsonArray, type Json, jsonText } from './json.ts';
import { callListener } from './listener.ts';
import { type Lock, LockSet } from './lock.ts';
import { MonitorSet, type SomeView } from './monitor-set.ts';
import type { Operation, Results } from './operation.ts';
import { type RequestOptions, RpcConnection } from './rpc.ts';
import type { DatabaseSpec } from './schema.ts';
import { parseServerSchema, type ServerSchema } from './server-schema.ts';
import {
  NO_PROGRESS,
  progressOf,
  type ServerStatus,
  ServerStatusReader,
  STATUS_MONITOR_ID,
  unfitness,
  watchServerStatus,
} from './server-status.ts';
import { nodeTimers } from './timers.ts';
import { readTransaction } from './transaction.ts';
import { LiveView, type Selection, type View, type ViewOwner } from './view.ts';

export class OvsdbClient<D extends DatabaseSpec> {
  readonly database: D;
  readonly #options: OvsdbClientOptions<D>;
  readonly #cycle: EndpointCycle;
  readonly #monitors: MonitorSet<D>;
  readonly #locks: LockSet;
  readonly #listeners = new Set<(status: ConnectionStatus) => void>();
  readonly #closing = new AbortController();
  #rpc: RpcConnection | null = null;
  #schema: ServerSchema | null = null;
  #statusReader: ServerStatusReader | null = null;
  #progress = NO_PROGRESS;
  #isConnected = false;
  #cancelRetry: () => void = () => {};
  #lastError: OvsdbError | null = null;
  #nextView = 1;
  /** Told once: when the first connection is up, or when every server has failed once. */
  #onFirstRound: (error: OvsdbError | null) => void = () => {};

  /** Starts to dial at once and keeps trying until `close`. Throws RangeError for an endpoint that is none. */
  constructor(options: OvsdbClientOptions<D>) {
    this.#options = options;
    this.#cycle = new EndpointCycle(options.endpoint);
    this.#monitors = new MonitorSet(options.database);
    this.#locks = new LockSet(this.#timers);
    this.database = options.database;
    void this.#connect();
  }

  /** A client that has reached a server; when all of them have failed once it is closed and the error is thrown. */
  static async connect<D extends DatabaseSpec>(options: OvsdbClientOptions<D>): Promise<OvsdbClient<D>> {
    const client = new OvsdbClient(options);
    const error = await new Promise<OvsdbError | null>((resolve) => {
      client.#onFirstRound = resolve;
    });
    if (!error) return client;
    client.close();
    throw error;
  }

  /** The server in use, or the one that is tried next. */
  get endpoint(): string {
    return formatEndpoint(this.#cycle.current);
  }

  /** True once the server is fit, the schema fits and every view is current. */
  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** What the server in use says about the database; null while there is none, and from servers before 2.9. */
  get serverStatus(): ServerStatus | null {
    return this.#isConnected ? (this.#statusReader?.status ?? null) : null;
  }

  /** Returns the end of the subscription. */
  onStatus(listener: (status: ConnectionStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when the connection is up; after `timeoutMs` rejects with the last reason why it is not. */
  connected({ timeoutMs = CONNECTED_TIMEOUT_MS }: { readonly timeoutMs?: number } = {}): Promise<void> {
    if (this.#isConnected) return Promise.resolve();
    if (this.#closing.signal.aborted) return Promise.reject(this.#closedError());
    return new Promise((resolve, reject) => {
      const finish = (error: OvsdbError | null) => {
        cancel();
        end();
        if (error) reject(error);
        else resolve();
      };
      const { endpoint } = this;
      const tooLong = () => new OvsdbError({ code: 'connect_failed', endpoint, reason: 'timed_out' });
      const cancel = this.#timers.after(timeoutMs, () => finish(this.#lastError ?? tooLong()));
      const end = this.onStatus((status) => {
        if (status.kind === 'connected') finish(null);
        if (status.kind === 'closed') finish(this.#closedError());
      });
    });
  }

  /** RFC 7047 §4.1.1. */
  listDatabases(options: RequestOptions = {}): Promise<readonly string[]> {
    return this.#request('list_dbs', [], readNames, options);
  }

  /** RFC 7047 §4.1.2, as shapes. */
  getSchema(name: string = this.database.name, options: RequestOptions = {}): Promise<ServerSchema> {
    return this.#request('get_schema', [name], parseServerSchema, options);
  }

  /** RFC 7047 §4.1.11: resolves when the server has answered. */
  echo(options: RequestOptions = {}): Promise<void> {
    return this.#request('echo', [], () => undefined, options);
  }

  /**
   * RFC 7047 §4.1.3: all operations or none. Rejects with `transaction_failed`, which names the operation. A `signal`
   * cancels it on the server too; when it was too late for that, the results come all the same.
   */
  transact<const Ops extends readonly Operation<unknown>[]>(
    ops: Ops,
    options: RequestOptions = {},
  ): Promise<Results<Ops>> {
    const params: Json[] = [this.database.name, ...ops.map((operation) => operation.wire)];
    return this.#request('transact', params, (json) => readTransaction(ops, json), options);
  }

  /**
   * Follows the chosen columns from now on, across reconnects. `conditions` need a server that knows `monitor_cond`
   * (Open vSwitch 2.6); an older one refuses.
   */
  async monitor<const S extends Selection<D>>(
    selection: S,
    options: MonitorOptions<D> = {},
  ): Promise<View<D, S>> {
    const view = new LiveView({
      id: `view-${this.#nextView}`,
      database: this.database,
      selection,
      conditions: options.conditions,
      timers: this.#timers,
      owner: this.#viewOwner,
    });
    this.#nextView += 1;
    // The set of monitors knows no table by name; the view checks its own rows.
    await this.#monitors.add(this.#openRpc(), this.#schema, view as unknown as SomeView<D>);
    return view;
  }

  /**
   * RFC 7047 §4.1.8: asks for a lock and resolves when the server has put us in line; see `Lock.held`. Rejects as a
   * request does, and with RangeError when the name is no identifier or is in use by this client.
   */
  async lock(name: string, { steal = false }: LockOptions = {}): Promise<Lock> {
    const release = (lock: Parameters<LockSet['release']>[1]) =>
      this.#locks.release(this.#liveRpc(), lock, this.#closedError());
    return this.#locks.add({ rpc: this.#openRpc(), name, steal, release });
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
    this.#monitors.retireAll(error);
    this.#locks.retireAll(error);
    this.#tell({ kind: 'closed' });
    this.#listeners.clear();
    this.#onFirstRound(error);
  }

  get #timers() {
    return this.#options.timers ?? nodeTimers;
  }

  get #viewOwner(): ViewOwner {
    return {
      cancel: (id) => this.#monitors.cancel(this.#liveRpc(), id, this.#closedError()),
      changeConditions: async (id, conditions) => {
        const view = this.#monitors.get(id);
        if (!view) throw this.#closedError();
        await this.#monitors.changeConditions(this.#openRpc(), view, conditions);
      },
    };
  }

  async #request<T>(
    method: string,
    params: readonly Json[],
    decode: (json: Json) => T,
    options: RequestOptions,
  ): Promise<T> {
    return await this.#openRpc().request(method, params, decode, options);
  }

  #liveRpc(): RpcConnection | null {
    return this.#isConnected ? this.#rpc : null;
  }

  #openRpc(): RpcConnection {
    const rpc = this.#liveRpc();
    if (rpc) return rpc;
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
      const socket = await dial(this.#cycle.current, { ...this.#options, signal });
      // Closed in the very moment in which the socket came up.
      if (signal.aborted) return void socket.destroy();
      rpc = this.#open(socket);
      const reader = new ServerStatusReader(this.database.name);
      // In place before the reply, so that no update is missed; an old server has nothing to read.
      this.#statusReader = reader;
      if (!(await watchServerStatus(rpc, reader))) this.#statusReader = null;
      const { schemaText } = reader;
      this.#checkServer(reader);
      this.#schema = await this.#readSchema(rpc);
      await this.#monitors.restartAll(rpc, this.#schema);
      await this.#locks.restartAll(rpc);
      // What the server said meanwhile counts too.
      this.#checkServer(reader);
      if (schemaText !== null && reader.schemaText !== schemaText) throw this.#schemaChanged();
    } catch (error) {
      const reason = asOvsdbError(error);
      // Ending the connection schedules the next attempt; when none came up nobody else does it.
      if (rpc?.isOpen) rpc.end(reason);
      else if (!rpc) this.#onLoss(reason);
      return;
    }
    if (signal.aborted || !rpc.isOpen) return;
    this.#isConnected = true;
    this.#cycle.succeeded();
    this.#lastError = null;
    this.#tell({ kind: 'connected', endpoint: this.endpoint });
    this.#onFirstRound(null);
  }

  #open(socket: Socket): RpcConnection {
    const { endpoint } = this;
    const rpc: RpcConnection = new RpcConnection(
      socket,
      {
        onNotification: (method, params) => this.#onNotification(rpc, method, params),
        onClose: (error) => this.#onLoss(rpc.hasHeard ? error : neverHeard(error, endpoint)),
      },
      { ...this.#options, endpoint },
    );
    this.#rpc = rpc;
    return rpc;
  }

  async #readSchema(rpc: RpcConnection): Promise<ServerSchema> {
    try {
      return await rpc.request('get_schema', [this.database.name], parseServerSchema);
    } catch (error) {
      const isRefusal = error instanceof OvsdbError && error.detail.code === 'request_refused';
      throw isRefusal && error.detail.error === 'unknown database' ? this.#unavailable('not_served') : error;
    }
  }

  #unavailable(reason: DatabaseUnavailable): OvsdbError {
    const { endpoint, database } = this;
    return new OvsdbError({ code: 'database_unavailable', endpoint, database: database.name, reason });
  }

  #checkServer(reader: ServerStatusReader): void {
    const { status } = reader;
    if (!status) return;
    const leaderOnly = this.#options.leaderOnly ?? true;
    const reason = unfitness(status, reader.schemaText !== null, { leaderOnly, progress: this.#progress });
    if (reason) throw this.#unavailable(reason);
    this.#progress = progressOf(status, this.#progress);
  }

  #onLoss(error: OvsdbError): void {
    if (this.#closing.signal.aborted) return;
    this.#rpc = null;
    this.#isConnected = false;
    this.#lastError = error;
    this.#monitors.markStale();
    this.#locks.lose();
    const { retryInMs, roundError } = this.#cycle.failed(error, this.#options.reconnect);
    this.#cancelRetry = this.#timers.after(retryInMs, () => void this.#connect());
    this.#tell({ kind: 'disconnected', error, retryInMs });
    if (roundError) this.#onFirstRound(roundError);
  }

  #onNotification(rpc: RpcConnection, method: string, params: readonly Json[]): void {
    if (method === 'update2' && params[0] === STATUS_MONITOR_ID) this.#onServerStatus(rpc, params[1] ?? null);
    this.#monitors.onNotification(method, params);
    this.#locks.onNotification(method, params);
  }

  /** While the session is being made, `#connect` looks at the status itself. */
  #onServerStatus(rpc: RpcConnection, updates: Json): void {
    const reader = this.#statusReader;
    if (!reader || !this.#isConnected) return void reader?.update(updates);
    const before = reader.schemaText;
    reader.update(updates);
    this.#checkServer(reader);
    if (before !== null && reader.schemaText !== before) rpc.end(this.#schemaChanged());
  }

  #schemaChanged(): OvsdbError {
    const cause = new Error('the schema of the database has changed');
    return new OvsdbError({ code: 'disconnected', endpoint: this.endpoint, sent: false }, { cause });
  }

  #tell(status: ConnectionStatus): void {
    for (const listener of [...this.#listeners]) callListener(listener, status);
  }

  #closedError(): OvsdbError {
    return new OvsdbError({ code: 'closed', endpoint: this.endpoint, sent: false });
  }
}

/** With TLS 1.3 a server refuses our certificate only after our side of the handshake is done. */
function neverHeard(error: OvsdbError, endpoint: string): OvsdbError {
  if (error.code !== 'disconnected') return error;
  const reason = error.cause ? connectFailure(error.cause) : 'closed_by_peer';
  return new OvsdbError({ code: 'connect_failed', endpoint, reason }, { cause: error });
}

function readNames(json: Json): readonly string[] {
  if (!isJsonArray(json)) throw protocolViolation('list_dbs without a list');
  return json.map(jsonText);
}
