/**
 * What a migration asks for in the joint allocation: bounds of its rate, and what each rate would cost it. The lower
 * bound is its guarantee, or more where its limits have become harder to keep since; whatever is above the guarantee
 * gives way when it does not fit. Rates are wire rates; models work with payload, `rateCapFraction` of it.
 */
import { type LinkUse, type PowerSeries, type RoundAhead, rateBounds } from '@sluice/models';
import {
  asBitsPerSec,
  type BitsPerSec,
  bitsPerSec,
  elapsed,
  larger,
  millis,
  smaller,
  ZERO,
} from '@sluice/units';
import { type Hold, holdOf, type Way } from '../ledger/index.ts';
import type { Migration, State } from '../state.ts';
import type { Demand } from './allocation.ts';
import {
  alone,
  copyLimit,
  type Left,
  leftOn,
  type PathUse,
  payloadRate,
  plannedDeadline,
  policyOf,
  wireRate,
} from './grant.ts';

/**
 * `round`: another round is ahead; `urgent`: the rest would fit if there were room; `ordered`: it may not change;
 * `postcopy`: the VM runs without all of its memory.
 */
export type Stage = 'round' | 'urgent' | 'ordered' | 'postcopy';

/** The migration has a reservation. */
export function demandOf(state: State, migration: Migration, stage: Stage): Demand {
  const { request, reservationId } = migration;
  if (reservationId === null) throw new RangeError(`migration ${migration.id} reserves nothing`);
  const hold = holdOf(state.ledger, reservationId);
  const { way, uses } = usesOf(state, migration);
  const { rateMin, rateMax, cost } = askOf(state, migration, stage, hold);
  const isUrgent = stage === 'urgent' || stage === 'postcopy';
  return {
    way,
    uses,
    guarantee: hold.guarantee,
    dirtyRate: dirtyRateOf(state, migration),
    weight: isUrgent ? request.weight * URGENT_WEIGHT : request.weight,
    priority: stage === 'ordered' || stage === 'postcopy' ? FIRST_PRIORITY : hold.priority,
    rateMin,
    rateMax,
    cost,
  };
}

type Ask = Pick<Demand, 'rateMin' | 'rateMax' | 'cost'>;

function askOf(state: State, migration: Migration, stage: Stage, { guarantee, reservation }: Hold): Ask {
  if (stage === 'ordered') {
    const rate = larger(guarantee, reservation.rate);
    return { rateMin: rate, rateMax: rate, cost: timeCost(state, migration) };
  }
  const { request } = migration;
  const use = useOf(migration);
  const most = () => larger(guarantee, alone(state, use, request).rate);
  if (stage === 'urgent' || stage === 'postcopy')
    return { rateMin: guarantee, rateMax: most(), cost: timeCost(state, migration, URGENT_WEIGHT) };
  const { boost } = migration.rescue;
  if (boost !== null) {
    const rate = wholeBetween(boost, guarantee, most());
    return { rateMin: rate, rateMax: rate, cost: timeCost(state, migration) };
  }
  if (state.config.objective !== 'own')
    return { rateMin: guarantee, rateMax: most(), cost: timeCost(state, migration) };
  const left = leftOn(state, use, request);
  const byPolicy = request.policy === 'minimum-energy' ? leastEnergy : byAsk;
  return byPolicy(state, migration, guarantee, { sure: larger(guarantee, left.sure), free: left.free });
}

/** Above every priority of a user. */
const FIRST_PRIORITY = 10;
/** A VM that could stop now goes before everything that still copies. */
const URGENT_WEIGHT = 1e4;

/** As BDA asks, and no more; what others then leave of it is shared by the time it costs. */
function byAsk(state: State, migration: Migration, guarantee: BitsPerSec, { sure: most, free }: Left): Ask {
  const policy = policyOf(state, migration, most);
  const ask = policy(aheadOf(state, migration, free));
  return {
    rateMin: guarantee,
    rateMax: wholeBetween(ask, guarantee, most),
    cost: timeCost(state, migration),
  };
}

/** The energy of what remains, above the rate that the limits need. */
function leastEnergy(
  state: State,
  migration: Migration,
  guarantee: BitsPerSec,
  { sure: most, free: left }: Left,
): Ask {
  const { request } = migration;
  const { round, remaining, dirtyRates, elapsed: since } = aheadOf(state, migration, left);
  const rounds = Math.max(0, (migration.plannedRounds ?? request.roundsMax) - round);
  const deadline = plannedDeadline(state, request);
  const switchoverRate = payloadRate(state, most);
  const bounds = rateBounds({
    memory: remaining,
    // The profile's is always there.
    dirtyRate: dirtyRates[dirtyRates.length - 1] as Migration['dirtyRates'][number],
    rounds,
    totalTimeLimit: deadline === null ? null : millis(Math.max(0, deadline - since)),
    stopAndCopyLimit: copyLimit(state, request),
    speedup: state.config.speedup,
    rateMax: switchoverRate,
    rateMin: guarantee,
    switchoverRate,
    energy: state.config.energy,
  });
  const free = smaller(left, most);
  const wire = (megabits: number) => Math.min(wireRate(state, bitsPerSec(megabits * 1e6)), most);
  const keeping = (rate: number): number => (Number.isFinite(rate) ? wire(rate) : free);
  const needed = Math.max(keeping(bounds.totalTime), keeping(bounds.stopAndCopy), keeping(bounds.speedup));
  const best = Number.isFinite(bounds.interior) ? wire(bounds.interior) : most;
  const rateMin = wholeBetween(bitsPerSec(needed), guarantee, most);
  return {
    rateMin,
    rateMax: larger(rateMin, wholeBetween(bitsPerSec(Math.min(best, free)), guarantee, most)),
    cost: energyCost(state, migration, rounds, most),
  };
}

