/**
 * One running QEMU: its record, its monitor and its features. A monitor connection that breaks while the process
 * lives is opened again; commands wait for that, events that happened meanwhile are lost, so who follows a migration
 * looks at its state as well.
 */
import type { z } from 'zod';
import type { Mechanism } from '../contract/index.ts';
import { DriverFailure } from '../hypervisor.ts';
import { type QemuFeatures, queryFeatures } from './features.ts';
import { type FoundRecord, type GuestRecord, isAlive, removeRecord } from './guest-record.ts';
import { migrationInfoSchema, type Snapshot, snapshotOf } from './migration-status.ts';
import type { Parameters } from './parameters.ts';
import { QmpClient, QmpError, type QmpEvent, UrgentPipe } from './qmp/index.ts';
import { kvmSchema, memorySizeSchema, parametersSchema, runStateSchema } from './replies.ts';

const RECONNECT_PERIOD_MS = 100;
/** Commands given while the monitor is away fail after this. */
const RECONNECT_LIMIT_MS = 10_000;
/** 64 pages: one word of the dirty bitmap. */
const DIRTY_WORD_BYTES = 64 * 4096;
const OPEN_LIMIT_MS = 1000;
/** A main loop that stands still must not keep a heartbeat waiting; it does in a post-copy whose source is away. */
const RUN_STATE_LIMIT_MS = 300;
/** QEMU ends within milliseconds of `quit`. */
const QUIT_LIMIT_MS = 5000;

/** `reconnected`: events may have been missed. `gone`: the process has ended. */
export type GuestNews = QmpEvent | 'reconnected' | 'gone';
export type GuestListener = (news: GuestNews) => void;

export class Guest {
  readonly vmId: string;
  readonly record: GuestRecord;
  readonly found: FoundRecord;
  readonly #listeners = new Set<GuestListener>();
  #features: QemuFeatures | undefined;
  #memoryBytes: number;
  /** The monitor, or its being opened again; rejects for good once the guest is gone or let go. */
  #client: Promise<QmpClient> = Promise.reject(new Error('not opened yet'));
  /** Kept open, so that what QEMU says there does not pile up. */
  #pipe: UrgentPipe | undefined;
  #isTcg = false;
  #lastRunState: string | undefined;
  #isOver = false;

  private constructor(found: FoundRecord) {
    this.found = found;
    this.record = found.record;
    this.vmId = found.record.vmId;
    this.#memoryBytes = found.record.memoryBytes;
    this.#client.catch(() => undefined);
  }

  /** @throws QmpError when the monitor does not answer */
  static async open(found: FoundRecord, limits: { readonly connectLimitMs?: number } = {}): Promise<Guest> {
    const guest = new Guest(found);
    const client = await guest.#connectSoon(limits);
    guest.#client = Promise.resolve(client);
    guest.#watch(client);
    try {
      await guest.#learn(client);
      return guest;
    } catch (error) {
      guest.close(); // A monitor serves one connection: the next attempt would wait behind this one.
      throw error;
    }
  }

