/**
 * The loop: take an input, stamp the instant, step the core, check its promises, write what must be written, run
 * the other effects, feed results back as inputs. Owns the clock and the one timer. The only mutable state is here.
 */
import type { Instant, Millis } from '@sluice/units';
import {
  type Answer,
  activeMigrations,
  type Change,
  checkInvariants,
  type Effect,
  type Heard,
  initialEffects,
  type MigrationId,
  type MigrationRequest,
  type NoOffer,
  type Offer,
  type Prediction,
  predict,
  quote,
  type Refusal,
  type State,
  smallestChanges,
  step,
} from './core/index.ts';
import { EffectRunner } from './effect-runner.ts';
import type { EventLog } from './event-log.ts';
import { InputQueue } from './input-queue.ts';
import { isPersisting, type Persistence } from './persistence.ts';
import type { AgentChannel, Network } from './southbound/interfaces.ts';
import { RESERVATION_LEASE_MS, type Store } from './store/index.ts';
import type { Log } from './telemetry/log.ts';
import type { Metrics } from './telemetry/metrics.ts';
import { withinLimit } from './time-limit.ts';
import { Unavailable } from './unavailable.ts';

/** How long `close` waits until aborted migrations have released everything. */
export const DRAIN_LIMIT_MS = 8_000;
const DRAIN_POLL_MS = 20;
/** Often enough that one failed renewal does not cost the lease. */
const LEASE_RENEW_MS = RESERVATION_LEASE_MS / 4;

export interface RuntimeParts {
  readonly network: Network;
  readonly agents: AgentChannel;
  readonly store: Store;
  readonly persistence: Persistence;
  readonly events: EventLog;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly now: () => Instant;
  readonly tick: Millis;
  readonly checkInvariants: boolean;
  /** Run as soon as the agents can be reached: what an earlier process left to do. */
  readonly firstEffects: readonly Effect[];
  /** A promise of our own is broken: the state cannot be trusted, the process should end and start again. */
  readonly onBug: (error: unknown) => void;
}

interface Waiting {
  readonly kind: Heard['kind'];
  resolve(answer: Answer): void;
  reject(error: Unavailable): void;
}

export class Runtime {
  readonly #parts: RuntimeParts;
  readonly #queue = new InputQueue();
  readonly #runner: EffectRunner;
  /** Callers by migration, in the order of their inputs; the core answers in that order. */
  readonly #waiting = new Map<MigrationId, Waiting[]>();
  #state: State;
  #phase: 'starting' | 'running' | 'closing' | 'broken' = 'starting';
  #timer: NodeJS.Timeout | null = null;
  #draining: Promise<void> | null = null;
  #leasesRenewedAt = 0;

