/**
 * A migration at its source: a `virsh migrate` that lasts as long as it does, and short commands beside it. The
 * source's daemon does the work and keeps the one promise that counts, at most one running copy; what we add is when
 * it may switch over, how fast it goes, and what it tells. Everything runs in turn.
 */
import type { Mechanism } from '../contract/index.ts';
import { DriverFailure, type MigrationNews, type RateCap, type SwitchoverTerms } from '../hypervisor.ts';
import { throttleParameters } from '../qemu/parameters.ts';
import { Postcopy } from '../qemu/postcopy.ts';
import { Progress } from '../qemu/progress.ts';
import { Turns } from '../turns.ts';
import type { Domain, RatePolicy } from './domain.ts';
import { completed, type Ended, failureCodeOf, settledState, waitForStats } from './ending.ts';
import { DomainGate } from './gate.ts';
import type { DomainEvent } from './host-events.ts';
import { migrateArguments, requireMechanism } from './mechanism.ts';
import { estimateAtStop, NOTHING_SEEN, type Reading, type RoundEnd, readingOf } from './reading.ts';
import type { DomainState, JobStats } from './virsh-output.ts';
import { type LongRun, VirshFailure } from './virsh-runner.ts';

/** Progress is looked at this often; rounds and the stop are told by events at once. A look costs a process, 20 ms. */
const POLL_PERIOD_MS = 200;
/** The destination's daemon asks its QEMU for all that it can when it meets it for the first time: seconds. */
const SETUP_LIMIT_MS = 30_000;

export interface OutgoingOptions {
  readonly domain: Domain;
  readonly destination: { readonly ip: string; readonly port: number };
  /** Where the destination's daemon is, seen from the source's. */
  readonly destinationUri: string;
  readonly rateCapBitsPerSec: RateCap;
  readonly mechanism: Mechanism;
  readonly rates: RatePolicy;
  readonly stallLimitMs: number;
  /** Before the downtime limit is changed: what it is. */
  readonly onLimit: (limitBeforeMs: number) => Promise<void>;
  readonly onEvent: (event: MigrationNews) => void;
}

interface CancelReason {
  readonly code: Extract<MigrationNews, { kind: 'failed' }>['code'];
  readonly detail: string;
}

export class Outgoing {
  readonly #options: OutgoingOptions;
  readonly #domain: Domain;
  readonly #turns = new Turns((error) => this.#trouble(error));
  readonly #progress: Progress;
  readonly #gate: DomainGate;
  readonly #postcopy = new Postcopy();
  /** Resolves when the migration has ended and was reported. */
  readonly ended: Promise<void>;
  #resolveEnded: () => void = () => undefined;
  #poll: NodeJS.Timeout | undefined;
  #run: LongRun | undefined;
  #cap: RateCap;
  #isPersistent = false;
  #beganAtMs = 0;
  #throttle = 0;
  #seen: Reading = NOTHING_SEEN;
  #round: RoundEnd = { dirtyRateBytesPerSec: 0, atMs: 0 };
  #completedStats: JobStats | undefined;
  #sentAtStop: number | undefined;
  #isStarted = false;
  #isPostcopyWanted = false;
  #isRateDue = false;
  #cancelReason: CancelReason | undefined;

  private constructor(options: OutgoingOptions) {
    this.#options = options;
    this.#domain = options.domain;
    this.#cap = options.rateCapBitsPerSec;
    this.#progress = new Progress(options.stallLimitMs);
    this.#gate = new DomainGate(options.domain, () => this.#progress.bytesPerSec);
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  /** Resolves when libvirt has the order; that it goes well is told by events. @throws DriverFailure 'unsupported' */
  static async begin(options: OutgoingOptions): Promise<Outgoing> {
    const outgoing = new Outgoing(options);
    await outgoing.#prepare();
    outgoing.#migrate(false);
    return outgoing;
  }

  /** What libvirt tells of this domain. */
  hear(event: DomainEvent): void {
    if (this.#turns.isOver) return;
    if (event.kind === 'job_completed') this.#completedStats = event.stats;
    else if (event.kind === 'iteration') {
      const atSec = Date.now() / 1000;
      this.#turns.take(() => this.#look(atSec));
    } else if (event.what === 'Suspended' && event.why === 'Migrated') this.#tellStopped();
    else if (event.what === 'Suspended') this.#turns.lookSoon(() => this.#look());
  }

  setRateCap(cap: RateCap): void {
    this.#turns.take(async () => {
      await this.#setRate(cap);
      this.#tell({ kind: 'rate_cap_applied', rateCapBitsPerSec: cap });
    });
  }

  /** QEMU is in that round already, or beyond; only its rate can change. */
  nextRound(cap: RateCap): void {
    this.#turns.take(() => this.#setRate(cap));
  }