  async #learn(client: QmpClient): Promise<void> {
    await this.#openPipe();
    this.#features = await queryFeatures(client);
    this.#isTcg = !(await client.execute('query-kvm', {}, kvmSchema)).enabled;
    const memory = await client.execute('query-memory-size-summary', {}, memorySizeSchema);
    this.#memoryBytes = memory['base-memory'] + memory['plugged-memory'];
  }

  get features(): QemuFeatures {
    if (this.#features === undefined) throw new DriverFailure('internal', `${this.vmId} is not open`);
    return this.#features;
  }

  /** QEMU's own RAM length; both sides of a migration must have the same. */
  get memoryBytes(): number {
    return this.#memoryBytes;
  }

  /** Whether a migration by this mechanism takes disks of this guest along. */
  takesDisks({ storage = true }: Mechanism): boolean {
    return storage && this.record.disks.length > 0;
  }

  /**
   * QEMU before 8.2.2 under TCG loses dirty pages where the bitmap is read 64 pages at a time: a guest whose memory is
   * a multiple of that comes out of a pre-copy with old pages and crashes.
   */
  get losesDirtyPages(): boolean {
    const { major, minor, micro } = this.features.version;
    const isFixed = major > 8 || (major === 8 && (minor > 2 || (minor === 2 && micro >= 2)));
    return this.#isTcg && !isFixed && this.#memoryBytes % DIRTY_WORD_BYTES === 0;
  }

  get isGone(): boolean {
    return this.#isOver;
  }

  listen(listener: GuestListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @throws QmpError; `closed` when the guest has ended */
  async execute<T = unknown>(command: string, args?: object, schema?: z.ZodType<T>): Promise<T> {
    const client = await this.#client;
    return client.execute(command, { ...args }, schema);
  }

  /** Also while QEMU's main loop stands still, where QEMU can do that; for the commands that it allows this for. */
  async executeAtOnce(command: string, args: object = {}): Promise<void> {
    const client = await this.#client;
    await client.urgently(command, { ...args });
  }

  async snapshot(): Promise<Snapshot> {
    return snapshotOf(await this.execute('query-migrate', {}, migrationInfoSchema));
  }

  /** QEMU's RunState: running, paused, inmigrate, finish-migrate, postmigrate ... */
  async runState(): Promise<string> {
    const { status } = await this.execute('query-status', {}, runStateSchema);
    this.#lastRunState = status;
    return status;
  }

  /** As it was known last when QEMU does not answer soon; undefined: gone. */
  async lastRunState(): Promise<string | undefined> {
    const asked = this.runState().catch(() => (this.#isOver ? undefined : this.#lastRunState));
    return Promise.race([asked, pause(RUN_STATE_LIMIT_MS).then(() => this.#lastRunState)]);
  }

  async setCapabilities(
    capabilities: readonly { readonly capability: string; readonly state: boolean }[],
  ): Promise<void> {
    await this.execute('migrate-set-capabilities', { capabilities }).catch(asUnsupported);
  }

  /** Sets them and returns what those were before. */
  async setParameters(parameters: Parameters): Promise<Parameters> {
    const before = await this.execute('query-migrate-parameters', {}, parametersSchema);
    await this.execute('migrate-set-parameters', parameters);
    return Object.fromEntries(
      Object.keys(parameters).flatMap((name) => {
        const value = before[name];
        return value === undefined ? [] : [[name, value]];
      }),
    );
  }

  /** Ends the process and removes its record. Idempotent. */
  async quit(): Promise<void> {
    if (!this.#isOver) await this.execute('quit').catch(() => undefined);
    for (const deadline = Date.now() + QUIT_LIMIT_MS; Date.now() < deadline && (await isAlive(this.record)); )
      await pause(RECONNECT_PERIOD_MS / 5);
    if (await isAlive(this.record))
      throw new DriverFailure('internal', `QEMU of ${this.vmId} (pid ${this.record.pid}) does not end`);
    await removeRecord(this.found);
    this.#leave('gone');
  }

  /** Lets go of the guest, which runs on. */
  close(): void {
    this.#leave(undefined);
  }

  /** While QEMU answers: whoever comes once it does not will find urgent commands allowed. */
  async #openPipe(): Promise<void> {
    if (this.record.urgentPipe === null) return;
    // A guest that can be reached is served, also where only its socket is left.
    this.#pipe = await UrgentPipe.open(this.record.urgentPipe).catch(() => undefined);
    await this.#pipe?.negotiate();
  }

  /** A socket's file is there an instant before anybody listens. */
  async #connectSoon(limits: { readonly connectLimitMs?: number }): Promise<QmpClient> {
    for (const deadline = Date.now() + OPEN_LIMIT_MS; ; await pause(RECONNECT_PERIOD_MS)) {
      try {
        return await this.#connect(limits);
      } catch (error) {
        if (Date.now() > deadline || !(await isAlive(this.record))) throw error;
      }
    }
  }

  #connect(limits: { readonly connectLimitMs?: number } = {}): Promise<QmpClient> {
    return QmpClient.connect(
      { socketPath: this.record.qmpSocket },
      { ...limits, onEvent: (event) => this.#tell(event) },
    );
  }

  #watch(client: QmpClient): void {
    void client.closed.then(() => {
      if (this.#isOver) return;
      this.#client = this.#reopen();
      this.#client.then(
        (opened) => {
          this.#watch(opened);
          this.#tell('reconnected');
        },
        () => undefined,
      );
    });
  }

  async #reopen(): Promise<QmpClient> {
    const deadline = Date.now() + RECONNECT_LIMIT_MS;
    while (!this.#isOver) {
      if (!(await isAlive(this.record))) {
        await removeRecord(this.found);
        this.#leave('gone');
        break;
      }
      try {
        return await this.#connect();
      } catch (cause) {
        if (Date.now() > deadline) {
          this.#leave('gone');
          throw cause;
        }
        await pause(RECONNECT_PERIOD_MS);
      }
    }
    throw new QmpError('closed', `QEMU of ${this.vmId} has ended`);
  }

  #leave(word: 'gone' | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#pipe?.close();
    void this.#client.then(
      (client) => client.close(),
      () => undefined,
    );
    if (word !== undefined) this.#tell(word);
    this.#listeners.clear();
  }

  #tell(event: GuestNews): void {
    if (typeof event !== 'string') this.#lastRunState = RUN_STATES.get(event.name) ?? this.#lastRunState;
    for (const listener of [...this.#listeners]) listener(event);
  }
}

/** What events say about it. */
const RUN_STATES: ReadonlyMap<string, string> = new Map([
  ['RESUME', 'running'],
  ['STOP', 'paused'],
]);

function asUnsupported(error: unknown): never {
  if (error instanceof QmpError && error.code === 'refused')
    throw new DriverFailure('unsupported', error.message, { cause: error });
  throw error;
}

const pause = (durationMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, durationMs));
