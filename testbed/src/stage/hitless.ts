/** Moves a real guest and divides the outage that its users see among those who caused it. */
import { setTimeout as delay } from 'node:timers/promises';
import { LabFailure } from '../lab/index.ts';
import { poll } from '../lab/poll.ts';
import { longestGap } from '../traffic/aggregate.ts';
import { type Echo, monotonicMs, type PortWatch, type Prober } from '../traffic/index.ts';
import type { Monitors } from './monitors.ts';
import type { MigrationBody, Stage } from './stage.ts';

/**
 * Longest silence around a switchover = stopped + waking + network. Stopped: from QEMU's STOP at the source to its
 * RESUME at the destination. Waking: a guest that runs again and at whose port a probe lies has not answered yet; an
 * emulated processor (TCG) has to translate all its code anew. Network: everything else, so also a guest that nothing
 * reaches because frames still go elsewhere.
 */
export interface SwitchoverCost {
  readonly gapMs: number;
  readonly stoppedMs: number;
  readonly wakingMs: number;
  readonly networkMs: number;
  /** Probes that were never answered. */
  readonly lost: number;
  /** From the STOP until a probe was sent that was answered by the destination; negative: none was lost. */
  readonly flippedMs: number;
}

export interface Move extends SwitchoverCost {
  readonly id: string;
  readonly destination: string;
  readonly stopMs: number;
  readonly resumeMs: number;
  /** Longest silence where the hypervisor begins to log dirty pages. */
  readonly startStallMs: number;
  /** Longest silence while memory was copied: what this prober and this machine cannot tell from an outage. */
  readonly quietMs: number;
}

export interface MoveOptions {
  readonly stage: Stage;
  readonly monitors: Monitors;
  readonly prober: Prober;
  /** The guest's port at each host. */
  readonly ports: ReadonlyMap<string, PortWatch>;
  readonly vm: string;
  readonly destination: string;
  readonly id: string;
  /** What the request says beside. */
  readonly body?: MigrationBody;
}

const MOVE_TIMEOUT_MS = 90_000;
const HEARD_TIMEOUT_MS = 10_000;
/** Answers after the guest runs again that are waited for. */
const SETTLED_MS = 500;
/** Before QEMU says that it has begun, and after. */
const START = { beforeMs: 200, afterMs: 700 };
/** As long as a switchover. */
const PAUSE_MS = 200;
/** Of the monitors' stamps and of answers that were under way. */
const AROUND_MS = 2;
/** Frames of a guest that has just been resumed which need not be answers: its announcements, or those of QEMU. */
const ANNOUNCED_MAX = 2;

/** @throws LabFailure when the migration does not complete */
export async function measureMove(options: MoveOptions): Promise<Move> {
  const { stage, monitors, prober, ports, vm, destination, id, body } = options;
  const askedMs = monotonicMs();
  await stage.migrate({ id, vm, destination, downtimeLimitSec: 0.5, ...body });
  const { phase, reason, reasonDetail } = await stage.untilEnded(id, MOVE_TIMEOUT_MS);
  if (phase !== 'completed') {
    const output = `${phase}: ${reason ?? ''} ${reasonDetail ?? ''}`;
    throw new LabFailure({ code: 'process_ended', name: `migration ${id}`, exitCode: null, output });
  }
  const next = (name: string) => monitors.next(vm, name, askedMs, HEARD_TIMEOUT_MS);
  const [start, stop, resume] = [await next('MIGRATION'), await next('STOP'), await next('RESUME')];
  await poll(`answers of ${vm} after ${id}`, HEARD_TIMEOUT_MS, async () =>
    (prober.echoes.at(-1)?.receivedMs ?? 0) > resume.atMs + SETTLED_MS ? true : null,
  );
  const own = prober.echoes.filter((echo) => echo.receivedMs > askedMs - 1000);
  const silence = (fromMs: number, toMs: number) =>
    longestGap(own, { fromMs, toMs })?.durationMs ?? Number.NaN;
  const instants = { stopMs: stop.atMs, resumeMs: resume.atMs };
  return {
    ...{ id, destination, ...instants },
    ...switchoverCost(own, instants, ports.get(destination)?.changes ?? []),
    startStallMs: silence(start.atMs - START.beforeMs, start.atMs + START.afterMs),
    quietMs: silence(start.atMs + START.afterMs, stop.atMs - START.beforeMs),
  };
}

/**
 * The guest stands still where it is and goes on, without a migration: from its RESUME until an answer. What a
 * switchover's waking takes beyond this is the price of a processor that is new to the guest.
 * @throws LabFailure `timed_out`
 */
export async function measurePause(
  { monitors, prober }: Pick<MoveOptions, 'monitors' | 'prober'>,
  { host, vm }: { readonly host: string; readonly vm: string },
): Promise<number> {
  const machine = monitors.at(host, vm);
  const askedMs = monotonicMs();
  await machine.execute('stop');
  await delay(PAUSE_MS);
  await machine.execute('cont');
  const { atMs } = await monitors.next(vm, 'RESUME', askedMs, HEARD_TIMEOUT_MS);
  const answered = await poll(`answers of ${vm}`, HEARD_TIMEOUT_MS, async () => {
    const echo = prober.echoes.find(({ receivedMs }) => receivedMs > atMs);
    return echo ?? null;
  });
  await delay(PAUSE_MS);
  return answered.receivedMs - atMs;
}

/**
 * `sent`: how many frames the guest had sent at the destination by when.
 * @throws RangeError when there is nothing before or nothing after the switchover
 */
export function switchoverCost(
  echoes: readonly Echo[],
  { stopMs, resumeMs }: { readonly stopMs: number; readonly resumeMs: number },
  sent: PortWatch['changes'],
): SwitchoverCost {
  const gap = longestGap(echoes, { fromMs: stopMs - AROUND_MS, toMs: resumeMs + AROUND_MS });
  const answered = echoes.filter((echo) => gap !== null && echo.receivedMs >= gap.endMs);
  const flippedAt = Math.min(...answered.filter((echo) => echo.sentMs > stopMs).map((echo) => echo.sentMs));
  // What the guest had taken before it stopped, it answers at the destination as well.
  const first = Math.min(...answered.map((echo) => echo.sentMs));
  const answeredMs = sent.find((one) => one.atMs > resumeMs && one.frames > ANNOUNCED_MAX)?.atMs;
  if (gap === null || answeredMs === undefined || !Number.isFinite(flippedAt))
    throw new RangeError('the guest was not heard before and after its switchover');
  const stoppedMs = resumeMs - stopMs;
  const wakingMs = Math.max(0, Math.min(answeredMs, gap.endMs) - Math.max(resumeMs, first));
  const numbers = new Set(echoes.map((echo) => echo.seq));
  const [from, to] = [Math.min(...numbers), Math.max(...answered.map((echo) => echo.seq))];
  const asked = echoes
    .filter((echo) => echo.sentMs < stopMs)
    .reduce((most, { seq }) => Math.max(most, seq), from);
  let lost = 0;
  for (let seq = asked; seq < to; seq += 1) if (!numbers.has(seq)) lost += 1;
  return {
    ...{ gapMs: gap.durationMs, stoppedMs, wakingMs, lost },
    networkMs: gap.durationMs - stoppedMs - wakingMs,
    flippedMs: lost === 0 ? -1 : flippedAt - stopMs,
  };
}