/** Rounded up like every reservation, so that a limit that is met at the rate is met by it. */
const wholeBetween = (rate: BitsPerSec, least: BitsPerSec, most: BitsPerSec): BitsPerSec =>
  smaller(larger(bitsPerSec(Math.ceil(rate)), least), most);

/** `secondsCostJoule`, times the weight of the request, a second of sending what remains with what is dirtied meanwhile. */
function timeCost(state: State, migration: Migration, urgency = 1): readonly PowerSeries[] {
  const weight = migration.request.weight * urgency;
  const scale = (weight * state.config.secondsCostJoule * bitsLeft(migration)) / state.config.rateCapFraction;
  return [{ scale, exponent: -1, dirtyRate: dirtyRateOf(state, migration), terms: TIME_TERMS }];
}

/** Rounds that a remaining time counts: later ones weigh next to nothing unless it does not converge. */
const TIME_TERMS = 4;

/** K0·(c·R)^α over the rounds left, and the stop-and-copy at the rate that it will get. */
function energyCost(
  state: State,
  migration: Migration,
  rounds: number,
  most: BitsPerSec,
): readonly PowerSeries[] {
  const { energy, rateCapFraction } = state.config;
  const { k0, alpha } = energy;
  const dirtyRate = dirtyRateOf(state, migration);
  const bits = bitsLeft(migration);
  const { weight } = migration.request;
  const scale = weight * k0 * (rateCapFraction / 1e6) ** alpha * (bits / rateCapFraction);
  const exponent = alpha - 1;
  const last =
    weight * (k0 / 1e6 ** alpha) * payloadRate(state, most) ** (alpha - 1) * bits * dirtyRate ** (rounds + 1);
  if (!(last > 0 && last < SCALE_MAX)) return [{ scale, exponent, dirtyRate, terms: rounds + 2 }];
  return [
    { scale, exponent, dirtyRate, terms: rounds + 1 },
    { scale: last, exponent: -(rounds + 1), dirtyRate: ZERO.rate, terms: 1 },
  ];
}

/** Powers of a dirty rate in bit/s soon leave what a number can hold; then the last term counts like the others. */
const SCALE_MAX = 1e280;

const bitsLeft = (migration: Migration): number => Math.max(1, remainingOf(migration)) * 8;

const remainingOf = ({ postcopy, rounds, vm }: Migration) =>
  postcopy?.remaining ?? rounds.at(-1)?.remaining ?? vm.memory;

const aheadOf = (state: State, migration: Migration, free: BitsPerSec): RoundAhead => ({
  free,
  round: migration.rounds.length,
  remaining: remainingOf(migration),
  dirtyRates: migration.dirtyRates,
  elapsed: elapsed(migration.admittedAt, state.now),
});

function dirtyRateOf(state: State, { dirtyRates, vm }: Migration): BitsPerSec {
  return wireRate(state, asBitsPerSec(dirtyRates[dirtyRates.length - 1] ?? vm.dirtyRate));
}

/** The same demand on the migration's present way. */
export function onItsWay(state: State, demand: Demand, migration: Migration): Demand {
  const { way, uses } = usesOf(state, migration);
  return { ...demand, way, uses };
}

/** Links by number; the way back carries its share. Worked out when a migration is new on its way. */
function usesOf(state: State, { id, path, reversePath }: Migration): Pick<Demand, 'way' | 'uses'> {
  const known = state.allocation.demands.get(id);
  if (known !== undefined && known.way.path === path && known.way.reversePath === reversePath) return known;
  const { linkNumbers } = state.topology;
  const { reverseFraction } = state.config;
  const uses: LinkUse[] = [];
  const add = (links: Way['path'], share: number) => {
    for (const name of links) {
      const link = linkNumbers.get(name);
      if (link === undefined) throw new RangeError(`no link ${name}`);
      uses.push({ link, share });
    }
  };
  add(path, 1);
  if (reverseFraction > 0) add(reversePath, reverseFraction);
  return { way: { path, reversePath }, uses };
}

export const useOf = (migration: Migration): PathUse => ({
  path: migration.path,
  reversePath: migration.reversePath,
  source: migration.source,
  destination: migration.destination,
  own: migration.reservationId,
  extraFloor: null,
});
