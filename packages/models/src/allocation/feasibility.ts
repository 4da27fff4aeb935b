/**
 * Whether rates fit onto links: loads, lower bounds that ask for too much, and the way back inside.
 * Indices stay within the arrays they were made for, hence the casts.
 */
import { type BitsPerSec, bitsPerSec } from '@sluice/units';
import type { AllocationProblem, LinkUse } from './problem.ts';

export interface Overload {
  readonly link: number;
  readonly capacity: BitsPerSec;
  /** What the lower bounds of all that cross it ask for: more than the capacity. */
  readonly needed: BitsPerSec;
}

/** Links that the lower bounds alone do not fit onto; none means that the problem can be solved. */
export function overloads({ capacities, demands }: AllocationProblem): readonly Overload[] {
  const needed = loadsOf(
    capacities.length,
    demands,
    demands.map(({ rateMin }) => rateMin),
  );
  return capacities.flatMap((capacity, link) => {
    const load = needed[link] as number;
    return load > capacity ? [{ link, capacity, needed: bitsPerSec(load) }] : [];
  });
}

/** What each link carries at these rates, summed in the order of the demands. */
export function loadsOf(links: number, demands: Rooms['demands'], rates: ArrayLike<number>): Float64Array {
  const loads = new Float64Array(links);
  for (let k = 0; k < demands.length; k += 1)
    for (const { link, share } of (demands[k] as Rooms['demands'][number]).uses)
      loads[link] = (loads[link] as number) + share * (rates[k] as number);
  return loads;
}

/** What can be summed up: links, and demands that cross them. */
export interface Rooms {
  readonly capacities: readonly number[];
  readonly demands: readonly { readonly uses: readonly LinkUse[] }[];
}

/**
 * Lowers what rounding or an unfinished method left above a link: each demand goes back towards `least` by the largest
 * overload that it meets, until no sum exceeds its capacity. `least` itself must fit.
 */
export function fitAbove(
  { capacities, demands }: Rooms,
  least: ArrayLike<number>,
  rates: Float64Array,
): void {
  const base = loadsOf(capacities.length, demands, least);
  for (let pass = 0, shave = 0; pass < FIT_PASSES_MAX; pass += 1, shave = shave * 8 + 2 ** -50) {
    const loads = loadsOf(capacities.length, demands, rates);
    const keep = new Float64Array(capacities.length).fill(1);
    let isOver = false;
    for (let link = 0; link < keep.length; link += 1) {
      const [load, from, to] = [loads[link] as number, base[link] as number, capacities[link] as number];
      if (load <= to) continue;
      isOver = true;
      keep[link] = Math.max(0, Math.min((to - from) / (load - from), 1) * (1 - shave) - shave);
    }
    if (!isOver) return;
    for (let k = 0; k < demands.length; k += 1) {
      let kept = 1;
      for (const { link } of (demands[k] as Rooms['demands'][number]).uses)
        kept = Math.min(kept, keep[link] as number);
      if (kept < 1) rates[k] = (least[k] as number) + kept * ((rates[k] as number) - (least[k] as number));
    }
  }
}

/** The shave grows eightfold a pass, so after these it has passed any rounding and every link is back at its base. */
const FIT_PASSES_MAX = 24;
