/** Runs what a file tells in virtual time, in slices, so that whoever waits hears of it and may leave. */
import { setImmediate } from 'node:timers/promises';
import type { RatePolicyName } from '@sluice/controller/core';
import {
  type SimulationOptions,
  type SimulationOutcome,
  type SimulationProgress,
  simulateInSlices,
} from '../simulator/index.ts';
import type { RunName, RunResult } from './result.ts';
import { resultOf } from './simulated-run.ts';
import type { SimulationFile } from './simulation-file.ts';

export interface SimulationRunOptions {
  /** Default 1. */
  readonly seed?: number | undefined;
  /** In place of the policies in the file. */
  readonly policy?: RatePolicyName | undefined;
  /** In place of the runs that the file asks for. */
  readonly runs?: readonly RunName[] | undefined;
  /** Ends each run then, counted from the end of the warm-up. */
  readonly untilSec?: number | undefined;
  /** Keeps explanations, for the document. */
  readonly explains?: boolean | undefined;
  /** Leaves it between two slices; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((run: RunName, progress: SimulationProgress) => void) | undefined;
}

export interface SimulatedRun {
  readonly run: RunName;
  readonly outcome: SimulationOutcome;
  readonly result: RunResult;
}

/** How long a slice may hold up signals and timers. */
const SLICE_MS = 50;

export async function runSimulation(
  file: SimulationFile,
  options: SimulationRunOptions = {},
): Promise<readonly SimulatedRun[]> {
  const done: SimulatedRun[] = [];
  for (const run of options.runs ?? file.runs) {
    const outcome = await inSlices(file, run, options);
    done.push({ run, outcome, result: resultOf(file.story, outcome, { run, policy: options.policy }) });
  }
  return done;
}

/** What the simulator is told for one run of a file. */
export function optionsFor(
  file: SimulationFile,
  run: RunName,
  { seed, policy, untilSec, explains = false }: SimulationRunOptions = {},
): SimulationOptions {
  const endSec = untilSec === undefined ? file.untilSec : untilSec + file.story.warmupSec;
  return {
    mode: run === 'unmanaged' ? 'unmanaged' : 'managed',
    faults: file.faults,
    policy,
    explains,
    ...(seed === undefined ? {} : { seed }),
    ...(endSec === null ? {} : { untilSec: endSec }),
  };
}

async function inSlices(
  file: SimulationFile,
  run: RunName,
  options: SimulationRunOptions,
): Promise<SimulationOutcome> {
  const { signal, onProgress } = options;
  const slices = simulateInSlices(file.story, optionsFor(file, run, options));
  let sliceEndsMs = performance.now() + SLICE_MS;
  for (;;) {
    const { done, value } = slices.next();
    if (done) return value;
    if (performance.now() < sliceEndsMs) continue;
    onProgress?.(run, value);
    await setImmediate();
    signal?.throwIfAborted();
    sliceEndsMs = performance.now() + SLICE_MS;
  }
}
