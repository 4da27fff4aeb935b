/**
 * One OVSDB server's share of the queues. Level-triggered: it remembers the wish for every port and makes it so
 * after each reconnect and when somebody has changed a queue behind its back.
 */
import {
  OPEN_VSWITCH,
  type OpenVswitch,
  type Operation,
  OvsdbClient,
  OvsdbError,
  openVswitch,
} from '@oflib/ovsdb';
import type { Clock } from '../clock.ts';
import { NetworkFailure } from '../interfaces.ts';
import type { NetworkLimits } from '../limits.ts';
import { messageOf, type TakeNote } from '../note.ts';
import { type LocatedPort, leftovers, locatePorts, type PortKey, type QueueTables } from './ports.ts';
import { changeOf, leftoverOperations, type QueueChange, queueOperations } from './queue-operations.ts';

/** A transaction that meets rows other than those we read is made again from fresh ones, this often. */
export const STALE_READS_MAX = 3;

const SELECTION = {
  Bridge: ['datapath_id', 'ports'],
  Port: ['name', 'qos', 'interfaces'],
  Interface: ['ofport'],
  QoS: ['queues'],
  Queue: ['other_config', 'external_ids'],
} as const;

export interface QueueServerOptions {
  readonly endpoint: string;
  readonly epoch: number;
  readonly limits: NetworkLimits;
  readonly clock: Clock;
  readonly note: TakeNote;
}

export class QueueServer {
  readonly endpoint: string;
  readonly #options: QueueServerOptions;
  readonly #client: OvsdbClient<typeof OPEN_VSWITCH>;
  readonly #wished = new Map<PortKey, number>();
  #database: OpenVswitch | null = null;
  #tables: () => QueueTables = () => NO_TABLES;
  #serial: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #cancelRetry: () => void = () => {};
  #complaint: string | null = null;
  #closed = false;

