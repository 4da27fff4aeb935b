/**
 * The source's side of a migration: pre-copy rounds, then stop-and-copy. After each round it reports and waits for
 * the controller's decision. Until `go` any failure leaves the VM running here.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { bitsPerSec, instant } from '@sluice/units';
import { PAGE_BYTES } from '../config.ts';
import { MigrationLink } from './migration-link.ts';
import {
  asMigrationFailure,
  MigrationFailure,
  RESOLVE_LIMIT_MS,
  type SenderCommand,
  type SenderEvent,
  type SenderOptions,
  type ToSender,
} from './migration-protocol.ts';
import { sendPages } from './page-sender.ts';
import { allPages, pagesOf, union } from './page-set.ts';
import { TokenBucket } from './token-bucket.ts';
import { VmClient } from './vm-client.ts';

/** Without a decision for this long the sender begins the next round at the old cap. */
export const ROUND_DECISION_TIMEOUT_MS = 400;
/** After `go`: taking the network over and resuming takes tens of milliseconds. */
const RESUME_LIMIT_MS = 3000;
const RESOLVE_RETRY_MS = 200;

type Decision = 'next_round' | 'switchover';

export class Sender {
  readonly #options: SenderOptions;
  readonly #report: (event: SenderEvent) => void;
  readonly #bucket: TokenBucket;
  #vm: VmClient | undefined;
  #link: MigrationLink | undefined;
  #cancelled: MigrationFailure | undefined;
  #paused = false;
  #handedOver = false;
  #throttle = 0;
  #round = 0;
  /** A switchover that was ordered while a round was still running: done at its end, without asking. */
  #switchoverOrdered = false;
  #decide: ((decision: Decision) => void) | undefined;
  #transferredBytes = 0;

  constructor(options: SenderOptions, report: (event: SenderEvent) => void) {
    this.#options = options;
    this.#report = report;
    const cap = options.rateCapBitsPerSec;
    this.#bucket = new TokenBucket(cap === null ? null : bitsPerSec(cap), now);
  }

