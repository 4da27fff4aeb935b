/**
 * Congestion-free change from rates and paths to others (after SWAN: Hong et al., "Achieving high utilization with
 * software-driven WAN", SIGCOMM 2013): steps such that no link is over-promised, whatever the order of changes within a
 * step. Other than there a move is never split over two paths, for it is one flow of one migration.
 *
 * Sought in this order: reroutes as they fit; another order of them; with the links' scratch capacity; with moves
 * lowered for a while, no lower than they allow. Scratch capacity is used where it spares lowering or makes the
 * sequence shorter; links whose scratch changes neither go without.
 * Indices stay within the arrays they were made for, hence the casts.
 */
import type { BitsPerSec } from '@sluice/units';
import { bitsPerSec } from '@sluice/units';
import { findOrder, ratesFor, stagesOf } from './change-order.ts';
import { ROUNDING, type Run, runSteps, type Standing, shareOn, type Track, usesOf } from './change-steps.ts';
import { loadsOf } from './feasibility.ts';
import type { LinkUse } from './problem.ts';

export interface Placement {
  readonly uses: readonly LinkUse[];
  /** Above 0. */
  readonly rate: BitsPerSec;
}

export interface Move {
  readonly id: string;
  /** Null for what is not there yet. */
  readonly from: Placement | null;
  /** Null for what goes away. */
  readonly to: Placement | null;
  /** What it may be lowered to for a while where nothing else helps; absent: never below both of its rates. */
  readonly rateLeast?: BitsPerSec;
}

export interface ChangeProblem {
  readonly capacities: readonly BitsPerSec[];
  /** Beyond the capacity of each link, for use during the change only; none when absent. */
  readonly scratch?: readonly BitsPerSec[];
  /** Everything that holds a part of these links; what stays as it is has from = to. */
  readonly moves: readonly Move[];
}

export type ChangeKind = 'lower' | 'remove' | 'reroute' | 'add' | 'raise';

/** Lowering: the sender first, then the network. Adding, raising, rerouting: the network first, then the sender. */
export interface Change {
  readonly id: string;
  readonly kind: ChangeKind;
  readonly before: Placement | null;
  readonly after: Placement | null;
}

/**
 * Changes of a step may happen at once or in any order: on every link the sum over all moves of the larger of before
 * and after is at most its capacity, plus the scratch that is told. Before the next step all of them must be done.
 */
export type ChangeStep = readonly Change[];

export type ChangePlan =
  | {
      readonly ok: true;
      /** At most two more than there are reroutes. */
      readonly steps: readonly ChangeStep[];
      /** The most that any step needs of it. */
      readonly scratchUsed: readonly { readonly link: number; readonly rate: BitsPerSec }[];
      /** Moves that are for a while below the rates that they come from and go to. */
      readonly lowered: readonly string[];
    }
  | {
      readonly ok: false;
      readonly kind: 'impossible';
      /** Links that are too small for the target, or for reroutes that wait for each other. */
      readonly links: readonly number[];
      readonly moves: readonly string[];
      /** False when the search ended at its limit: then there may be a sequence that it did not find. */
      readonly isProven: boolean;
    };

/**
 * A link that is over its capacity at the start is never loaded more than it is then. `isProven` is about sequences in
 * which each move changes its path once, from the old to the new.
 */
export function planChange({ capacities, scratch, moves }: ChangeProblem): ChangePlan {
  const tracks = moves.map(trackOf);
  const over = overTarget(capacities, tracks);
  if (over.length > 0) {
    const isOn = ({ to }: Track) => over.some((link) => shareOn(to, link) > 0);
    const on = moves.flatMap(({ id }, k) => (isOn(tracks[k] as Track) ? [id] : []));
    return { ok: false, kind: 'impossible', links: over, moves: on, isProven: true };
  }
  const plain = roomOf(capacities, tracks);
  const without = attempt(tracks, plain);
  const chosen = withScratch(without, { tracks, plain, scratch: scratch ?? [] });
  if (!chosen.ok) {
    const waiting = chosen.stuck.map((k) => (moves[k] as Move).id);
    return { ok: false, kind: 'impossible', links: chosen.links, moves: waiting, isProven: chosen.isProven };
  }
  return {
    ok: true,
    steps: chosen.run.steps.map((step) =>
      step
        .map(({ track, before, after }) => changeOf(moves[track] as Move, { before, after }))
        .sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind)),
    ),
    scratchUsed: scratchUsed(chosen.run, plain).map(({ link, rate }) => ({ link, rate: bitsPerSec(rate) })),
    lowered: chosen.lowered.map((k) => (moves[k] as Move).id),
  };
}

