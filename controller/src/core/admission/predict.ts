/** What a migration is expected to take, by its own policy on its path as it is now. Promises nothing. */
import {
  type EnergyModel,
  flat,
  hybrid,
  type PrecopyPlan,
  type PrecopyRound,
  postcopy,
  precopy,
  type RatePolicy,
  threshold,
  totalEnergy,
} from '@sluice/models';
import type { Path } from '@sluice/topology';
import {
  add,
  type BitsPerSec,
  type Bytes,
  type Joules,
  larger,
  type Millis,
  smaller,
  ZERO,
} from '@sluice/units';
import { freeOn, payloadRate, policyOf, wireRate } from '../allocation/grant.ts';
import type { MigrationRequest, Refusal } from '../request.ts';
import type { Migration, RoundRecord, State } from '../state.ts';
import { assess, type Feasible } from './assess.ts';
import { RESERVED_RATE_MIN, workingSetOf } from './limits.ts';

export interface Prediction {
  readonly ok: true;
  readonly path: Path;
  /** Wire rate of round 0. */
  readonly rate: BitsPerSec;
  /** Pre-copy rounds, round 0 included. */
  readonly rounds: number;
  readonly totalTime: Millis;
  readonly downtime: Millis;
  readonly transferred: Bytes;
  readonly energy: Joules;
  /** All transfers, the stop-and-copy or what follows the VM last; rates are wire rates. */
  readonly transfers: readonly Transfer[];
}

export type Transfer = Omit<PrecopyRound, 'phase'> & Pick<RoundRecord, 'phase'>;

/** The same checks as admission, then the model with the request's own policy. */
export function predict(
  state: State,
  request: MigrationRequest,
): Prediction | { readonly ok: false; readonly refusal: Refusal } {
  const assessment = assess(state, request);
  return assessment.ok ? play(state, request, assessment) : assessment;
}

/** By the request's own policy, with what its way has left now. */
export function play(state: State, request: MigrationRequest, feasible: Feasible): Prediction {
  const { vm, use } = feasible;
  const free = larger(freeOn(state, use), larger(feasible.guarantee, RESERVED_RATE_MIN));
  const most = request.policy === 'unmanaged' ? free : feasible.rateLimit;
  const switchoverRate = payloadRate(state, most);
  const policy = policyOf(state, { request, plannedRounds: feasible.plannedRounds }, most);
  const plan = {
    memory: vm.memory,
    dirtyRate: vm.dirtyRate,
    workingSet: workingSetOf(vm),
    free,
    ratePolicy: withinLimits(state, policy, request, most),
  };
  return playBy(state, { request, path: use.path, mechanism: feasible.mechanism }, plan, switchoverRate);
}

/** At one wire rate throughout, by the mechanism that was chosen. */
export function playAt(
  state: State,
  { request, vm, mechanism, path }: Pick<Migration, 'request' | 'vm' | 'mechanism' | 'path'>,
  rate: BitsPerSec,
): Prediction {
  const payload = payloadRate(state, rate);
  const { memory, dirtyRate } = vm;
  const plan = { memory, dirtyRate, workingSet: workingSetOf(vm), free: payload, ratePolicy: flat(payload) };
  return playBy(state, { request, path, mechanism }, plan, payload);
}

type Plan = Omit<PrecopyPlan, 'stopPolicy' | 'switchoverRate'>;

/** All rates are payload. */
function playBy(
  state: State,
  { request, path, mechanism }: Pick<Migration, 'request' | 'path' | 'mechanism'>,
  plan: Plan,
  switchoverRate: BitsPerSec,
): Prediction {
  const { name } = mechanism;
  if (name !== 'precopy') return playPostcopy(state, path, plan, { rate: switchoverRate, name });
  const result = precopy({
    ...plan,
    stopPolicy: threshold({
      downtimeLimit: request.downtimeLimit,
      switchoverRate,
      overhead: state.config.switchoverOverhead,
      roundsMax: request.roundsMax,
    }),
    switchoverRate,
  });
  const transfers = result.rounds.map((round) => ({ ...round, rate: wireRate(state, round.rate) }));
  return {
    ok: true,
    path,
    rate: transfers[0]?.rate ?? ZERO.rate,
    rounds: transfers.length - 1,
    totalTime: add(result.totalTime, state.config.switchoverOverhead),
    downtime: add(result.stopAndCopyTime, state.config.switchoverOverhead),
    transferred: result.sent,
    energy: energyOfAll(transfers, state.config.energy),
    transfers,
  };
}

/** A round of pre-copy if it is hybrid, then the VM, then the rest of its memory. */
function playPostcopy(
  state: State,
  path: Path,
  plan: Plan,
  { rate, name }: { readonly rate: BitsPerSec; readonly name: 'postcopy' | 'hybrid' },
): Prediction {
  const phase = { rate, deviceState: ZERO.bytes };
  const result =
    name === 'hybrid'
      ? hybrid({ ...plan, rounds: 0 }, phase)
      : { ...postcopy({ ...phase, memory: plan.memory }), rounds: [] };
  const before = result.rounds.map((round) => ({ ...round, rate: wireRate(state, round.rate) }));
  const rest: Transfer = {
    round: before.length,
    phase: 'postcopy',
    rate: wireRate(state, rate),
    sent: before.at(-1)?.remaining ?? plan.memory,
    duration: result.pullTime,
    remaining: ZERO.bytes,
  };
  const transfers = [...before, rest];
  return {
    ok: true,
    path,
    rate: transfers[0]?.rate ?? ZERO.rate,
    rounds: before.length,
    totalTime: add(result.totalTime, state.config.switchoverOverhead),
    downtime: state.config.switchoverOverhead,
    transferred: result.sent,
    energy: energyOfAll(transfers, state.config.energy),
    transfers,
  };
}

/** As `grant` does it, in payload for the engine. */
const withinLimits =
  (state: State, policy: RatePolicy, request: MigrationRequest, most: BitsPerSec): RatePolicy =>
  (ahead) => {
    const wanted = larger(policy(ahead), request.rateMin ?? ZERO.rate);
    return payloadRate(state, smaller(wanted, most));
  };

const energyOfAll = (transfers: readonly Transfer[], model: EnergyModel): Joules =>
  totalEnergy(transfers, model);
