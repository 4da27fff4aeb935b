/**
 * The limits of a request against the model: whether a constant rate keeps convergence, downtime and deadline, and the
 * smallest one that does. A deadline is counted from admission; a migration that begins later has less time.
 */
import { flat, type PrecopyResult, precopy, roundsByFormula, threshold } from '@sluice/models';
import {
  add,
  asBitsPerSec,
  type BitsPerSec,
  type Bytes,
  bitsPerSec,
  bytes,
  larger,
  type Millis,
  millis,
  scale,
  smaller,
  toSeconds,
  transferTime,
  ZERO,
} from '@sluice/units';
import { copyLimit, payloadRate, plannedDeadline, wireRate } from '../allocation/grant.ts';
import type { MechanismName, MigrationRequest, Refusal } from '../request.ts';
import type { State, VmState } from '../state.ts';
import { type SteadyResult, steady } from './steady.ts';

/** Least reservation that is worth making. */
export const RESERVED_RATE_MIN = bitsPerSec(1_000_000);

/** The least that a request asks for itself, whatever the model says. */
export const leastWanted = (request: MigrationRequest): BitsPerSec =>
  bitsPerSec(Math.ceil(larger(request.rateMin ?? RESERVED_RATE_MIN, RESERVED_RATE_MIN)));

/** How a request is judged: by the mechanism that was chosen for it; as pre-copy while there is a choice. */
const mechanismOf = ({ mechanisms }: MigrationRequest): MechanismName =>
  mechanisms.length === 1 ? (mechanisms[0] ?? 'precopy') : 'precopy';

/** The request with the one mechanism that is used; the same when it allows no other. */
export const movedBy = (request: MigrationRequest, name: MechanismName): MigrationRequest =>
  request.mechanisms.length === 1 && request.mechanisms[0] === name
    ? request
    : { ...request, mechanisms: [name] };

/** The limit that a constant wire rate breaks, with what would pass; null = none. */
export function brokenLimit(
  state: State,
  request: MigrationRequest,
  vm: VmState,
  rate: BitsPerSec,
): Refusal | null {
  if (!converges(state, request, vm, rate))
    return {
      kind: 'will_not_converge',
      dirtyRateBytesPerSec: vm.dirtyRate,
      rateBitsPerSec: rate,
      rateNeededBitsPerSec: Math.ceil(rateToConverge(state, request, vm)),
    };
  const played =
    mechanismOf(request) === 'precopy'
      ? atRate(state, request, vm, payloadRate(state, rate))
      : steadyAt(state, request, vm, rate);
  const downtime = add(played.stopAndCopyTime, state.config.switchoverOverhead);
  if (downtime > request.downtimeLimit)
    return {
      kind: 'downtime_infeasible',
      downtimeLimitSec: toSeconds(request.downtimeLimit),
      smallestSec: toSeconds(downtime),
      rateBitsPerSec: rate,
    };
  const total = untilDone(state, request, played.totalTime);
  if (request.deadline !== null && total > request.deadline)
    return {
      kind: 'deadline_infeasible',
      deadlineSec: toSeconds(request.deadline),
      smallestSec: toSeconds(total),
      rateBitsPerSec: rate,
    };
  return null;
}

/**
 * L, the smallest whole wire rate that keeps every limit, too large by REQUIRED_PRECISION at most; null when even
 * `most` does not. Part of the deadline is kept back for what the model does not know, as long as `most` allows it.
 */
export function requiredRate(
  state: State,
  request: MigrationRequest,
  vm: VmState,
  most: BitsPerSec,
): BitsPerSec | null {
  const least = leastWanted(request);
  if (least > most) return null;
  const early = plannedDeadline(state, request);
  const isEarly = keeps(state, request, vm, most, early);
  if (!isEarly && !keeps(state, request, vm, most, request.deadline)) return null;
  const deadline = isEarly ? early : request.deadline;
  if (keeps(state, request, vm, least, deadline)) return least;
  let [under, over]: [number, number] = [least, most];
  // All times fall as the rate grows, so halving finds the rate; by ratios, because it may be anywhere from kbit/s up.
  while (over > under * (1 + REQUIRED_PRECISION) && over - under > 1) {
    const middle = Math.round(Math.sqrt(under * over));
    if (keeps(state, request, vm, bitsPerSec(middle), deadline)) over = middle;
    else under = middle;
  }
  return bitsPerSec(Math.floor(Math.min(over, most)));
}
const REQUIRED_PRECISION = 1e-4;

/** Rounds that minimum-energy plans with at a rate: Ī_MAX by equation (4); null for other policies. */
export function plannedRounds(
  state: State,
  request: MigrationRequest,
  vm: VmState,
  rate: BitsPerSec,
): number | null {
  if (request.policy !== 'minimum-energy') return null;
  if (mechanismOf(request) !== 'precopy') return 0;
  const limit: Millis = copyLimit(state, request);
  const byFormula =
    limit === 0
      ? null
      : roundsByFormula({
          memory: bytes(vm.memory),
          dirtyRate: vm.dirtyRate,
          stopAndCopyLimit: limit,
          rateMax: payloadRate(state, rate),
        });
  return Math.min(byFormula ?? request.roundsMax, request.roundsMax);
}