  /** Runs the whole migration; its end is the last event, `completed` or `failed`. Never rejects. */
  async run(): Promise<void> {
    try {
      const vm = await VmClient.connect(this.#options.vmSocket);
      this.#vm = vm;
      if (this.#throttle > 0) await vm.throttle(this.#throttle);
      this.#report(await this.#migrate(vm));
    } catch (error) {
      await this.#giveUp(asMigrationFailure(error, 'internal'));
    } finally {
      this.#link?.close();
      this.#vm?.close();
    }
  }

  command(command: SenderCommand): void {
    if (command.kind === 'cancel') {
      this.cancel(new MigrationFailure('cancelled', command.reason));
      return;
    }
    if (command.kind === 'throttle') {
      this.#throttle = command.share;
      void this.#vm?.throttle(command.share).catch(() => undefined); // Its end is seen by those who need it.
      return;
    }
    const cap = command.rateCapBitsPerSec;
    this.#bucket.setRate(cap === null ? null : bitsPerSec(cap));
    if (command.kind === 'set_rate_cap') {
      this.#report({ kind: 'rate_cap_applied', rateCapBitsPerSec: cap });
    } else if (command.kind === 'begin_switchover') {
      this.#switchoverOrdered = true;
      this.#decide?.('switchover');
    } else if (command.round === this.#round + 1) {
      this.#decide?.('next_round'); // A decision for another round came too late: only its cap counts.
    }
  }

  /** Gives up, unless the VM was already handed over: then the outcome decides. */
  cancel(failure: MigrationFailure): void {
    if (this.#handedOver) return;
    this.#cancelled = failure;
    this.#link?.fail(failure.code, failure.message);
    this.#decide?.('next_round');
  }

  async #migrate(vm: VmClient): Promise<SenderEvent> {
    const { migrationId, vmId, destination } = this.#options;
    const startedAt = now();
    const { state, memoryBytes } = await vm.status();
    if (state !== 'running') throw new MigrationFailure('internal', `the VM is ${state}`);
    const link = await MigrationLink.connect(destination.ip, destination.port);
    this.#link = link;
    this.#throwIfCancelled();
    await link.send({ op: 'hello', migrationId, vmId, memoryBytes });
    await link.expect('welcome');
    this.#report({ kind: 'started' });

    const left = await this.#precopy(vm, link, memoryBytes / PAGE_BYTES);
    return this.#stopAndCopy(vm, link, left, startedAt);
  }

  /** Rounds until the controller orders the switchover. Returns the bitmap of what is still to send. */
  async #precopy(vm: VmClient, link: MigrationLink, pageCount: number): Promise<Buffer> {
    await vm.syncBitmap(); // Forget what was written before round 0: it sends everything.
    let syncedAt = now();
    let pages = allPages(pageCount);
    for (;;) {
      const beganAt = now();
      this.#bucket.empty();
      const transferredBytes = await sendPages({ vm, link, bucket: this.#bucket, pages });
      await link.send({ op: 'round_end', round: this.#round });
      await link.expect('round_ack');
      const durationMs = now() - beganAt;
      this.#transferredBytes += transferredBytes;

      const dirty = await vm.syncBitmap();
      const windowSec = (now() - syncedAt) / 1000;
      syncedAt = now();
      pages = pagesOf(dirty);
      const remainingBytes = pages.length * PAGE_BYTES;
      const decided = this.#decision();
      this.#report({
        kind: 'round_finished',
        round: this.#round,
        transferredBytes,
        durationSec: durationMs / 1000,
        remainingBytes,
        dirtyRateBytesPerSec: windowSec > 0 ? remainingBytes / windowSec : 0,
      });
      const decision = await decided;
      this.#throwIfCancelled();
      if (decision === 'switchover') return dirty;
      this.#round += 1;
    }
  }

  async #decision(): Promise<Decision> {
    if (this.#switchoverOrdered) return 'switchover';
    const decision = await new Promise<Decision>((resolve) => {
      const timer = setTimeout(resolve, ROUND_DECISION_TIMEOUT_MS, 'next_round');
      this.#decide = (made) => {
        clearTimeout(timer);
        resolve(made);
      };
    });
    this.#decide = undefined;
    return decision;
  }

  async #stopAndCopy(
    vm: VmClient,
    link: MigrationLink,
    left: Buffer,
    startedAt: number,
  ): Promise<SenderEvent> {
    const pausedAt = now();
    this.#paused = true;
    await vm.pause();
    const pages = pagesOf(union(left, await vm.syncBitmap()));
    this.#report({ kind: 'vm_stopped', remainingBytes: pages.length * PAGE_BYTES });
    this.#bucket.empty();
    const sentBytes = await sendPages({ vm, link, bucket: this.#bucket, pages });
    const stateBytes = await link.send({ op: 'device_state', ...(await vm.exportState()) });
    const { checkedPages } = await link.expect('intact');
    const transferredBytes = sentBytes + stateBytes;
    const durationMs = now() - pausedAt;
    this.#transferredBytes += transferredBytes;

    this.#throwIfCancelled();
    await vm.handOver();
    this.#handedOver = true;
    const outcome = await this.#go(link);
    if (outcome.op !== 'resumed') throw new MigrationFailure('internal', `destination: ${outcome.detail}`);
    const resumedAt = now();
    // From here on no failure may bring this copy back: the other one runs.
    await vm.quit().catch((error) => console.error('the source copy did not end:', error));
    return {
      kind: 'completed',
      totalTimeSec: (resumedAt - startedAt) / 1000,
      downtimeSec: (resumedAt - pausedAt) / 1000,
      transferredBytes: this.#transferredBytes,
      stopAndCopy: { transferredBytes, durationSec: durationMs / 1000 },
      checkedPages,
    };
  }

  /** Says `go` and learns what became of it, over new connections if this one breaks. */
  async #go(link: MigrationLink): Promise<Extract<ToSender, { op: 'resumed' | 'not_resumed' }>> {
    const deadline = now() + RESOLVE_LIMIT_MS;
    const impatient = setTimeout(() => link.fail('connection_lost', 'no answer to go'), RESUME_LIMIT_MS);
    try {
      await link.send({ op: 'go' });
      return await outcomeOn(link);
    } catch {
      // The answer is lost, not the VM: ask until somebody knows.
    } finally {
      clearTimeout(impatient);
    }
    while (now() < deadline) {
      const outcome = await this.#resolve().catch(() => undefined);
      if (outcome !== undefined) return outcome;
      await sleep(RESOLVE_RETRY_MS);
    }
    throw new UnknownOutcome();
  }

  async #resolve(): Promise<Extract<ToSender, { op: 'resumed' | 'not_resumed' }>> {
    const { migrationId, destination } = this.#options;
    const link = await MigrationLink.connect(destination.ip, destination.port);
    const impatient = setTimeout(() => link.fail('connection_lost', 'no answer to resolve'), RESUME_LIMIT_MS);
    try {
      await link.send({ op: 'resolve', migrationId });
      return await outcomeOn(link);
    } finally {
      clearTimeout(impatient);
      link.close();
    }
  }

  async #giveUp(failure: MigrationFailure): Promise<void> {
    const vm = this.#vm;
    if (vm === undefined) {
      this.#report({ kind: 'failed', code: 'unknown_vm', detail: failure.message, vmRunning: false });
      return;
    }
    const reason = this.#cancelled ?? failure;
    let detail = reason.message;
    if (this.#paused && !(failure instanceof UnknownOutcome)) {
      await vm
        .resume()
        .catch(() => vm.takeBack())
        .catch((error) => {
          detail += `; ${error.message}`;
        });
    }
    const vmRunning = await vm.status().then(
      (status) => status.state === 'running',
      () => false,
    );
    this.#report({ kind: 'failed', code: reason.code, detail, vmRunning });
  }

  #throwIfCancelled(): void {
    if (this.#cancelled !== undefined) throw this.#cancelled;
  }
}

/** Nobody could be asked: the paused copy stays paused, because the other one may be running. */
class UnknownOutcome extends MigrationFailure {
  constructor() {
    super(
      'connection_lost',
      `the destination could not be asked for ${RESOLVE_LIMIT_MS} ms; the VM stays paused here`,
    );
  }
}

async function outcomeOn(link: MigrationLink): Promise<Extract<ToSender, { op: 'resumed' | 'not_resumed' }>> {
  const outcome = await link.answer();
  if (outcome.op === 'resumed' || outcome.op === 'not_resumed') return outcome;
  throw new MigrationFailure('connection_lost', `expected an outcome, got ${outcome.op}`);
}

const now = () => instant(performance.now());
