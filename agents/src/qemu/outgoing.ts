/**
 * A migration at its source. QEMU does not stand still at a round's end, so it is told what comes next while it goes
 * on: its own gate to the switchover stays shut until the controller has decided, then it is opened to the terms that
 * were agreed. What happened is read from QEMU's events in their order, and from its state where events may be
 * missing. Everything runs in turn: no two tasks of one migration are ever under way together.
 */
import type { Mechanism } from '../contract/index.ts';
import { DriverFailure, type MigrationNews, type RateCap, type SwitchoverTerms } from '../hypervisor.ts';
import { Turns } from '../turns.ts';
import {
  completedNews,
  completedWithoutTimes,
  type Ending,
  settledRunState,
  withItsTimes,
} from './ending.ts';
import { guestGate } from './gate.ts';
import type { Guest, GuestNews } from './guest.ts';
import {
  hasBegun,
  hasItsTimes,
  isCancellable,
  isHandingOver,
  isPostcopy,
  type Snapshot,
} from './migration-status.ts';
import {
  capabilitiesFor,
  gateShut,
  mechanismParameters,
  type Parameters,
  rateParameters,
  requireMechanism,
  throttleParameters,
} from './parameters.ts';
import { Postcopy } from './postcopy.ts';
import { Progress } from './progress.ts';
import { QmpError } from './qmp/index.ts';
import { StopWord } from './stop-word.ts';
import { copyDisks, type DiskCopy, leavingTimeForDisks } from './storage.ts';

/** Progress is looked at this often; rounds and the stop are told by events at once. */
const POLL_PERIOD_MS = 200;
/** A connection that is not there after this is refused somewhere without a word. */
const SETUP_LIMIT_MS = 10_000;
/** Streams survive short outages; one that stands still for this long is given up (pre-copy) or paused (post-copy). */
export const STALL_LIMIT_MS = 5000;

interface Following {
  readonly guest: Guest;
  readonly stallLimitMs?: number;
  readonly onEvent: (event: MigrationNews) => void;
}
interface Journey {
  readonly destination: { readonly ip: string; readonly port: number; readonly storagePort?: number };
  readonly rateCapBitsPerSec: RateCap;
  readonly mechanism: Mechanism;
}
export type OutgoingOptions = Following & Journey;
interface CancelReason {
  readonly code: 'cancelled' | 'connection_lost' | 'connect_failed' | 'internal';
  readonly detail: string;
}

export class Outgoing {
  readonly #options: Following & Pick<Journey, 'mechanism'>;
  readonly #guest: Guest;
  readonly #turns = new Turns((error) => this.#trouble(error));
  readonly #progress: Progress;
  readonly #gate: ReturnType<typeof guestGate>;
  readonly #postcopy = new Postcopy();
  readonly #stop: StopWord;
  /** Resolves when the migration has ended and was reported; `hasLeft`: the VM runs at the destination. */
  readonly ended: Promise<{ readonly hasLeft: boolean }>;
  #resolveEnded: (result: { hasLeft: boolean }) => void = () => undefined;
  #poll: NodeJS.Timeout | undefined;
  #unlisten: () => void = () => undefined;
  /** Parameters as they were found, put back when the VM stays. */
  #before: Parameters = {};
  #disks: DiskCopy | undefined;
  #beganAtMs = 0;
  #disksBeganAtMs = 0;
  #isPostcopyWanted = false;
  #isStarted = false;
  #isContinued = false;
  #isTakenUp = false;
  #cancelReason: CancelReason | undefined;

