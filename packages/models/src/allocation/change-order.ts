/**
 * Orders of reroutes, and the rates that an order needs. Which order lets everyone through is a combinatorial question:
 * a search over sets of those that are through answers it for the few that block each other, within a named limit.
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

/** How many times a search may ask whether a reroute fits: all sets of about 14 reroutes. */
export const ORDER_CHECKS_MAX = 200_000;

/** One reroute after the other at these rates, everyone else waiting at theirs. Depth first over sets already through. */
export function findOrder(tracks: readonly Track[], room: Float64Array, rates: Float64Array): OrderSearch {
  const reroutes = tracks.flatMap(({ isReroute }, k) => (isReroute ? [k] : []));
  const loads = loadsOf(
    room.length,
    tracks.map(({ from }) => ({ uses: from })),
    rates,
  );
  const seen = new Set<string>();
  const through = new Set<number>();
  const order: number[] = [];
  const nextOf: number[] = [0];
  let checks = 0;
  while (order.length < reroutes.length) {
    const depth = order.length;
    const at = nextOf[depth] as number;
    const k = reroutes[at];
    if (k === undefined) {
      const last = order.pop();
      if (last === undefined) return { order: null, isComplete: true };
      nextOf.pop();
      through.delete(last);
      shift(loads, tracks[last] as Track, -(rates[last] as number));
      continue;
    }
    nextOf[depth] = at + 1;
    if (through.has(k)) continue;
    checks += 1;
    if (checks > ORDER_CHECKS_MAX) return { order: null, isComplete: false };
    if (!fitsNext(tracks[k] as Track, { rate: rates[k] as number, loads, room })) continue;
    through.add(k);
    const key = reroutes.map((j) => (through.has(j) ? '1' : '0')).join('');
    if (seen.has(key)) {
      through.delete(k);
      continue;
    }
    seen.add(key);
    order.push(k);
    nextOf.push(0);
    shift(loads, tracks[k] as Track, rates[k] as number);
  }
  return { order, isComplete: true };
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
 * over all links in all stages. Null when even the `leasts` are too much.
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

/** What a track may use before (negative), in and after the stage in which it changes its path. */
function usesIn(track: Track, stage: number): readonly LinkUse[] {
  if (!track.isReroute || stage !== 0) return usesOf(track, stage > 0);
  return [
    ...track.from.map(({ link, share }) => ({ link, share: Math.max(share, shareOn(track.to, link)) })),
    ...track.to.filter(({ link }) => shareOn(track.from, link) === 0),
  ];
}
