/**
 * What a refused request would have to change so that it passes: one thing at a time, and as little of it as it takes.
 * Every change is proved by assessing the request with it.
 */
import {
  type BitsPerSec,
  bitsPerSec,
  elapsed,
  fromSeconds,
  larger,
  later,
  type Millis,
  millis,
  toSeconds,
} from '@sluice/units';
import { earliestFit } from '../ledger/index.ts';
import type { MigrationRequest, Refusal } from '../request.ts';
import type { State, VmState } from '../state.ts';
import { assess, CALENDAR_MARGIN, type Feasible } from './assess.ts';
import { durationAt, requiredRate } from './limits.ts';
import { findWay } from './way.ts';

/** Numbers have left the types. */
export type Change =
  | { readonly change: 'rate_max'; readonly rateMaxBitsPerSec: number }
  | { readonly change: 'rate_min'; readonly rateMinBitsPerSec: number }
  | { readonly change: 'deadline'; readonly deadlineSec: number }
  | { readonly change: 'downtime_limit'; readonly downtimeLimitSec: number }
  | { readonly change: 'application_floor'; readonly applicationFloorBitsPerSec: number }
  /** A deadline, which counts from the request, moves with it. */
  | { readonly change: 'start_at'; readonly startAtSec: number; readonly deadlineSec: number | null };

/** Nothing about rate, time or room helps against these. */
const HOPELESS: ReadonlySet<Refusal['kind']> = new Set([
  'unknown_vm',
  'unknown_host',
  'not_a_hypervisor',
  'wrong_source',
  'same_host',
  'vm_not_running',
  'vm_busy',
  'migration_exists',
  'host_unavailable',
  'no_path',
  'migrations_max',
]);

/** Longest downtime limit and deadline that are looked at. */
const DOWNTIME_TRIED_MAX = millis(600_000);
const DEADLINE_TRIED_MAX = millis(7 * 24 * 3_600_000);
/** A bound that is found is too large by at most this share. */
const PRECISION = 1e-3;

export function smallestChanges(
  state: State,
  request: MigrationRequest,
  refusal: Refusal,
): readonly Change[] {
  const vm = state.vms.get(request.vmId);
  if (vm === undefined || HOPELESS.has(refusal.kind)) return [];
  const passes = (change: Partial<MigrationRequest>): Feasible | null => {
    const assessment = assess(state, { ...request, ...asTold(change) });
    return assessment.ok ? assessment : null;
  };
  return [
    ...rateMaxChange(request, passes),
    ...rateMinChange(request, passes),
    ...deadlineChange(request, passes),
    ...downtimeChange(request, passes),
    ...floorChange(request, passes),
    ...startChange(state, request, vm, passes),
  ];
}

/** What is proved is what comes back: times leave and return in seconds. */
function asTold(change: Partial<MigrationRequest>): Partial<MigrationRequest> {
  const { deadline, downtimeLimit, startAt } = change;
  const again = (time: Millis) => fromSeconds(toSeconds(time));
  return {
    ...change,
    ...(deadline ? { deadline: again(deadline) } : {}),
    ...(downtimeLimit ? { downtimeLimit: again(downtimeLimit) } : {}),
    ...(startAt ? { startAt: again(startAt) } : {}),
  };
}

type Passes = (change: Partial<MigrationRequest>) => Feasible | null;

/** The user's own upper limit is too low: the rate that its limits need. */
function rateMaxChange(request: MigrationRequest, passes: Passes): readonly Change[] {
  if (request.rateMax === null) return [];
  const open = passes({ rateMax: null });
  if (open === null) return [];
  const needed = larger(open.guarantee, bitsPerSec(Math.ceil(request.rateMin ?? 0)));
  const rate = [needed, open.rateLimit].find((rateMax) => passes({ rateMax }) !== null);
  return rate === undefined ? [] : [{ change: 'rate_max', rateMaxBitsPerSec: rate }];
}

/** The user's own lower limit is too high: what the way can guarantee. */
function rateMinChange(request: MigrationRequest, passes: Passes): readonly Change[] {
  if (request.rateMin === null) return [];
  const open = passes({ rateMin: null });
  if (open === null) return [];
  const rate = largestPassing(open.guarantee, request.rateMin, (rateMin) => passes({ rateMin }) !== null);
  return [{ change: 'rate_min', rateMinBitsPerSec: rate }];
}