  private constructor(options: Following & Pick<Journey, 'mechanism'>) {
    this.#options = options;
    this.#guest = options.guest;
    this.#progress = new Progress(options.stallLimitMs ?? STALL_LIMIT_MS);
    this.#stop = new StopWord(this.#progress, options.onEvent);
    this.#gate = guestGate(options.guest, () => this.#progress.bytesPerSec);
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  /** Resolves when QEMU has taken the order. @throws DriverFailure 'unsupported', 'busy', 'connect_failed' */
  static async begin(options: OutgoingOptions): Promise<Outgoing> {
    const outgoing = new Outgoing(options);
    await outgoing.#prepare(options);
    outgoing.#unlisten = options.guest.listen((news) => outgoing.#hear(news));
    if (options.guest.takesDisks(options.mechanism)) outgoing.#turns.take(() => outgoing.#copyDisks(options));
    else await outgoing.#migrate(options);
    return outgoing;
  }

  /** One whose agent has died after the last moment to take it back: it is followed to its end. */
  static takeUp(options: Following): Outgoing {
    const outgoing = new Outgoing({ ...options, mechanism: {} });
    outgoing.#isTakenUp = outgoing.#isStarted = outgoing.#isContinued = true;
    outgoing.#unlisten = options.guest.listen((news) => outgoing.#hear(news));
    outgoing.#watch();
    outgoing.#turns.lookSoon(() => outgoing.#look());
    return outgoing;
  }

  /** Nothing can be taken back any more; it ends by itself, with or without us. */
  get goesOn(): boolean {
    return this.#isContinued || this.#postcopy.state !== 'no';
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
      await this.#gate.open(terms && this.#disks ? leavingTimeForDisks(terms) : (terms ?? null));
    });
  }

  startPostcopy(cap: RateCap): void {
    if (this.#options.mechanism.postcopy !== true)
      throw new DriverFailure('unsupported', 'post-copy was not asked for when this migration began');
    this.#turns.take(async () => {
      await this.#setRate(cap);
      this.#isPostcopyWanted = true;
      if (this.#poll !== undefined) await this.#orderPostcopy();
    });
  }

  async #orderPostcopy(): Promise<void> {
    await this.#guest.execute('migrate-start-postcopy');
    this.#postcopy.order();
  }

  throttle(share: number): void {
    const { throttle, autoConverge } = this.#options.mechanism;
    if (throttle !== true && autoConverge === undefined)
      throw new DriverFailure('unsupported', 'a throttle was not asked for when this migration began');
    this.#turns.take(async () => {
      await this.#guest.setParameters(throttleParameters(share));
    });
  }

  pausePostcopy(): void {
    this.#guest.features.require('postcopy_recovery');
    this.#turns.take(async () => {
      if (this.#postcopy.state === 'running') await this.#guest.executeAtOnce('migrate-pause');
    });
  }

  recover(destination: { readonly ip: string; readonly port: number }, cap: RateCap): void {
    this.#turns.take(async () => {
      if (this.#postcopy.state !== 'paused') return;
      await this.#setRate(cap);
      this.#progress.restart();
      const uri = `tcp:${destination.ip}:${destination.port}`;
      await this.#guest.execute('migrate', { uri, resume: true });
    });
  }

  cancel(reason: string): void {
    this.#turns.take(() => this.#cancel({ code: 'cancelled', detail: reason }));
  }

  /** Waits for what is under way. */
  settled(): Promise<void> {
    return this.#turns.settled();
  }

  async #prepare({ mechanism, rateCapBitsPerSec }: Journey): Promise<void> {
    const { features } = this.#guest;
    requireMechanism(mechanism, features);
    // The destination has to start a VM with disks by hand, and could not tell a paused one.
    if (this.#guest.takesDisks(mechanism)) features.require('storage');
    if (this.#guest.takesDisks(mechanism) && (await this.#guest.runState()) !== 'running')
      throw new DriverFailure('unsupported', 'a VM that does not run cannot take its disks along');
    await this.#guest.setCapabilities(capabilitiesFor(mechanism, features));
    this.#before = await this.#guest.setParameters({
      ...mechanismParameters(mechanism, features),
      ...rateParameters(rateCapBitsPerSec, features),
      ...gateShut(features),
    });
  }

  async #migrate({ destination: { ip, port } }: Journey): Promise<void> {
    this.#beganAtMs = performance.now();
    try {
      await this.#guest.execute('migrate', { uri: `tcp:${ip}:${port}` });
    } catch (cause) {
      this.#unlisten();
      await this.#restore();
      if (!(cause instanceof QmpError) || cause.code !== 'refused') throw cause;
      throw new DriverFailure('connect_failed', cause.message, { cause });
    }
    this.#watch();
    if (this.#isPostcopyWanted) await this.#orderPostcopy(); // It was ordered while the disks were copied.
  }

  #watch(): void {
    this.#poll = setInterval(() => this.#turns.lookSoon(() => this.#look()), POLL_PERIOD_MS);
  }

  async #copyDisks(journey: Journey): Promise<void> {
    const { destination, rateCapBitsPerSec } = journey;
    const { ip, port: memoryPort, storagePort: port = memoryPort ^ 1 } = destination;
    const onProgress = (news: MigrationNews) => this.#tell(news);
    this.#disksBeganAtMs = performance.now();
    this.#disks = copyDisks(this.#guest, { ip, port, rateCapBitsPerSec, onProgress });
    this.#tellStarted();
    // Not in turn: rates and a cancellation have to come through while the disks are copied.
    void this.#disks.isSynchronous.then(
      () => this.#turns.take(() => this.#migrate(journey)),
      (error: unknown) => this.#turns.take(() => this.#breakOff(error)),
    );
  }

  #hear(news: GuestNews): void {
    if (news === 'gone') this.#turns.take(async () => this.#failGone());
    else if (news === 'reconnected') this.#turns.take(() => this.#look());
    else if (PROGRESS_EVENTS.has(news.name)) this.#turns.take(() => this.#look(news.atSec));
    if (this.#isStarted) this.#stop.hear(news);
  }

  async #look(atSec: number = Date.now() / 1000): Promise<void> {
    const seen = await this.#guest.snapshot();
    const { status } = seen;
    const { stallMs } = this.#progress.take(seen);
    if (hasBegun(status)) this.#tellStarted();
    if (status === 'active' || status === 'pre-switchover') this.#tellRound(seen, atSec);
    if (status === 'active') {
      if (this.#progress.isStalled) {
        const detail = `no byte has left for ${Math.round(stallMs)} ms`;
        await this.#cancel({ code: 'connection_lost', detail });
      } else await this.#gate.follow();
    } else if (status === 'setup') await this.#checkSetup();
    else if (isHandingOver(status)) {
      this.#stop.see(seen);
      if (status === 'pre-switchover') await this.#continue();
    } else if (isPostcopy(status)) await this.#lookAtPostcopy(seen);
    else if (status === 'completed') await this.#complete(seen);
    else if (status === 'failed' || status === 'cancelled') await this.#fail(seen);
  }

  #tellStarted(): void {
    if (!this.#isStarted) this.#tell({ kind: 'started' });
    this.#isStarted = true;
  }

  #tellRound(seen: Snapshot, atSec: number): void {
    const round = this.#progress.roundEnd(seen, atSec, this.#gate.isOpen);
    if (round !== undefined) this.#tell({ kind: 'round_finished', ...round });
  }

  /** The guest stands still: its disks are settled, then QEMU goes on. */
  async #continue(): Promise<void> {
    if (this.#isContinued || this.#cancelReason !== undefined) return;
    await this.#disks?.finish();
    this.#isContinued = true; // From here on the destination may get the VM.
    await this.#guest.execute('migrate-continue', { state: 'pre-switchover' });
  }

  async #lookAtPostcopy(seen: Snapshot): Promise<void> {
    const { news, isStalled } = this.#postcopy.take(seen, this.#progress);
    if (seen.status === 'postcopy-active') this.#stop.see(seen);
    if (news !== null) this.#tell(news);
    if (isStalled && this.#guest.features.has('postcopy_recovery'))
      await this.#guest.executeAtOnce('migrate-pause');
  }

  async #checkSetup(): Promise<void> {
    if (performance.now() - this.#beganAtMs < SETUP_LIMIT_MS) return;
    await this.#cancel({ code: 'connect_failed', detail: `no connection within ${SETUP_LIMIT_MS} ms` });
  }

  async #complete(first: Snapshot): Promise<void> {
    const seen = await withItsTimes(this.#guest, first);
    if (!hasItsTimes(seen)) return this.#end(completedWithoutTimes(await this.#guest.runState()));
    this.#stop.see(seen);
    // QEMU counts from the first page of memory on.
    const disksMs = this.#disks === undefined ? 0 : this.#beganAtMs - this.#disksBeganAtMs;
    const isWatched = this.#postcopy.state === 'no' && !this.#isTakenUp;
    const lastBytes = isWatched ? this.#progress.sentAfterStop(seen) : seen.downtimeBytes;
    this.#end(completedNews(seen, disksMs, lastBytes));
  }

  async #fail(seen: Snapshot): Promise<void> {
    await this.#disks?.cancel();
    await this.#restore();
    const vmRunning = (await settledRunState(this.#guest)) === 'running';
    const why = this.#cancelReason;
    const fallback = this.#isStarted ? 'connection_lost' : 'connect_failed';
    const detail = why?.detail ?? seen.error ?? `QEMU says ${seen.status}`;
    const code = why?.code ?? (seen.status === 'cancelled' ? 'cancelled' : fallback);
    this.#end({ kind: 'failed', side: 'source', code, detail, vmRunning });
  }

  #failGone(): void {
    const detail = `QEMU of ${this.#guest.vmId} has ended`;
    this.#end({ kind: 'failed', side: 'source', code: 'connection_lost', detail, vmRunning: false });
  }

  /** Never once the destination may have the VM: then it would run twice. */
  async #cancel(reason: CancelReason): Promise<void> {
    if (this.goesOn) return;
    const seen = await this.#guest.snapshot();
    if (this.#poll === undefined) {
      this.#cancelReason ??= reason;
      await this.#fail(seen); // The disks are being copied; QEMU knows of no migration yet.
    } else if (isCancellable(seen.status)) {
      this.#cancelReason ??= reason;
      await this.#guest.execute('migrate_cancel');
    }
  }

  async #breakOff(error: unknown): Promise<void> {
    const detail = error instanceof Error ? error.message : String(error);
    await this.#cancel({ code: 'internal', detail });
  }

  async #setRate(cap: RateCap): Promise<void> {
    await this.#guest.setParameters(rateParameters(cap, this.#guest.features));
    await this.#disks?.setRate(cap);
  }

  /** Best effort: the guest goes on whether or not its parameters are as they were. */
  async #restore(): Promise<void> {
    await this.#guest.setParameters(this.#before).catch(() => undefined);
    const plain = capabilitiesFor({}, this.#guest.features);
    await this.#guest
      .setCapabilities(plain.map(({ capability }) => ({ capability, state: false })))
      .catch(() => undefined);
  }

  /** A monitor that broke is opened again by the guest; a command that QEMU refused ends the migration. */
  async #trouble(error: unknown): Promise<void> {
    if (error instanceof QmpError && error.code !== 'refused') return;
    await this.#breakOff(error).catch(() => undefined);
  }

  #tell(event: MigrationNews): void {
    this.#options.onEvent(event);
  }

  #end(ending: Ending): void {
    this.#turns.end();
    clearInterval(this.#poll);
    this.#unlisten();
    this.#tell(ending);
    this.#resolveEnded({ hasLeft: ending.kind === 'completed' });
  }
}

const PROGRESS_EVENTS: ReadonlySet<string> = new Set(['MIGRATION_PASS', 'MIGRATION', 'STOP']);