/** Lowering gives room, so it stands first. */
const KINDS: readonly ChangeKind[] = ['lower', 'remove', 'reroute', 'add', 'raise'];

function trackOf({ from, to, rateLeast }: Move): Track {
  const [rateFrom, rateTo] = [from?.rate ?? 0, to?.rate ?? 0];
  const rateBetween = Math.min(rateFrom, rateTo);
  const isReroute = from !== null && to !== null && !isSamePath(from.uses, to.uses);
  const uses = from?.uses ?? to?.uses ?? [];
  return {
    from: uses,
    to: isReroute ? to.uses : uses,
    isReroute,
    rateFrom,
    rateTo,
    rateBetween,
    rateLeast: Math.min(rateLeast ?? rateBetween, rateBetween),
  };
}

const isSamePath = (a: readonly LinkUse[], b: readonly LinkUse[]): boolean =>
  a.length === b.length && a.every(({ link, share }) => shareOn(b, link) === share);

function overTarget(capacities: readonly number[], tracks: readonly Track[]): readonly number[] {
  const loads = targetLoads(capacities.length, tracks);
  return capacities.flatMap((capacity, link) =>
    (loads[link] as number) > capacity * (1 + TARGET_ROUNDING) ? [link] : [],
  );
}

/** Targets come from solvers; rates that were rounded to whole bits are far inside of this. */
const TARGET_ROUNDING = 1e-9;

const targetLoads = (links: number, tracks: readonly Track[]): Float64Array =>
  loadsOf(
    links,
    tracks.map(({ to }) => ({ uses: to })),
    tracks.map(({ rateTo }) => rateTo),
  );

/** The capacity; where the start or the target is above it, that. */
function roomOf(capacities: readonly number[], tracks: readonly Track[]): Float64Array {
  const start = loadsOf(
    capacities.length,
    tracks.map(({ from }) => ({ uses: from })),
    tracks.map(({ rateFrom }) => rateFrom),
  );
  const target = targetLoads(capacities.length, tracks);
  return Float64Array.from(capacities, (capacity, link) =>
    Math.max(capacity, start[link] as number, target[link] as number),
  );
}

type Attempt =
  | { readonly ok: true; readonly run: Run; readonly lowered: readonly number[] }
  | {
      readonly ok: false;
      readonly stuck: readonly number[];
      readonly links: readonly number[];
      readonly isProven: boolean;
    };

function attempt(tracks: readonly Track[], room: Float64Array): Attempt {
  const between = Float64Array.from(tracks, ({ rateBetween }) => rateBetween);
  const asTheyFit = runSteps(tracks, { room, rates: between });
  if (asTheyFit.stuck.length === 0) return { ok: true, run: asTheyFit, lowered: [] };
  const { order } = findOrder(tracks, room, between);
  if (order !== null)
    return { ok: true, run: runSteps(tracks, { room, rates: between, order }), lowered: [] };
  return lowering(tracks, room, asTheyFit);
}

/** All that wait for each other go at once, at rates at which they fit twice; else one after the other. */
function lowering(tracks: readonly Track[], room: Float64Array, before: Run): Attempt {
  const leasts = Float64Array.from(tracks, ({ rateLeast }) => rateLeast);
  const reroutesOnly = Float64Array.from(tracks, ({ isReroute, rateLeast, rateBetween }) =>
    isReroute ? rateLeast : rateBetween,
  );
  const atOnce = [...before.stages, before.stuck];
  const rates =
    ratesFor(tracks, { room, stages: atOnce, leasts: reroutesOnly }) ??
    ratesFor(tracks, { room, stages: atOnce, leasts });
  if (rates !== null) return ended(tracks, { room, rates, order: atOnce.flat() });
  const { order, isComplete } = findOrder(tracks, room, leasts);
  if (order === null) {
    const { stuck } = runSteps(tracks, { room, rates: leasts });
    return {
      ok: false,
      stuck,
      links: blockedLinks(tracks, { room, rates: leasts, stuck }),
      isProven: isComplete,
    };
  }
  const stages = stagesOf(tracks, { room, rates: leasts, order });
  return ended(tracks, { room, rates: ratesFor(tracks, { room, stages, leasts }) ?? leasts, order });
}

