/**
 * Orders of reroutes, and the rates that an order needs. Which order lets everyone through is a combinatorial question:
 * a search over sets of those that are through answers it for the few that block each other, within a named limit.
 * Indices stay within the arrays they were made for, hence the casts.
 */

import { ROUNDING, type Standing, Step, shareOn, type Track, usesOf } from './change-steps.ts';
import { loadsOf } from './feasibility.ts';
import type { LinkUse } from './problem.ts';
import { waterFill } from './water-filling.ts';

export interface OrderSearch {
  readonly order: readonly number[] | null;
  /** Whether every order was covered: then null means that there is none. */
  readonly isComplete: boolean;
}

/** How many times a search may ask whether a reroute fits: all sets of about 12 reroutes. */
export const ORDER_CHECKS_MAX = 50_000;
/** Sets of so many reroutes are told apart by one number; of more, a set may be searched twice. */
const KEYED_MAX = 52;

/** One reroute after the other at these rates, everyone else waiting at theirs. Depth first over sets already through. */
export function findOrder(tracks: readonly Track[], room: Float64Array, rates: Float64Array): OrderSearch {
  const reroutes = tracks.flatMap(({ isReroute }, k) => (isReroute ? [k] : []));
  const loads = loadsOf(
    room.length,
    tracks.map(({ from }) => ({ uses: from })),
    rates,
  );
  const seen = new Set<number>();
  let key = 0;
  const isThrough = new Uint8Array(reroutes.length);
  /** Places in `reroutes`, and the next place to try after each. */
  const order: number[] = [];
  const nextOf: number[] = [0];
  let checks = 0;
  const pass = (place: number, sign: 1 | -1): void => {
    const k = reroutes[place] as number;
    isThrough[place] = sign === 1 ? 1 : 0;
    key += sign * 2 ** place;
    shift(loads, tracks[k] as Track, sign * (rates[k] as number));
  };
  while (order.length < reroutes.length) {
    const place = nextOf[order.length] as number;
    const k = reroutes[place];
    if (k === undefined) {
      const last = order.pop();
      if (last === undefined) return { order: null, isComplete: true };
      nextOf.pop();
      pass(last, -1);
      continue;
    }
    nextOf[order.length] = place + 1;
    if (isThrough[place] === 1) continue;
    checks += 1;
    if (checks > ORDER_CHECKS_MAX) return { order: null, isComplete: false };
    if (!fitsNext(tracks[k] as Track, { rate: rates[k] as number, loads, room })) continue;
    if (reroutes.length <= KEYED_MAX) {
      const next = key + 2 ** place;
      if (seen.has(next)) continue;
      seen.add(next);
    }
    pass(place, 1);
    order.push(place);
    nextOf.push(0);
  }
  return { order: order.map((place) => reroutes[place] as number), isComplete: true };
}

function fitsNext(
  { from, to }: Track,
  { rate, loads, room }: { readonly rate: number; readonly loads: Float64Array; readonly room: Float64Array },
): boolean {
  return to.every(({ link, share }) => {
    const extra = Math.max(0, share - shareOn(from, link)) * rate;
    return extra === 0 || (loads[link] as number) + extra <= (room[link] as number) * (1 + ROUNDING);
  });
}

/** From its old path to its new one; back with a negative rate. */
function shift(loads: Float64Array, { from, to }: Track, rate: number): void {
  for (const { link, share } of from) loads[link] = (loads[link] as number) - share * rate;
  for (const { link, share } of to) loads[link] = (loads[link] as number) + share * rate;
}

/** The order cut into as few stages as fit when everyone is at these rates. */
export function stagesOf(
  tracks: readonly Track[],
  {
    room,
    rates,
    order,
  }: { readonly room: Float64Array; readonly rates: Float64Array; readonly order: readonly number[] },
): readonly (readonly number[])[] {
  const standing = tracks.map((_, k): Standing => ({ isOver: false, rate: rates[k] as number }));
  const stages: number[][] = [];
  for (let at = 0; at < order.length; ) {
    const step = new Step(tracks, standing, room);
    const stage: number[] = [];
    for (; at < order.length; at += 1) {
      const k = order[at] as number;
      if (!step.put(k, { isOver: true, rate: rates[k] as number }) && stage.length > 0) break;
      stage.push(k);
    }
    for (const k of stage) standing[k] = { isOver: true, rate: rates[k] as number };
    stages.push(stage);
  }
  return stages;
}

/**
 * The rates at which reroutes can go in these stages, lowered as little as that takes: max-min fair in relative terms
 * over all links in all stages. Null when even the `leasts` are too much, or when there are too many stages to look at.
 */
export function ratesFor(
  tracks: readonly Track[],
  {
    room,
    stages,
    leasts,
  }: {
    readonly room: Float64Array;
    readonly stages: readonly (readonly number[])[];
    readonly leasts: Float64Array;
  },
): Float64Array | null {
  const uses = tracks.reduce((sum, { from, to }) => sum + Math.max(from.length, to.length), 0);
  if (stages.length * uses > STAGED_USES_MAX) return null;
  const stageOf = new Map(stages.flatMap((stage, s) => stage.map((k) => [k, s] as const)));
  const capacities = stages.flatMap(() => [...room]);
  const flows = tracks
    .map((track, k) => ({
      uses: stages.flatMap((_, s) =>
        usesIn(track, s - (stageOf.get(k) ?? 0)).map(({ link, share }) => ({
          link: s * room.length + link,
          share,
        })),
      ),
      least: leasts[k] as number,
      most: track.rateBetween,
      weight: track.rateBetween,
    }))
    .map((flow) => (flow.most === 0 ? { ...flow, uses: [] } : flow));
  const needed = loadsOf(capacities.length, flows, leasts);
  for (let at = 0; at < capacities.length; at += 1)
    if ((needed[at] as number) > (capacities[at] as number) * (1 + ROUNDING)) return null;
  return waterFill(capacities, flows).rates;
}

/** Link uses over all stages: about 200 MB. */
const STAGED_USES_MAX = 2_000_000;

/** What a track may use before (negative), in and after the stage in which it changes its path. */
function usesIn(track: Track, stage: number): readonly LinkUse[] {
  if (!track.isReroute || stage !== 0) return usesOf(track, stage > 0);
  return [
    ...track.from.map(({ link, share }) => ({ link, share: Math.max(share, shareOn(track.to, link)) })),
    ...track.to.filter(({ link }) => shareOn(track.from, link) === 0),
  ];
}