function deadlineChange(request: MigrationRequest, passes: Passes): readonly Change[] {
  if (request.deadline === null) return [];
  const deadline = smallestPassing(
    request.deadline,
    DEADLINE_TRIED_MAX,
    (tried) => passes({ deadline: tried }) !== null,
  );
  return deadline === null ? [] : [{ change: 'deadline', deadlineSec: toSeconds(deadline) }];
}

function downtimeChange(request: MigrationRequest, passes: Passes): readonly Change[] {
  const limit = smallestPassing(
    request.downtimeLimit,
    DOWNTIME_TRIED_MAX,
    (downtimeLimit) => passes({ downtimeLimit }) !== null,
  );
  return limit === null ? [] : [{ change: 'downtime_limit', downtimeLimitSec: toSeconds(limit) }];
}

function floorChange(request: MigrationRequest, passes: Passes): readonly Change[] {
  if (request.applicationFloor === null || passes({ applicationFloor: null }) === null) return [];
  const floor = largestPassing(
    bitsPerSec(0),
    request.applicationFloor,
    (applicationFloor) => passes({ applicationFloor }) !== null,
  );
  return [{ change: 'application_floor', applicationFloorBitsPerSec: floor }];
}

/** The first time at which the calendar has room for long enough, on the shortest way. */
function startChange(
  state: State,
  request: MigrationRequest,
  vm: VmState,
  passes: Passes,
): readonly Change[] {
  if (request.policy === 'unmanaged') return [];
  // A later start takes nothing from the time that the migration has: its deadline moves with it.
  const rate = requiredRate(state, { ...request, startAt: null }, vm, request.rateMax ?? bitsPerSec(1e13));
  if (rate === null) return [];
  const asker = { own: null, extraFloor: request.applicationFloor };
  const window = { from: state.now, until: null };
  const ends = { source: vm.hostId, destination: request.destination };
  const use = findWay(state, { ...ends, rate: bitsPerSec(0), window, asker });
  if (use === null) return [];
  const duration = millis(Math.ceil(durationAt(state, request, vm, rate) * CALENDAR_MARGIN));
  const after = later(state.now, request.startAt ?? millis(0));
  const begin = earliestFit(state, use, { rate, duration, after, asker });
  if (begin === null) return [];
  const startAt = millis(Math.ceil(elapsed(state.now, begin)));
  const moved = request.deadline === null ? {} : { deadline: millis(startAt + request.deadline) };
  if (startAt <= (request.startAt ?? 0) || passes({ startAt, ...moved }) === null) return [];
  const { deadline } = { deadline: request.deadline, ...moved };
  return [
    {
      change: 'start_at',
      startAtSec: toSeconds(startAt),
      deadlineSec: deadline === null ? null : toSeconds(deadline),
    },
  ];
}

/** Between a value that fails and one that may pass, in whole milliseconds; null when that one fails too. */
function smallestPassing(fails: Millis, most: Millis, passes: (value: Millis) => boolean): Millis | null {
  if (fails >= most || !passes(most)) return null;
  let [under, over]: [number, number] = [fails, most];
  while (over - under > Math.max(1, under * PRECISION)) {
    const middle = under === 0 ? (under + over) / 2 : Math.sqrt(under * over);
    if (passes(millis(middle))) over = middle;
    else under = middle;
  }
  const rounded = millis(Math.ceil(over));
  return passes(rounded) ? rounded : millis(over);
}

/** Between a value that passes and one that fails, in whole bit/s. */
function largestPassing(
  passing: BitsPerSec,
  fails: BitsPerSec,
  passes: (value: BitsPerSec) => boolean,
): BitsPerSec {
  let [under, over]: [number, number] = [Math.floor(passing), fails];
  while (over - under > Math.max(1, over * PRECISION)) {
    const middle = Math.floor((under + over) / 2);
    if (passes(bitsPerSec(middle))) under = middle;
    else over = middle;
  }
  return bitsPerSec(under);
}