/** The migration as the model plays it at one payload rate throughout. */
export const atRate = (
  state: State,
  request: MigrationRequest,
  vm: VmState,
  payload: BitsPerSec,
): PrecopyResult =>
  precopy({
    memory: vm.memory,
    dirtyRate: vm.dirtyRate,
    workingSet: workingSetOf(vm),
    free: payload,
    ratePolicy: flat(payload),
    stopPolicy: threshold({
      downtimeLimit: request.downtimeLimit,
      switchoverRate: payload,
      overhead: state.config.switchoverOverhead,
      roundsMax: request.roundsMax,
    }),
    switchoverRate: payload,
  });

/** How long all of it takes at a constant wire rate, from its start. */
export const durationAt = (state: State, request: MigrationRequest, vm: VmState, rate: BitsPerSec): Millis =>
  add(steadyAt(state, request, vm, rate).totalTime, state.config.switchoverOverhead);

/** A profile that knows a dirty rate but no working set yet could dirty anything. */
export const workingSetOf = (vm: VmState): Bytes =>
  vm.workingSet === 0 && vm.dirtyRate > 0 ? vm.memory : smaller(vm.workingSet, vm.memory);

/** The same verdict as `brokenLimit` for this deadline, in a fixed time, however many rounds there are. */
function keeps(
  state: State,
  request: MigrationRequest,
  vm: VmState,
  rate: BitsPerSec,
  deadline: Millis | null,
): boolean {
  if (rate <= 0 || !converges(state, request, vm, rate)) return false;
  const { totalTime, stopAndCopyTime } = steadyAt(state, request, vm, rate);
  if (add(stopAndCopyTime, state.config.switchoverOverhead) > request.downtimeLimit) return false;
  return deadline === null || untilDone(state, request, totalTime) <= deadline;
}

function steadyAt(state: State, request: MigrationRequest, vm: VmState, rate: BitsPerSec): SteadyResult {
  const payload = payloadRate(state, rate);
  const mechanism = mechanismOf(request);
  if (mechanism !== 'precopy') return memoryAfter(vm, payload, mechanism === 'hybrid');
  return steady({
    memory: vm.memory,
    dirtyRate: vm.dirtyRate,
    workingSet: workingSetOf(vm),
    rate: payload,
    stopAndCopyLimit: copyLimit(state, request),
    roundsMax: request.roundsMax,
  });
}

/** Every page once; in a hybrid migration what was dirtied during its one round once more. */
function memoryAfter(vm: VmState, payload: BitsPerSec, isHybrid: boolean): SteadyResult {
  const all = transferTime(vm.memory, payload);
  const dirtied = smaller(workingSetOf(vm), bytes((vm.dirtyRate * all) / 1000));
  const totalTime = isHybrid ? add(all, transferTime(dirtied, payload)) : all;
  return { rounds: 0, totalTime, stopAndCopyTime: ZERO.millis };
}

const untilDone = (state: State, request: MigrationRequest, copying: Millis): Millis =>
  add(add(latestBegin(request), copying), state.config.switchoverOverhead);

/** Counted from the request: one that is held may be committed in the last moment, and must keep its limits even then. */
export const latestBegin = ({ startAt, holdFor }: MigrationRequest): Millis =>
  larger(startAt ?? ZERO.millis, holdFor ?? ZERO.millis);

/** A working set that fits into the downtime limit converges at any dirty rate: there is never more to send. */
function converges(state: State, request: MigrationRequest, vm: VmState, rate: BitsPerSec): boolean {
  const payload = payloadRate(state, rate);
  if (mechanismOf(request) !== 'precopy') return payload > 0;
  if (asBitsPerSec(vm.dirtyRate) < payload) return true;
  return payload > 0 && transferTime(workingSetOf(vm), payload) <= copyLimit(state, request);
}

/** The smaller of the two ways out: outrun the dirty rate, or send the working set within the downtime limit. */
function rateToConverge(state: State, request: MigrationRequest, vm: VmState): BitsPerSec {
  const outrun = wireRate(state, scale(asBitsPerSec(vm.dirtyRate), CONVERGENCE_MARGIN));
  const limit = copyLimit(state, request);
  if (limit === 0) return outrun;
  return smaller(outrun, wireRate(state, bitsPerSec((workingSetOf(vm) * 8000) / limit)));
}
/** At exactly the dirty rate rounds never shrink. */
const CONVERGENCE_MARGIN = 1.01;

/** The smallest downtime limit, deadline and so on are told in whole milliseconds. */
export const roundedUp = (time: Millis): Millis => millis(Math.ceil(time));