  constructor(initial: State, parts: RuntimeParts) {
    this.#state = initial;
    this.#parts = parts;
    this.#runner = new EffectRunner({
      network: parts.network,
      agents: parts.agents,
      hear: (heard) => this.hear(heard),
      note: (event, detail) => parts.log.warn({ event, ...detail }, event),
    });
  }

  get state(): State {
    return this.#state;
  }
  get phase(): 'starting' | 'running' | 'closing' | 'broken' {
    return this.#phase;
  }
  get queueLength(): number {
    return this.#queue.length;
  }

  /** Resolves when the network has been brought up (or its start deadline is over) and requests are taken. */
  async start(): Promise<void> {
    const { agents, network, tick } = this.#parts;
    await agents.start((heard) => this.hear(heard));
    this.#timer = setInterval(() => this.hear({ kind: 'tick' }), tick);
    this.#run([...this.#parts.firstEffects, ...initialEffects(this.#state)]);
    await network.start((heard) => this.hear(heard));
    if (this.#phase === 'starting') this.#phase = 'running';
  }

  /** @throws Unavailable when the request cannot be taken now; a refusal is an answer */
  async request(request: MigrationRequest): Promise<Answer> {
    await this.#admissionsOpen();
    return this.#ask(request.id, { kind: 'migration_requested', request });
  }

  /** What the same request would get if it came now. Changes nothing. */
  quote(request: MigrationRequest): Offer | NoOffer {
    return quote({ ...this.#state, now: this.#parts.now() }, request);
  }

  /** What would make a request pass that has just been refused. */
  changesFor(request: MigrationRequest, refusal: Refusal): readonly Change[] {
    return smallestChanges({ ...this.#state, now: this.#parts.now() }, request, refusal);
  }

  /** @throws Unavailable when the controller is closing; a refusal is an answer */
  commit(migrationId: MigrationId): Promise<Answer> {
    return this.#ask(migrationId, { kind: 'commit_requested', migrationId });
  }

  abort(migrationId: MigrationId, reason: string): Promise<Answer> {
    return this.#ask(migrationId, { kind: 'abort_requested', migrationId, reason });
  }

  /** What adapters emit. Never throws, never waits. */
  hear(heard: Heard): void {
    if (this.#phase === 'broken') return;
    if (!this.#queue.push(heard)) {
      this.#parts.log.error({ event: 'input_dropped', kind: heard.kind }, 'the input queue is full');
      return;
    }
    this.#draining ??= this.#drain();
  }

  /**
   * `abort` ends every live migration and waits (bounded) until all is released; `leave` stops as it stands: the
   * data plane stays, and the next process cleans up. Adapters are the caller's to close.
   */
  async close({ drain }: { readonly drain: 'abort' | 'leave' }): Promise<void> {
    const wasRunning = this.#phase === 'running' || this.#phase === 'starting';
    if (wasRunning) this.#phase = 'closing';
    if (wasRunning && drain === 'abort') await this.#abortAll();
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    await this.#parts.events.save();
    for (const callers of this.#waiting.values())
      for (const { reject } of callers) reject(new Unavailable('closing'));
    this.#waiting.clear();
  }

  async #drain(): Promise<void> {
    // One turn later, so that `hear` has returned before anything happens.
    await Promise.resolve();
    for (let heard = this.#queue.shift(); heard; heard = this.#queue.shift()) {
      try {
        await this.#take(heard);
      } catch (error) {
        this.#phase = 'broken';
        this.#parts.log.fatal(
          { event: 'bug', kind: heard.kind, err: error },
          'a promise of the controller is broken',
        );
        this.#parts.onBug(error);
        break;
      }
    }
    this.#draining = null;
  }

  async #take(heard: Heard): Promise<void> {
    const { metrics, persistence } = this.#parts;
    const prediction = heard.kind === 'migration_requested' ? this.#predict(heard.request) : null;
    const began = performance.now();
    const { state, effects } = this.#step(heard);
    this.#state = state;
    metrics.stepped(performance.now() - began);
    if (prediction && state.migrations.has(prediction.id)) persistence.predicted(prediction);
    if (heard.kind === 'tick') this.#keepUp();
    // Before anything is waited for: it is no promise, but where frames go from now on, and it can be asked for again.
    for (const effect of effects) if (effect.kind === 'set_forwarding') this.#runner.run(effect);
    const writes = effects.filter(isPersisting);
    const written = writes.length === 0 || (await persistence.persist(writes));
    this.#run(
      effects.filter(({ kind }) => kind !== 'set_forwarding'),
      written,
    );
  }

  /** The core, with its promises checked. A number of an agent that no unit can hold costs its report, not the process. */
  #step(heard: Heard): ReturnType<typeof step> {
    try {
      const stepped = step(this.#state, { ...heard, now: this.#parts.now() });
      if (this.#parts.checkInvariants) checkInvariants(stepped.state, this.#state);
      return stepped;
    } catch (error) {
      if (heard.kind !== 'agent_reported' || !(error instanceof RangeError)) throw error;
      const { hostId, report } = heard;
      this.#parts.log.error(
        { event: 'report_impossible', hostId, kind: report.kind, err: error },
        error.message,
      );
      return { state: this.#state, effects: [] };
    }
  }

  /** Told to the user, used by nobody else: that it cannot be made is no reason to refuse. */
  #predict(request: MigrationRequest): { readonly id: MigrationId; readonly prediction: Prediction } | null {
    try {
      const prediction = predict(this.#state, request);
      return prediction.ok ? { id: request.id, prediction } : null;
    } catch (error) {
      this.#parts.log.warn(
        { event: 'prediction_failed', migrationId: request.id, err: error },
        'no prediction',
      );
      return null;
    }
  }

  #run(effects: readonly Effect[], written = true): void {
    for (const effect of effects) {
      if (isPersisting(effect)) continue;
      if (effect.kind === 'answer') this.#answer(effect.migrationId, effect.answer, written);
      else if (effect.kind === 'announce') this.#announce(effect.event);
      else this.#runner.run(effect);
    }
  }

  #ask(migrationId: MigrationId, heard: Heard): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(migrationId, [
        ...(this.#waiting.get(migrationId) ?? []),
        { kind: heard.kind, resolve, reject },
      ]);
      this.hear(heard);
    });
  }

  #answer(migrationId: MigrationId, answer: Answer, written: boolean): void {
    const [first, ...others] = this.#waiting.get(migrationId) ?? [];
    if (others.length > 0) this.#waiting.set(migrationId, others);
    else this.#waiting.delete(migrationId);
    if (written || !answer.ok || first?.kind !== 'migration_requested') {
      first?.resolve(answer);
      return;
    }
    // Admitted, but nobody would know after a crash: taken back.
    first.reject(new Unavailable('store_unavailable'));
    void this.abort(migrationId, 'store_unavailable').catch(() => {});
  }

  #announce({ type, migrationId, detail }: Extract<Effect, { kind: 'announce' }>['event']): void {
    const { events, log, metrics } = this.#parts;
    events.append({ type, subject: migrationId, data: { ...detail } });
    metrics.announced(type, detail, migrationId && (this.#state.migrations.get(migrationId) ?? null));
    log.info({ event: type, migrationId, ...detail }, type);
  }

  async #admissionsOpen(): Promise<void> {
    const { store, persistence } = this.#parts;
    if (this.#phase === 'starting') throw new Unavailable('not_ready');
    if (this.#phase !== 'running') throw new Unavailable('closing');
    try {
      await store.check();
    } catch (error) {
      throw new Unavailable('store_unavailable', { cause: error });
    }
    if (persistence.behind > 0 && !(await persistence.catchUp())) throw new Unavailable('store_unavailable');
  }

  /** What only time brings about: leases, and writes that wait for the store. */
  #keepUp(): void {
    const { persistence, events } = this.#parts;
    if (persistence.behind > 0) void persistence.catchUp();
    void events.save();
    const now = performance.now();
    if (now - this.#leasesRenewedAt < LEASE_RENEW_MS) return;
    this.#leasesRenewedAt = now;
    void persistence.renewLeases();
  }

  async #abortAll(): Promise<void> {
    const end = performance.now() + DRAIN_LIMIT_MS;
    for (const { id } of activeMigrations(this.#state))
      void this.abort(id, 'controller_closing').catch(() => {});
    while (performance.now() < end) {
      if (activeMigrations(this.#state).length === 0 && !this.#draining) break;
      await new Promise((resolve) => setTimeout(resolve, DRAIN_POLL_MS));
    }
    const left = activeMigrations(this.#state).map(({ id }) => id);
    if (left.length > 0)
      this.#parts.log.error({ event: 'drain_incomplete', left }, 'migrations were left behind');
    const idle = Promise.all([this.#runner.idle(), this.#parts.persistence.catchUp()]);
    await withinLimit(idle, Math.max(0, end - performance.now()), 'the rest of the work').catch(() => {});
  }
}
