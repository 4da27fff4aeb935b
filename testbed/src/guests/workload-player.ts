/** Tells a guest, wherever it is by then, what to write in each phase of its workload. */
import { setTimeout as delay } from 'node:timers/promises';
import type { GuestLoad } from './guest-spec.ts';
import { PAGE_BYTES } from './guest-spec.ts';
import { findAnswering } from './lab-guests.ts';

export interface GuestPhase {
  readonly durationSec: number;
  readonly dirtyRateBytesPerSec: number;
  readonly workingSetBytes: number;
  readonly pattern: 'cyclic' | 'random';
}

export interface GuestWorkload {
  /** true: after the last phase comes the first again; false: the last one stays. */
  readonly repeat: boolean;
  readonly phases: readonly GuestPhase[];
}

export interface WorkloadPlayer {
  /** What it could not tell the guest; a guest that is paused for long misses the phases of that time. */
  readonly problems: readonly string[];
  stop(): Promise<void>;
}

/** Whole pages: rates and sizes are rounded to the nearest, and a rate above zero writes at least one. */
export function loadOfPhase(phase: GuestPhase): GuestLoad {
  const pages = Math.round(phase.dirtyRateBytesPerSec / PAGE_BYTES);
  return {
    pagesPerSec: phase.dirtyRateBytesPerSec > 0 ? Math.max(1, pages) : 0,
    workingSetBytes: Math.max(1, Math.round(phase.workingSetBytes / PAGE_BYTES)) * PAGE_BYTES,
    pattern: phase.pattern,
    writeBytes: PAGE_BYTES,
    diskBlocksPerSec: 0,
  };
}

/** Begins with the first phase now. */
export function playWorkload(prefix: string, vmId: string, workload: GuestWorkload): WorkloadPlayer {
  const ending = new AbortController();
  const problems: string[] = [];
  const tell = async (phase: GuestPhase): Promise<void> => {
    try {
      const control = await findAnswering(prefix, vmId);
      await control.setLoad(loadOfPhase(phase)).finally(() => control.close());
    } catch (error) {
      problems.push(`${vmId}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const playing = play(workload, tell, ending.signal);
  return {
    problems,
    stop: async () => {
      ending.abort();
      await playing;
    },
  };
}

/** Every phase has its own due time, so that telling one late does not shift those after it. */
async function play(
  { repeat, phases }: GuestWorkload,
  tell: (phase: GuestPhase) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let dueMs = performance.now();
  do {
    for (const phase of phases) {
      await tell(phase);
      dueMs += phase.durationSec * 1000;
      await delay(Math.max(0, dueMs - performance.now()), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
    }
  } while (repeat);
}
