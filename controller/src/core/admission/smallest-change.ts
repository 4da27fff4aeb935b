/**
 * What a refused request would have to change so that it passes: one thing at a time, and as little of it as it takes,
 * to the millisecond and the kbit/s. Where no single change is enough, several together, each as little as the others
 * allow. Every change is proved by deciding on the request with it.
 */
import {
  type BitsPerSec,
  bitsPerSec,
  fromSeconds,
  larger,
  type Millis,
  millis,
  toSeconds,
} from '@sluice/units';
import type { MigrationRequest, Refusal } from '../request.ts';
import type { State } from '../state.ts';
import type { Feasible } from './assess.ts';
import { decide } from './decide.ts';
import { laterStart } from './later-start.ts';

/** Numbers have left the types. */
export type Change =
  | { readonly change: 'rate_max'; readonly rateMaxBitsPerSec: number }
  | { readonly change: 'rate_min'; readonly rateMinBitsPerSec: number }
  | { readonly change: 'deadline'; readonly deadlineSec: number }
  | { readonly change: 'downtime_limit'; readonly downtimeLimitSec: number }
  | { readonly change: 'application_floor'; readonly applicationFloorBitsPerSec: number }
  /** A deadline, which counts from the request, moves with it. */
  | { readonly change: 'start_at'; readonly startAtSec: number; readonly deadlineSec: number | null }
  /** All that are named, together. */
  | {
      readonly change: 'several';
      readonly rateMaxBitsPerSec?: number;
      readonly rateMinBitsPerSec?: number;
      readonly deadlineSec?: number;
      readonly downtimeLimitSec?: number;
      readonly applicationFloorBitsPerSec?: number;
    };

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
  'quote_stale',
]);

/** Longest downtime limit and deadline that are looked at. */
const DOWNTIME_TRIED_MAX = millis(600_000);
const DEADLINE_TRIED_MAX = millis(7 * 24 * 3_600_000);
/** Rates are told in whole kbit/s. */
const RATE_STEP = 1000;

