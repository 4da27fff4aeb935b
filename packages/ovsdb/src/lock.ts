/**
 * Locks (RFC 7047 §4.1.8 to §4.1.10): at most one client of a server holds a lock, the others wait in line. A lock
 * belongs to a connection; after a loss it is asked for again, at the end of the line.
 */
import { OvsdbError } from './error.ts';
import { isJsonObject, type Json } from './json.ts';
import { callListener } from './listener.ts';
import { endOnTimeout } from './monitor-set.ts';
import type { RpcConnection } from './rpc.ts';
import type { Timers } from './timers.ts';
import { identifier } from './value.ts';

/** How long `held` waits unless told otherwise. */
export const HELD_TIMEOUT_MS = 10_000;

export interface Lock {
  readonly name: string;
  /** As the server last said; false while the connection is down. Guard writes with the operation `assert`. */
  readonly isHeld: boolean;
  /** Told of every change: got, stolen, lost with the connection. Returns the end of the subscription. */
  subscribe(listener: (isHeld: boolean) => void): () => void;
  /** Resolves when it is held. Rejects with `condition_timed_out` or `closed`. */
  held(options?: { readonly timeoutMs?: number }): Promise<void>;
  /** Gives it up, or leaves the line. */
  release(): Promise<void>;
}

export class LockSet {
  readonly #timers: Timers;
  readonly #locks = new Map<string, LiveLock>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** Throws RangeError for a name that is no identifier or that this client has asked for already. */
  async add(options: {
    readonly rpc: RpcConnection;
    readonly name: string;
    readonly steal: boolean;
    readonly release: (lock: LiveLock) => Promise<void>;
  }): Promise<Lock> {
    const { rpc, name, steal, release } = options;
    if (this.#locks.has(identifier(name))) throw new RangeError(`lock ${name} is asked for already`);
    const lock = new LiveLock(name, this.#timers, release);
    this.#locks.set(name, lock);
    try {
      await request(rpc, steal ? 'steal' : 'lock', lock);
    } catch (error) {
      this.#locks.delete(name);
      throw error;
    }
    return lock;
  }

  async restartAll(rpc: RpcConnection): Promise<void> {
    for (const lock of this.#locks.values()) await request(rpc, 'lock', lock);
  }

  onNotification(method: string, params: readonly Json[]): void {
    if (method !== 'locked' && method !== 'stolen') return;
    const [name] = params;
    const lock = typeof name === 'string' ? this.#locks.get(name) : undefined;
    lock?.set(method === 'locked');
  }

  async release(rpc: RpcConnection | null, lock: LiveLock, error: OvsdbError): Promise<void> {
    if (this.#locks.get(lock.name) !== lock) return;
    this.#locks.delete(lock.name);
    lock.retire(error);
    // Without a connection the server has forgotten it already.
    if (rpc)
      await endOnTimeout(
        rpc,
        rpc.request('unlock', [lock.name], () => undefined),
      );
  }

  lose(): void {
    for (const lock of this.#locks.values()) lock.set(false);
  }

  retireAll(error: OvsdbError): void {
    for (const lock of this.#locks.values()) lock.retire(error);
    this.#locks.clear();
  }
}

const request = (rpc: RpcConnection, method: 'lock' | 'steal', lock: LiveLock): Promise<void> =>
  endOnTimeout(
    rpc,
    rpc.request(method, [lock.name], (result) => {
      lock.set(isJsonObject(result) && result.locked === true);
    }),
  );

export class LiveLock implements Lock {
  readonly name: string;
  readonly #timers: Timers;
  readonly #release: (lock: LiveLock) => Promise<void>;
  readonly #listeners = new Set<(isHeld: boolean) => void>();
  readonly #waiting = new Set<(error: OvsdbError | null) => void>();
  #isHeld = false;
  #ended: OvsdbError | null = null;

  constructor(name: string, timers: Timers, release: (lock: LiveLock) => Promise<void>) {
    this.name = name;
    this.#timers = timers;
    this.#release = release;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  subscribe(listener: (isHeld: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  held({ timeoutMs = HELD_TIMEOUT_MS }: { readonly timeoutMs?: number } = {}): Promise<void> {
    if (this.#ended) return Promise.reject(this.#ended);
    if (this.#isHeld) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const finish = (error: OvsdbError | null) => {
        cancel();
        this.#waiting.delete(finish);
        if (error) reject(error);
        else resolve();
      };
      const condition = `lock ${this.name} is held`;
      const cancel = this.#timers.after(timeoutMs, () =>
        finish(new OvsdbError({ code: 'condition_timed_out', condition, afterMs: timeoutMs })),
      );
      this.#waiting.add(finish);
    });
  }

  release(): Promise<void> {
    return this.#release(this);
  }

  set(isHeld: boolean): void {
    if (isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    if (isHeld) for (const finish of [...this.#waiting]) finish(null);
    for (const listener of [...this.#listeners]) callListener(listener, isHeld);
  }

  /** Rejects whoever still waits; says for the last time that it is not held. */
  retire(error: OvsdbError): void {
    this.#ended = error;
    this.set(false);
    for (const finish of [...this.#waiting]) finish(error);
    this.#listeners.clear();
  }
}