/** A run in a fixed order. It ends, unless sums that were near a limit come out differently in it. */
function ended(
  tracks: readonly Track[],
  options: { readonly room: Float64Array; readonly rates: Float64Array; readonly order: readonly number[] },
): Attempt {
  const { room, rates } = options;
  const run = runSteps(tracks, options);
  const { stuck } = run;
  if (stuck.length > 0)
    return { ok: false, stuck, links: blockedLinks(tracks, { room, rates, stuck }), isProven: false };
  const lowered = tracks.flatMap(({ rateBetween }, k) =>
    (rates[k] as number) < rateBetween * (1 - ROUNDING) ? [k] : [],
  );
  return { ok: true, run, lowered };
}

/** Links that are too full for one of the stuck reroutes, with everyone else at these rates where they got stuck. */
function blockedLinks(
  tracks: readonly Track[],
  {
    room,
    rates,
    stuck,
  }: { readonly room: Float64Array; readonly rates: Float64Array; readonly stuck: readonly number[] },
): readonly number[] {
  const waiting = new Set(stuck);
  const loads = loadsOf(
    room.length,
    tracks.map((track, k) => ({ uses: usesOf(track, !waiting.has(k)) })),
    rates,
  );
  const blocked = new Set<number>();
  for (const k of stuck) {
    const { from, to } = tracks[k] as Track;
    for (const { link, share } of to) {
      const extra = Math.max(0, share - shareOn(from, link)) * (rates[k] as number);
      if (extra > 0 && (loads[link] as number) + extra > (room[link] as number)) blocked.add(link);
    }
  }
  return [...blocked].sort((a, b) => a - b);
}

/** The same with scratch, if that is better, and then with as few links' scratch as keep it so. */
function withScratch(
  without: Attempt,
  {
    tracks,
    plain,
    scratch,
  }: { readonly tracks: readonly Track[]; readonly plain: Float64Array; readonly scratch: readonly number[] },
): Attempt {
  if (!scratch.some((rate) => rate > 0) || (without.ok && without.run.steps.length <= 1)) return without;
  const room = plain.map((most, link) => most + (scratch[link] ?? 0));
  let best = attempt(tracks, room);
  if (!isBetter(best, without)) return without;
  const used = best.ok ? scratchUsed(best.run, plain).map(({ link }) => link) : [];
  const uses = tracks.reduce((sum, { from, to }) => sum + from.length + to.length, 0);
  const tries = Math.max(1, Math.min(used.length, Math.floor(SPARING_WORK_MAX / (uses + 1))));
  const each = Math.ceil(used.length / tries);
  for (let at = 0; at < used.length; at += each) {
    const links = used.slice(at, at + each);
    for (const link of links) room[link] = plain[link] as number;
    const spared = attempt(tracks, room);
    if (!isBetter(best, spared)) best = spared;
    else for (const link of links) room[link] = (plain[link] as number) + (scratch[link] ?? 0);
  }
  return best;
}

/**
 * Link uses to go through for sparing scratch. Each try costs another plan; where there are fewer tries than links, a
 * try is about several.
 */
const SPARING_WORK_MAX = 500_000;

function isBetter(a: Attempt, b: Attempt): boolean {
  if (!a.ok || !b.ok) return a.ok && !b.ok;
  if (a.lowered.length > 0 !== b.lowered.length > 0) return a.lowered.length === 0;
  return a.run.steps.length < b.run.steps.length;
}

const scratchUsed = ({ peak }: Run, plain: Float64Array): readonly { link: number; rate: number }[] =>
  [...peak].flatMap((most, link) => {
    const rate = most - (plain[link] as number);
    return rate > (plain[link] as number) * ROUNDING ? [{ link, rate }] : [];
  });

function changeOf(
  { id, from, to }: Move,
  { before, after }: { readonly before: Standing; readonly after: Standing },
): Change {
  const placed = ({ isOver, rate }: Standing): Placement | null => {
    const side = isOver ? to : (from ?? to);
    return rate === 0 || side === null ? null : { uses: side.uses, rate: bitsPerSec(rate) };
  };
  const [old, next] = [placed(before), placed(after)];
  const kind = (): ChangeKind => {
    if (old === null) return 'add';
    if (next === null) return 'remove';
    if (before.isOver !== after.isOver) return 'reroute';
    return next.rate < old.rate ? 'lower' : 'raise';
  };
  return { id, kind: kind(), before: old, after: next };
}