export function smallestChanges(
  state: State,
  request: MigrationRequest,
  refusal: Refusal,
): readonly Change[] {
  const vm = state.vms.get(request.vmId);
  if (vm === undefined || HOPELESS.has(refusal.kind)) return [];
  const passes: Passes = (change) => {
    const decision = decide(state, { ...request, ...asTold(change) });
    return decision.ok ? decision.feasible : null;
  };
  const hint = refusal.kind === 'deadline_infeasible' ? Math.ceil(refusal.smallestSec * 1000) : null;
  const asked: Asked = { request, hint };
  const single = LIMITS.flatMap(({ name, closest }) => {
    const found = closest(asked, passes);
    return found === null ? [] : [changeOf(name, found)];
  });
  const start = laterStart(state, request, vm, (change) => passes(change) !== null);
  const alone: readonly Change[] = start === null ? single : [...single, start];
  return alone.length > 0 ? alone : severalChanges(asked, passes);
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

/** What is promised with the change; null = it is still refused. */
type Passes = (change: Partial<MigrationRequest>) => Feasible | null;

interface Asked {
  readonly request: MigrationRequest;
  /** A deadline in ms that may be enough. */
  readonly hint: number | null;
}

/** A limit that the user has set. */
interface Limit {
  readonly name: Exclude<Change['change'], 'start_at' | 'several'>;
  /** Without it, or with the most of it that is looked at. */
  readonly open: Partial<MigrationRequest>;
  /** As it was asked for. */
  readonly own: (request: MigrationRequest) => Partial<MigrationRequest>;
  /** The value that passes and is closest to what was asked for; null = none, or nothing was asked for. */
  readonly closest: (asked: Asked, passes: Passes) => Partial<MigrationRequest> | null;
}

/** In the order in which they are kept as they were asked for, if several must change. */
const LIMITS: readonly Limit[] = [
  {
    name: 'rate_max',
    open: { rateMax: null },
    own: ({ rateMax }) => ({ rateMax }),
    closest: ({ request }, passes) => closestRateMax(request, passes),
  },
  {
    name: 'rate_min',
    open: { rateMin: null },
    own: ({ rateMin }) => ({ rateMin }),
    closest: ({ request }, passes) => closestRateMin(request, passes),
  },
  {
    name: 'application_floor',
    open: { applicationFloor: null },
    own: ({ applicationFloor }) => ({ applicationFloor }),
    closest: ({ request }, passes) => closestFloor(request, passes),
  },
  {
    name: 'deadline',
    open: { deadline: null },
    own: ({ deadline }) => ({ deadline }),
    closest: ({ request, hint }, passes) => {
      const isEnough = (time: number) => passes({ deadline: millis(time) }) !== null;
      const found =
        request.deadline === null ? null : closestTime(request.deadline, hint, DEADLINE_TRIED_MAX, isEnough);
      return found === null ? null : { deadline: found };
    },
  },
  {
    name: 'downtime_limit',
    open: { downtimeLimit: DOWNTIME_TRIED_MAX },
    own: ({ downtimeLimit }) => ({ downtimeLimit }),
    closest: ({ request }, passes) => {
      const isEnough = (time: number) => passes({ downtimeLimit: millis(time) }) !== null;
      const found = closestTime(request.downtimeLimit, null, DOWNTIME_TRIED_MAX, isEnough);
      return found === null ? null : { downtimeLimit: found };
    },
  },
];

/** All limits open, then one after the other as close to what was asked for as those before and after it allow. */
function severalChanges(asked: Asked, passes: Passes): readonly Change[] {
  let now: Partial<MigrationRequest> = {};
  for (const { open } of LIMITS) now = { ...now, ...open };
  if (passes(now) === null) return [];
  // An open end keeps others out for good, so the first may come closer once the last is known.
  for (let turn = 0; turn < TURNS; turn += 1)
    for (const limit of LIMITS) now = { ...now, ...closer(asked, limit, now, passes) };
  const changed: Partial<MigrationRequest> = Object.fromEntries(
    Object.entries(now).filter(
      ([name, value]) => value !== null && value !== asked.request[name as keyof MigrationRequest],
    ),
  );
  // A limit that could only be left out is no change of its value.
  return passes(changed) === null ? [] : [changeOf('several', changed)];
}

const TURNS = 2;

/** One limit as it was asked for, or as close to that as all others allow. */
function closer(
  asked: Asked,
  { own, closest }: Limit,
  others: Partial<MigrationRequest>,
  passes: Passes,
): Partial<MigrationRequest> {
  const wanted = own(asked.request);
  if (passes({ ...others, ...wanted }) !== null) return wanted;
  return closest(asked, (change) => passes({ ...others, ...change })) ?? {};
}

/** The user's own upper limit is too low: the rate that its limits need. */
function closestRateMax(request: MigrationRequest, passes: Passes): Partial<MigrationRequest> | null {
  const { rateMax, rateMin } = request;
  const open = rateMax === null ? null : passes({ rateMax: null });
  if (rateMax === null || open === null) return null;
  const isEnough = (step: number) => passes({ rateMax: rateOf(step) }) !== null;
  const needed = larger(open.guarantee, bitsPerSec(rateMin ?? 0));
  const enough = [needed, open.rateLimit].map((rate) => Math.ceil(rate / RATE_STEP)).find(isEnough);
  if (enough === undefined) return null;
  return { rateMax: rateOf(closestTo(Math.floor(rateMax / RATE_STEP), enough, isEnough)) };
}

/** The user's own lower limit is too high: what the way can guarantee. */
function closestRateMin(request: MigrationRequest, passes: Passes): Partial<MigrationRequest> | null {
  const { rateMin } = request;
  const open = rateMin === null ? null : passes({ rateMin: null });
  if (rateMin === null || open === null) return null;
  const isLittle = (step: number) => passes({ rateMin: rateOf(step) }) !== null;
  const little = Math.floor(open.guarantee / RATE_STEP);
  if (!isLittle(little)) return null;
  return { rateMin: rateOf(closestTo(Math.ceil(rateMin / RATE_STEP), little, isLittle)) };
}

function closestFloor(request: MigrationRequest, passes: Passes): Partial<MigrationRequest> | null {
  const { applicationFloor } = request;
  const isLittle = (step: number) => passes({ applicationFloor: rateOf(step) }) !== null;
  if (applicationFloor === null || !isLittle(0)) return null;
  return { applicationFloor: rateOf(closestTo(Math.ceil(applicationFloor / RATE_STEP), 0, isLittle)) };
}

const rateOf = (step: number): BitsPerSec => bitsPerSec(step * RATE_STEP);

/**
 * The first time after one that fails, in whole milliseconds. Longer ones may fail again, because others have booked
 * what comes later, so it is looked for from the short ones up.
 */
function closestTime(
  fails: Millis,
  hint: number | null,
  most: Millis,
  isEnough: (time: number) => boolean,
): Millis | null {
  let short = Math.floor(fails);
  if (hint !== null && hint > short && hint <= most && isEnough(hint))
    return millis(closestTo(short, hint, isEnough));
  while (short < most) {
    const tried = Math.min(most, Math.max(1, 2 * short));
    if (isEnough(tried)) return millis(closestTo(short, tried, isEnough));
    short = tried;
  }
  return null;
}

/** Between a whole number that fails and one that passes, from either side: the last one that passes. */
function closestTo(fails: number, enough: number, passes: (value: number) => boolean): number {
  let [bad, good] = [fails, enough];
  while (Math.abs(good - bad) > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (passes(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

function changeOf(change: Change['change'], found: Partial<MigrationRequest>): Change {
  const { rateMax, rateMin, deadline, downtimeLimit, applicationFloor } = found;
  const told = {
    change,
    ...(rateMax ? { rateMaxBitsPerSec: rateMax } : {}),
    ...(rateMin ? { rateMinBitsPerSec: rateMin } : {}),
    ...(deadline ? { deadlineSec: toSeconds(deadline) } : {}),
    ...(downtimeLimit ? { downtimeLimitSec: toSeconds(downtimeLimit) } : {}),
    ...(applicationFloor === undefined || applicationFloor === null
      ? {}
      : { applicationFloorBitsPerSec: applicationFloor }),
  };
  // What was found is what the change is named after.
  return told as Change;
}
