/**
 * Post-copy and hybrid migration. In post-copy the VM stops only for its CPU and device state, then runs at the
 * destination while every page is sent once; pages it touches before they came are fetched over the network. Hybrid
 * sends some pre-copy rounds first, so that only what was dirtied in the last of them is left to fetch.
 *
 * Total time and downtime follow from the volumes. What the guest feels is an assumption: it touches distinct pages at a
 * constant rate, missing pages are spread evenly among them, and each fault waits one round trip and one page.
 */
import {
  add,
  type BitsPerSec,
  type Bytes,
  bytes,
  type Joules,
  joules,
  type Millis,
  millis,
  transferTime,
  ZERO,
} from '@sluice/units';
import { type EnergyModel, energyOf } from './energy.ts';
import { type PrecopyPlan, type PrecopyRound, precopy } from './precopy.ts';
import { fixedRounds } from './stop-policies/threshold.ts';

/** The part that both have: a stopped VM's state, then pages behind a running one. */
export interface PostcopyPhase {
  /** Payload rate of the state and of all pages. */
  readonly rate: BitsPerSec;
  /** CPU and devices: sent while the VM stands still. */
  readonly deviceState: Bytes;
  readonly commit?: Millis;
  readonly activation?: Millis;
  readonly faults?: FaultModel;
  readonly energy?: EnergyModel;
}

export interface FaultModel {
  /** Distinct pages a second that the guest touches. */
  readonly touchedPagesPerSec: number;
  readonly roundTrip: Millis;
}

export interface PostcopyResult {
  readonly downtime: Millis;
  readonly downtimeParts: {
    readonly deviceState: Millis;
    readonly commit: Millis;
    readonly activation: Millis;
  };
  /** From resume to the last page. */
  readonly pullTime: Millis;
  /** All of it, from the first byte to the last. */
  readonly totalTime: Millis;
  readonly sent: Bytes;
  /** Pages the guest waited for, and how long in all; null without a model of it. */
  readonly remoteFaults: number | null;
  readonly stalled: Millis | null;
  readonly energy: Joules | null;
}

export interface HybridResult extends PostcopyResult {
  readonly rounds: readonly PrecopyRound[];
}

const PAGE_BYTES = 4096;

/** Post-copy of `memory`: each page exactly once. Throws RangeError at rate 0. */
export function postcopy(phase: PostcopyPhase & { readonly memory: Bytes }): PostcopyResult {
  const state = transferTime(phase.deviceState, phase.rate);
  const pullTime = transferTime(phase.memory, phase.rate);
  const commit = phase.commit ?? ZERO.millis;
  const activation = phase.activation ?? ZERO.millis;
  const downtime = add(add(state, commit), activation);
  const faults = phase.faults === undefined ? null : faultsOf(phase, phase.faults, pullTime);
  return {
    downtime,
    downtimeParts: { deviceState: state, commit, activation },
    pullTime,
    totalTime: add(downtime, pullTime),
    sent: add(phase.memory, phase.deviceState),
    remoteFaults: faults?.count ?? null,
    stalled: faults?.stalled ?? null,
    energy: phase.energy === undefined ? null : energyOf(phase.rate, add(state, pullTime), phase.energy),
  };
}

/** `rounds` pre-copy rounds after the first, then post-copy of what the last one left. */
export function hybrid(
  plan: Omit<
    PrecopyPlan,
    'stopPolicy' | 'switchoverRate' | 'commit' | 'activation' | 'coldBelow' | 'energy'
  > & {
    readonly rounds: number;
  },
  phase: PostcopyPhase,
): HybridResult {
  const before = precopy({ ...plan, stopPolicy: fixedRounds(plan.rounds), switchoverRate: phase.rate });
  const rounds = before.rounds.slice(0, -1);
  const left = rounds.at(-1)?.remaining ?? plan.memory;
  const after = postcopy({ ...phase, memory: left });
  const spent = rounds.reduce((sum, round) => add(sum, round.duration), ZERO.millis as Millis);
  const sent = rounds.reduce((sum, round) => add(sum, round.sent), ZERO.bytes as Bytes);
  const model = phase.energy;
  const energy =
    model === undefined || after.energy === null
      ? null
      : rounds.reduce<Joules>(
          (sum, round) => add(sum, energyOf(round.rate, round.duration, model)),
          after.energy,
        );
  return {
    ...after,
    rounds,
    totalTime: add(spent, after.totalTime),
    sent: bytes(sent + after.sent),
    energy: energy === null ? null : joules(energy),
  };
}

/** The missing share falls evenly to 0, so half of what is touched meanwhile is missing; no page is missed twice. */
function faultsOf(phase: PostcopyPhase & { readonly memory: Bytes }, model: FaultModel, pullTime: Millis) {
  const pages = phase.memory / PAGE_BYTES;
  const count = Math.min((model.touchedPagesPerSec * pullTime) / 1000 / 2, pages);
  const each = model.roundTrip + transferTime(bytes(PAGE_BYTES), phase.rate);
  return { count, stalled: millis(count * each) };
}
