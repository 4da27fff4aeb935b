/**
 * What a request would get if it came now: the promise that admission would make, what the migration is expected to
 * take, and between which bounds, because its dirty rate moves about. A request that would be refused is told which
 * small change would pass. Nothing is promised yet; an admission that sends the tag along gets what it says.
 */
import type { Path } from '@sluice/topology';
import {
  add,
  type BitsPerSec,
  type Bytes,
  bytesPerSec,
  type Joules,
  type Millis,
  toSeconds,
  ZERO,
} from '@sluice/units';
import type { Window } from '../ledger/index.ts';
import type { MechanismChoice } from '../mechanism/choose.ts';
import type { MigrationRequest, Refusal } from '../request.ts';
import type { State, VmState } from '../state.ts';
import type { Feasible } from './assess.ts';
import { decide } from './decide.ts';
import { type Prediction, play } from './predict.ts';
import type { Victim } from './preempt.ts';
import { tagOf } from './promise-tag.ts';
import { type Change, smallestChanges } from './smallest-change.ts';

/** What a migration is expected to take. */
export interface Outcome {
  /** From the request to the end, waiting in the calendar included. */
  readonly totalTime: Millis;
  readonly downtime: Millis;
  readonly transferred: Bytes;
  readonly energy: Joules;
  /** What the joint allocation weighs: energy, and `secondsCostJoule` for each second of copying. */
  readonly costJoule: number;
  /** Pre-copy rounds, round 0 included. */
  readonly rounds: number;
}

export interface Offer {
  readonly ok: true;
  readonly etag: string;
  readonly path: Path;
  readonly reversePath: Path;
  /** Least rate that is promised over the window; 0 for unmanaged. */
  readonly guarantee: BitsPerSec;
  readonly window: Window;
  /** The largest rate that the path could promise. */
  readonly rateLimit: BitsPerSec;
  /** By its own policy, with the dirty rate as it is. */
  readonly expected: Outcome;
  /** With a dirty rate lower and higher by DEVIATIONS times its deviation. */
  readonly low: Outcome;
  readonly high: Outcome;
  /** How its memory would be moved, and why so. */
  readonly mechanism: MechanismChoice;
  /** Migrations of a lower priority that would lose part of their guarantee, or be ended. */
  readonly preempts: readonly Victim[];
  /** All transfers as expected, the stop-and-copy last; rates are wire rates. */
  readonly transfers: Prediction['transfers'];
}

export interface NoOffer {
  readonly ok: false;
  readonly etag: string;
  readonly refusal: Refusal;
  /** Each alone would pass. */
  readonly changes: readonly Change[];
}

/** Twice the mean deviation holds about nine in ten values of whatever is not too skewed. */
const DEVIATIONS = 2;

export function quote(state: State, request: MigrationRequest): Offer | NoOffer {
  const decision = decide(state, request);
  const etag = tagOf(state, request, decision);
  if (!decision.ok) {
    const { refusal } = decision;
    return { ok: false, etag, refusal, changes: smallestChanges(state, request, refusal) };
  }
  const { feasible, victims, ledger } = decision;
  return { ok: true, etag, ...offer({ ...state, ledger }, request, feasible), preempts: victims };
}

function offer(
  state: State,
  request: MigrationRequest,
  feasible: Feasible,
): Omit<Offer, 'ok' | 'etag' | 'preempts'> {
  const { vm, use, guarantee, window, rateLimit } = feasible;
  const { dirtyRate, dirtyRateDeviation } = vm;
  const swing = DEVIATIONS * dirtyRateDeviation;
  const at = (rate: number): VmState => ({ ...vm, dirtyRate: bytesPerSec(Math.max(0, rate)) });
  const expected = play(state, request, feasible);
  const low = play(state, request, { ...feasible, vm: at(dirtyRate - swing) });
  const high = play(state, request, { ...feasible, vm: at(dirtyRate + swing) });
  return {
    path: use.path,
    reversePath: use.reversePath,
    guarantee,
    window,
    rateLimit,
    expected: outcomeOf(state, request, expected),
    low: outcomeOf(state, request, low),
    high: outcomeOf(state, request, high),
    transfers: expected.transfers,
    mechanism: feasible.mechanism,
  };
}

function outcomeOf(state: State, { startAt }: MigrationRequest, predicted: Prediction): Outcome {
  const { totalTime, downtime, transferred, energy, rounds } = predicted;
  return {
    totalTime: add(startAt ?? ZERO.millis, totalTime),
    downtime,
    transferred,
    energy,
    costJoule: energy + state.config.secondsCostJoule * toSeconds(totalTime),
    rounds,
  };
}
