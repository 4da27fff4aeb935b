/**
 * A migration at its destination. The source's daemon brings the domain here and this host's daemon starts it, so what
 * is left to do is to choose a port, to watch for the domain, and to say when it runs. Nothing here ends a domain: one
 * that a source is connected to is the source's daemon's to decide about, and it takes away what fails.
 */
import { DriverFailure, type MigrationNews } from '../hypervisor.ts';
import { Turns } from '../turns.ts';
import type { Domain } from './domain.ts';
import type { DomainEvent } from './host-events.ts';
import { VirshFailure } from './virsh-runner.ts';

/** Arrival is told by events at once; this is for those that were lost. */
const POLL_PERIOD_MS = 500;
/** How long a destination waits for its source: admission and installation lie in between. */
const APPEAR_LIMIT_MS = 60_000;
/** The source may have noticed first; QEMU takes an instant to let go of a connection. */
const INTERRUPT_LIMIT_MS = 5000;
const INTERRUPT_PERIOD_MS = 50;

export interface IncomingOptions {
  readonly domain: Domain;
  readonly onEvent: (event: MigrationNews) => void;
}

export class Incoming {
  readonly #options: IncomingOptions;
  readonly #domain: Domain;
  readonly #turns = new Turns((error) => {
    if (!(error instanceof VirshFailure)) throw error; // A daemon that is away is asked again.
  });
  readonly ended: Promise<void>;
  #resolveEnded: () => void = () => undefined;
  readonly #poll: NodeJS.Timeout;
  readonly #timer: NodeJS.Timeout;
  #hasAppeared = false;
  #hasResumed = false;
  #isPostcopy = false;
  #cancelReason: string | undefined;

  constructor(options: IncomingOptions) {
    this.#options = options;
    this.#domain = options.domain;
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    this.#poll = setInterval(() => this.#turns.lookSoon(() => this.#look()), POLL_PERIOD_MS);
    this.#timer = setTimeout(
      () => this.#giveUp(`no source has come within ${APPEAR_LIMIT_MS} ms`),
      APPEAR_LIMIT_MS,
    );
  }

  /** Resolves when the post-copy stands still, interrupting it if need be. @throws DriverFailure 'busy' */
  async interrupted(): Promise<void> {
    const state = () => this.#domain.state();
    if ((await state()) === 'postcopy') await this.#domain.interruptPostcopy();
    for (const deadline = performance.now() + INTERRUPT_LIMIT_MS; ; await pause(INTERRUPT_PERIOD_MS)) {
      const now = await state();
      if (now === 'postcopy_interrupted') return;
      if (now !== 'postcopy' || performance.now() > deadline)
        throw new DriverFailure('busy', `nothing to recover: the domain is ${now ?? 'not here'}`);
    }
  }

  /** Running is told by its event without a look: nobody may wait for a process then. */
  hear(event: DomainEvent): void {
    if (event.kind !== 'lifecycle' || this.#turns.isOver) return;
    if (event.what === 'Started') this.#hasAppeared = true;
    else if (event.what === 'Resumed' && event.why === 'Migrated') this.#arrived(false);
    else if (event.what === 'Resumed' && event.why === 'Post-copy') this.#arrived(true);
    else if (event.what === 'Stopped') this.#turns.lookSoon(() => this.#look());
  }

  /** Nobody has come: nobody is waited for. Else the source decides, and the domain's coming or going tells. */
  cancel(reason: string): void {
    this.#cancelReason ??= reason;
    this.#turns.take(async () => {
      await this.#look();
      if (!this.#hasAppeared) this.#fail();
    });
  }

  /** Interrupts a post-copy. */
  pausePostcopy(): void {
    this.#turns.take(async () => {
      if ((await this.#domain.state()) === 'postcopy') await this.#domain.interruptPostcopy();
    });
  }

  settled(): Promise<void> {
    return this.#turns.settled();
  }

  /** The agent stops; a domain that is on its way comes without it. */
  letGo(): void {
    if (!this.#turns.isOver) this.#end();
  }

  #giveUp(reason: string): void {
    if (!this.#hasAppeared) this.cancel(reason);
  }

  async #look(): Promise<void> {
    const state = await this.#domain.state();
    if (this.#turns.isOver) return;
    if (state === undefined) {
      if (this.#hasAppeared) this.#fail();
      return;
    }
    this.#hasAppeared = true;
    if (state === 'running') this.#arrived(false);
    else if (state === 'postcopy') this.#arrived(true);
  }

  #arrived(isPostcopy: boolean): void {
    if (!this.#hasResumed) {
      this.#hasResumed = true;
      this.#isPostcopy = isPostcopy;
      this.#tell({ kind: 'vm_resumed', vmId: this.#domain.vmId, isPostcopy });
    }
    if (isPostcopy) return;
    if (this.#isPostcopy) this.#tell({ kind: 'incoming_finished' });
    this.#end();
  }

  #fail(): void {
    const reason = this.#cancelReason;
    const vmId = this.#domain.vmId;
    this.#tell({
      kind: 'failed',
      side: 'destination',
      code: reason === undefined ? 'connection_lost' : 'cancelled',
      detail: reason ?? `libvirt has taken the incoming domain ${vmId} away`,
      vmRunning: false,
    });
    this.#end();
  }

  #tell(event: MigrationNews): void {
    if (!this.#turns.isOver) this.#options.onEvent(event);
  }

  #end(): void {
    this.#turns.end();
    clearInterval(this.#poll);
    clearTimeout(this.#timer);
    this.#resolveEnded();
  }
}

const pause = (durationMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, durationMs));