  beginSwitchover(cap: RateCap, terms: SwitchoverTerms | undefined): void {
    this.#turns.take(async () => {
      await this.#setRate(cap);
      await this.#gate.open(terms ?? null);
    });
  }

  startPostcopy(cap: RateCap): void {
    if (this.#options.mechanism.postcopy !== true)
      throw new DriverFailure('unsupported', 'post-copy was not asked for when this migration began');
    this.#turns.take(async () => {
      await this.#setRate(cap);
      this.#isPostcopyWanted = true;
      if (this.#isStarted) await this.#orderPostcopy();
    });
  }

  throttle(share: number): void {
    if (this.#options.rates !== 'exact')
      throw new DriverFailure('unsupported', 'throttle: needs rates "exact"');
    if (this.#options.mechanism.throttle !== true && this.#options.mechanism.autoConverge === undefined)
      throw new DriverFailure('unsupported', 'a throttle was not asked for when this migration began');
    this.#turns.take(async () => {
      this.#throttle = share;
      if (this.#isStarted) await this.#domain.setParameters(throttleParameters(share));
    });
  }

  pausePostcopy(): void {
    this.#turns.take(async () => {
      if (this.#postcopy.state === 'running') await this.#domain.interruptPostcopy();
    });
  }

  recover(
    destination: { readonly ip: string; readonly port: number },
    destinationUri: string,
    cap: RateCap,
  ): void {
    this.#turns.take(async () => {
      if (this.#postcopy.state !== 'paused') return;
      this.#cap = cap;
      this.#isRateDue = true;
      this.#progress.restart();
      this.#migrate(true, destination, destinationUri);
    });
  }

  cancel(reason: string): void {
    this.#turns.take(() => this.#cancel({ code: 'cancelled', detail: reason }));
  }

  /** Waits for what is under way. */
  settled(): Promise<void> {
    return this.#turns.settled();
  }

  /** Nothing is looked at or told any more; what libvirt does it goes on doing. */
  letGo(): void {
    this.#turns.end();
    clearInterval(this.#poll);
    this.#run?.stop();
  }

  async #prepare(): Promise<void> {
    const { mechanism, rates } = this.#options;
    requireMechanism(mechanism, rates);
    if (mechanism.storage !== false && (await this.#domain.disks()).length > 0)
      throw new DriverFailure(
        'unsupported',
        'storage: the domain has disks, which are not copied; storage false says that both hosts see the same',
      );
    this.#isPersistent = (await this.#domain.info()).isPersistent;
    this.#arguments(false); // Refuses before anything has changed.
    await this.#gate.shut(this.#options.onLimit);
  }

  #arguments(resumes: boolean, destination = this.#options.destination): readonly string[] {
    const { mechanism, rates } = this.#options;
    const [isPersistent, rateCapBitsPerSec] = [this.#isPersistent, this.#cap];
    return migrateArguments({ mechanism, rates, rateCapBitsPerSec, destination, isPersistent, resumes });
  }

  #migrate(
    resumes: boolean,
    destination = this.#options.destination,
    uri = this.#options.destinationUri,
  ): void {
    this.#beganAtMs = performance.now();
    const run = this.#domain.migrate(uri, this.#arguments(resumes, destination));
    this.#run = run;
    void run.ended.then((exit) =>
      this.#turns.take(async () => {
        if (this.#run === run) this.#run = undefined;
        await this.#afterRun(exit);
      }),
    );
    this.#poll ??= setInterval(() => this.#turns.lookSoon(() => this.#look()), POLL_PERIOD_MS);
  }

  async #look(atSec: number = Date.now() / 1000): Promise<void> {
    const job = await this.#domain.job();
    if (job.operation !== 'outgoing') return; // Not there yet, or its end is told by virsh in an instant.
    if (job.totalBytes === 0) return this.#checkSetup();
    const state = this.#postcopy.state === 'no' ? undefined : await this.#domain.state();
    const seen = readingOf(job, state);
    this.#seen = seen;
    const { stallMs } = this.#progress.take(seen);
    if (!this.#isStarted) await this.#begun();
    if (this.#postcopy.state !== 'no') return this.#lookAtPostcopy(seen);
    const round = this.#progress.roundEnd(seen, atSec);
    if (round !== undefined) {
      this.#round = { dirtyRateBytesPerSec: round.dirtyRateBytesPerSec, atMs: seen.atMs };
      this.#tell({ kind: 'round_finished', ...round });
    }
    if (this.#cancelReason !== undefined) await this.#abort();
    else if (this.#progress.isStalled && this.#sentAtStop === undefined)
      await this.#cancel({
        code: 'connection_lost',
        detail: `no byte has left for ${Math.round(stallMs)} ms`,
      });
    else await this.#gate.follow();
  }

  /** QEMU has begun: from here on what libvirt could not be told beforehand can be said. */
  async #begun(): Promise<void> {
    const { mechanism, rates, rateCapBitsPerSec } = this.#options;
    this.#isStarted = true;
    if (rates === 'exact' || this.#cap !== rateCapBitsPerSec) await this.#setRate(this.#cap);
    if (rates === 'exact') {
      if (mechanism.throttle) await this.#domain.setParameters(throttleParameters(this.#throttle));
      else if (mechanism.autoConverge)
        await this.#domain.setParameters({ 'max-cpu-throttle': mechanism.autoConverge.maxPercent });
    }
    this.#tell({ kind: 'started' });
    if (this.#isPostcopyWanted) await this.#orderPostcopy();
  }

  async #orderPostcopy(): Promise<void> {
    await this.#domain.startPostcopy();
    this.#postcopy.order();
  }

  async #lookAtPostcopy(seen: Reading): Promise<void> {
    const { news, isStalled } = this.#postcopy.take(seen, this.#progress);
    if (seen.status === 'postcopy-active') this.#tellStopped();
    if (seen.status === 'postcopy-active' && this.#isRateDue) {
      this.#isRateDue = false;
      await this.#setRate(this.#cap); // What was said when it began to recover is in whole MiB/s.
    }
    if (news !== null) this.#tell(news);
    if (isStalled) await this.#domain.interruptPostcopy();
  }

  async #checkSetup(): Promise<void> {
    if (this.#cancelReason !== undefined) await this.#abort();
    else if (performance.now() - this.#beganAtMs >= SETUP_LIMIT_MS)
      await this.#cancel({ code: 'connect_failed', detail: `no connection within ${SETUP_LIMIT_MS} ms` });
  }

  /** virsh has ended: so has the migration, unless only virsh's own connection to its daemon has. */
  async #afterRun({
    exitCode,
    words,
  }: {
    readonly exitCode: number | null;
    readonly words: string;
  }): Promise<void> {
    if (exitCode === 0) return this.#complete();
    const state = await settledState(this.#domain);
    if (state === 'left_postcopy_interrupted' || state === 'left_postcopy')
      return this.#turns.lookSoon(() => this.#look());
    const { operation } = await this.#domain.job().catch(() => ({ operation: 'none' }));
    if (operation === 'outgoing' && state !== undefined) {
      // It goes on without that virsh: it is taken back, or it arrives before that.
      await this.#cancel({
        code: 'internal',
        detail: `virsh migrate has ended before the migration: ${words}`,
      });
      return this.#settle(words, await settledState(this.#domain, { untilJobEnds: true }));
    }
    await this.#settle(words, state);
  }

  async #settle(words: string, state: DomainState | undefined): Promise<void> {
    const hasLeft = state === undefined && (await waitForStats(() => this.#completedStats)) !== undefined;
    await (hasLeft ? this.#complete() : this.#fail(words, state));
  }

  async #complete(): Promise<void> {
    const stats = await waitForStats(() => this.#completedStats);
    this.#tellStopped();
    const { state } = this.#postcopy;
    this.#end(completed(stats, state === 'no' ? this.#sentAtStop : undefined));
  }

  async #fail(words: string, state: DomainState | undefined): Promise<void> {
    await this.#gate.restore();
    const why = this.#cancelReason;
    this.#end({
      kind: 'failed',
      side: 'source',
      code: why?.code ?? failureCodeOf(words, this.#isStarted),
      detail: why?.detail ?? (words || 'virsh migrate has ended without a word'),
      vmRunning: state === 'running',
    });
  }

  async #cancel(reason: CancelReason): Promise<void> {
    if (this.#postcopy.state !== 'no') return; // Its memory is at two places; there is no way back.
    this.#cancelReason ??= reason;
    await this.#abort();
  }

  /** Asked again at every look: libvirt takes it only once its job has begun. Too late it refuses by itself. */
  async #abort(): Promise<void> {
    try {
      await this.#domain.abort();
    } catch (error) {
      if (!(error instanceof VirshFailure)) throw error;
    }
  }

  async #setRate(cap: RateCap): Promise<void> {
    this.#cap = cap;
    if (!this.#isStarted || this.#run === undefined) return;
    await this.#domain.setRate(cap, 'precopy');
    if (this.#options.mechanism.postcopy) await this.#domain.setRate(cap, 'postcopy');
  }

  /** At once, as of the last look: what others do on this word must not wait for a process. */
  #tellStopped(): void {
    if (this.#turns.isOver || !this.#progress.markStop(this.#seen)) return;
    const at = estimateAtStop(this.#seen, this.#progress.bytesPerSec, this.#round);
    this.#sentAtStop = at.transferredBytes;
    this.#tell({ kind: 'vm_stopped', remainingBytes: at.remainingBytes });
  }

  /** A daemon that does not answer for a while may do so later; what it or we refuse ends the migration. */
  async #trouble(error: unknown): Promise<void> {
    if (error instanceof VirshFailure && error.code !== 'refused' && error.code !== 'bad_output') return;
    const detail = error instanceof Error ? error.message : String(error);
    const code = error instanceof DriverFailure ? error.code : 'internal';
    await this.#cancel({ code, detail }).catch(() => undefined);
  }

  #tell(event: MigrationNews): void {
    this.#options.onEvent(event);
  }

  #end(ending: Ended): void {
    this.#turns.end();
    clearInterval(this.#poll);
    this.#tell(ending);
    this.#resolveEnded();
  }
}