  constructor(options: QueueServerOptions) {
    this.endpoint = options.endpoint;
    this.#options = options;
    this.#client = new OvsdbClient({ endpoint: options.endpoint, database: OPEN_VSWITCH });
    this.#client.onStatus((status) => {
      if (status.kind === 'disconnected')
        this.#note('warn', 'ovsdb_unavailable', { reason: messageOf(status.error) });
      if (status.kind === 'connected' && this.#database) this.#reconcileSoon(0);
    });
  }

  /** Resolves when connected and what earlier epochs left is gone. */
  async start(timeoutMs: number): Promise<void> {
    await this.#client.connected({ timeoutMs });
    const view = await this.#client.monitor(SELECTION);
    this.#tables = () => ({
      bridges: view.table('Bridge'),
      ports: view.table('Port'),
      interfaces: view.table('Interface'),
      qos: view.table('QoS'),
      queues: view.table('Queue'),
    });
    this.#database = await openVswitch(this.#client);
    await this.#enqueue(() => this.#reconcile());
    view.subscribe(() => {
      if (this.#waiting === 0 && this.#differs()) this.#reconcileSoon(this.#options.limits.probePollMs);
    });
  }

  /** Every port of this server; as it last was while the connection is down. */
  ports(): ReadonlyMap<PortKey, LocatedPort> {
    return locatePorts(this.#tables());
  }

  hasWish(key: PortKey): boolean {
    return this.#wished.has(key);
  }

  /** Remembers the rates (whole bit/s) whatever happens; resolves when those that go the given way are in force. */
  async apply(rates: ReadonlyMap<PortKey, number>, way: QueueChange | 'any'): Promise<void> {
    for (const [key, rate] of rates) this.#wished.set(key, rate);
    await this.#enqueue(() => this.#change(rates, way));
  }

  close(): void {
    this.#closed = true;
    this.#cancelRetry();
    this.#client.close();
  }

  async #change(rates: ReadonlyMap<PortKey, number>, way: QueueChange | 'any'): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const operations = this.#operationsFor(rates, way);
      if (operations.length === 0) return;
      try {
        await this.#transact(operations);
        return;
      } catch (error) {
        if (attempt < STALE_READS_MAX && isStaleRead(error)) continue;
        throw failureFrom(error);
      }
    }
  }

  #operationsFor(
    rates: ReadonlyMap<PortKey, number>,
    way: QueueChange | 'any',
  ): readonly Operation<unknown>[] {
    const { epoch } = this.#options;
    const ports = this.ports();
    return [...rates].flatMap(([key, rateBitsPerSec]) => {
      const port = ports.get(key);
      if (!port) {
        if (rateBitsPerSec === 0) return [];
        throw new NetworkFailure('port_unknown', `${this.endpoint} knows no port ${key}`);
      }
      const wanted = { port, rateBitsPerSec };
      return way === 'any' || changeOf(wanted, epoch) === way ? queueOperations(wanted, epoch) : [];
    });
  }

  async #transact(operations: readonly Operation<unknown>[]): Promise<void> {
    const timeoutMs = this.#options.limits.queueTimeoutMs;
    if (!this.#database)
      throw new NetworkFailure('ovsdb_unavailable', `${this.endpoint} has not been reached`);
    await this.#database.transactAndWait(operations, { timeoutMs });
  }

  /** Makes the server equal to the wish: leftovers away, then every port, one by one so that one cannot hold up the rest. */
  async #reconcile(): Promise<void> {
    const found = leftovers(this.#tables(), this.#options.epoch);
    if (found.length > 0) {
      await this.#transact(leftoverOperations(found));
      this.#note('info', 'queues_collected', { count: found.length });
    }
    const failures: unknown[] = [];
    for (const [key, rate] of this.#wished) {
      try {
        if (this.#operationsFor(new Map([[key, rate]]), 'any').length === 0) continue;
        await this.#change(new Map([[key, rate]]), 'any');
        this.#note('warn', 'queue_repaired', { port: key, rateBitsPerSec: rate });
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    this.#complaint = null;
  }

  #differs(): boolean {
    const { epoch } = this.#options;
    const ports = this.ports();
    return [...this.#wished].some(([key, rateBitsPerSec]) => {
      const port = ports.get(key);
      return port !== undefined && port.qos !== null && changeOf({ port, rateBitsPerSec }, epoch) !== 'none';
    });
  }

  #reconcileSoon(ms: number): void {
    const { clock, limits } = this.#options;
    this.#cancelRetry();
    this.#cancelRetry = clock.after(ms, () => {
      this.#enqueue(() => this.#reconcile()).catch((error) => {
        if (this.#closed) return;
        this.#complain(messageOf(error));
        this.#reconcileSoon(limits.reconcileRetryMs);
      });
    });
  }

  /** Once per reason, however often it is tried again. */
  #complain(reason: string): void {
    if (reason !== this.#complaint) this.#note('warn', 'queues_not_reconciled', { reason });
    this.#complaint = reason;
  }

  /** One transaction at a time: each is computed from the rows that the one before has left. */
  #enqueue<T>(job: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    const result = this.#serial.then(job);
    this.#serial = result.then(
      () => this.#left(),
      () => this.#left(),
    );
    return result;
  }

  #left(): void {
    this.#waiting -= 1;
  }

  #note(level: 'info' | 'warn', event: string, detail: Record<string, string | number>): void {
    this.#options.note({ level, event, detail: { endpoint: this.endpoint, ...detail } });
  }
}

const NO_TABLES: QueueTables = {
  bridges: new Map(),
  ports: new Map(),
  interfaces: new Map(),
  qos: new Map(),
  queues: new Map(),
};

/** Our `wait` found other queues than we had read. */
const isStaleRead = (error: unknown): boolean =>
  error instanceof OvsdbError &&
  error.detail.code === 'transaction_failed' &&
  error.detail.error === 'timed out';

export function failureFrom(error: unknown): NetworkFailure {
  if (error instanceof NetworkFailure) return error;
  const code =
    error instanceof OvsdbError
      ? ({ not_in_force: 'timed_out', request_timed_out: 'timed_out' }[error.code as string] ??
        (error.retriable || error.code === 'closed' ? 'ovsdb_unavailable' : 'ovsdb_rejected'))
      : 'ovsdb_unavailable';
  return new NetworkFailure(code as NetworkFailure['code'], messageOf(error), { cause: error });
}
