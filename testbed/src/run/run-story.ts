/** Runs a story: once as hypervisors do it by themselves, once under Sluice, and gives both results. */
import type { RatePolicyName } from '@sluice/controller/core';
import { type Lab, openLab } from '../lab/index.ts';
import type { GuestKind } from '../stage/index.ts';
import type { Story } from '../story/index.ts';
import { describe, type ProgressLine } from './progress.ts';
import { type RealRun, runOnRealParts } from './real-run.ts';
import { RUN_NAMES, type RunName, type StoryResult } from './result.ts';
import { simulateRun } from './simulated-run.ts';

export interface RunStoryOptions {
  readonly mode: 'real' | 'simulate';
  /** On real parts: what the VMs are. Default: emulated. */
  readonly guests?: GuestKind | undefined;
  /** Default: both, the unmanaged one first. */
  readonly runs?: readonly RunName[];
  readonly note?: (line: ProgressLine) => void;
  /** About the lab itself: what was cleaned, what was started. */
  readonly say?: (text: string) => void;
  /** Ends the story early; everything that was started is ended first, then the promise rejects with its reason. */
  readonly signal?: AbortSignal;
  /** Called with the results while network and controller of the last run still run; they end when it resolves. */
  readonly keep?: (running: {
    readonly controllerUrl: string;
    readonly result: StoryResult;
  }) => Promise<void>;
  /** Simulation only. */
  readonly seed?: number;
  readonly policy?: RatePolicyName | undefined;
}

/** @throws LabFailure when the machine does not do what is needed; RequestRefused and others from the controller */
export async function runStory(story: Story, options: RunStoryOptions): Promise<StoryResult> {
  const runs = RUN_NAMES.filter((name) => (options.runs ?? RUN_NAMES).includes(name));
  return options.mode === 'simulate' ? simulateAll(story, runs, options) : runAll(story, runs, options);
}

function simulateAll(story: Story, runs: readonly RunName[], options: RunStoryOptions): StoryResult {
  let result: StoryResult = {};
  for (const run of runs) {
    const one = simulateRun(story, {
      run,
      policy: options.policy,
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      onEvent: ({ atMs, event }) => {
        const text = describe({ type: event.type, subject: event.migrationId, data: event.detail });
        if (text !== null) options.note?.({ run, atSec: atMs / 1000, text });
      },
    });
    result = { ...result, [run]: one };
  }
  return result;
}

async function runAll(
  story: Story,
  runs: readonly RunName[],
  { guests, note, say, signal = new AbortController().signal, keep }: RunStoryOptions,
): Promise<StoryResult> {
  const lab = await openLab({ label: `story ${story.name}`, note: (line) => say?.(line) });
  // Whatever the present step waits for, it ends with the lab.
  const closeEarly = () => void lab.close().catch(() => undefined);
  signal.addEventListener('abort', closeEarly, { once: true });
  try {
    signal.throwIfAborted();
    let result: StoryResult = {};
    for (const run of runs) {
      const real = await runIn(lab, story, run, { guests, note, signal });
      result = { ...result, [run]: real.result };
      if (keep && run === runs.at(-1)) await keep({ controllerUrl: real.controllerUrl, result });
      await real.close();
    }
    return result;
  } catch (cause) {
    signal.throwIfAborted();
    throw cause;
  } finally {
    signal.removeEventListener('abort', closeEarly);
    await lab.close();
  }
}

const runIn = (
  lab: Lab,
  story: Story,
  run: RunName,
  {
    guests,
    note,
    signal,
  }: {
    guests: RunStoryOptions['guests'];
    note: RunStoryOptions['note'];
    signal: AbortSignal;
  },
): Promise<RealRun> =>
  runOnRealParts(lab, story, {
    run,
    guests,
    signal,
    note: (atSec, text) => note?.({ run, atSec, text }),
  });
