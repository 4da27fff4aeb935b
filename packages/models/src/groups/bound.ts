/**
 * A proven lower bound on the cost of every first group. Groups are split by Λ = Σ λ_j and by n. In a cell
 * Λ ∈ [lo, hi] no round is shorter than (V_G/R)·lo^i, so the cost is at least linear in who is chosen:
 *
 *   Σ_{j in G} (V_j/R)·(p·Σ_{i≤n} lo^i + q·lo^n) + Σ_{j not in G} c_j,
 *
 * and its least value over fractional choices with Λ in the cell is a knapsack solved by sorting. The cell with the least
 * bound is halved again and again, until it meets the best group known or the budget is used up.
 */
import type { FlatProblem } from './first-group.ts';

interface Cell {
  readonly low: number;
  readonly high: number;
  readonly rounds: number;
  readonly bound: number;
}

export interface Bound {
  readonly value: number;
  readonly cells: number;
}

export const CELLS_MAX = 400;
/** Of all Λ: halving further than this tells nothing new. */
const CELL_WIDTH_MIN = 1e-6;
/** A bound this close to the best group known needs no further work. */
const CLOSE_ENOUGH = 1e-6;

/** `offer` gets the whole part of every fractional choice and returns the least cost known so far. */
export function lowerBound(flat: FlatProblem, offer: (chosen: Uint8Array) => number): Bound {
  const relaxation = relaxationOf(flat);
  const all = flat.ratio.reduce((sum, ratio) => sum + ratio, 0);
  const least = flat.ratio.reduce((min, ratio) => Math.min(min, ratio), Number.POSITIVE_INFINITY);
  const cells: Cell[] = [];
  let known = Number.POSITIVE_INFINITY;
  let solved = 0;
  const open = (low: number, high: number, rounds: number): void => {
    const relaxed = relaxation(low, high, rounds);
    solved += 1;
    if (relaxed === null) return;
    known = Math.min(known, offer(relaxed.chosen));
    cells.push({ low, high, rounds, bound: relaxed.bound });
  };
  for (let rounds = 0; rounds <= flat.problem.roundsMax; rounds += 1) open(least, all, rounds);
  for (;;) {
    let first = 0;
    for (let index = 1; index < cells.length; index += 1)
      if ((cells[index]?.bound ?? 0) < (cells[first]?.bound ?? 0)) first = index;
    const cell = cells[first];
    if (cell === undefined) return { value: known, cells: solved };
    const isDone = cell.bound >= known - CLOSE_ENOUGH * Math.abs(known);
    if (isDone || solved >= CELLS_MAX || cell.high - cell.low <= CELL_WIDTH_MIN * all)
      return { value: Math.min(known, cell.bound), cells: solved };
    cells.splice(first, 1);
    const middle = (cell.low + cell.high) / 2;
    open(cell.low, middle, cell.rounds);
    open(middle, cell.high, cell.rounds);
  }
}

/** null where no group has this n with Λ in the cell. */
type Relaxation = (
  low: number,
  high: number,
  rounds: number,
) => { readonly bound: number; readonly chosen: Uint8Array } | null;

function relaxationOf(flat: FlatProblem): Relaxation {
  const { count, memory, workingSet, threshold, ratio, alone, aloneTotal, problem } = flat;
  const density = (j: number) => (memory[j] as number) / (ratio[j] as number);
  const allRatio = ratio.reduce((sum, one) => sum + one, 0);
  const byDensity = Uint32Array.from({ length: count }, (_, j) => j).sort((a, b) =>
    compare(density(b), density(a)),
  );
  const order = new Uint32Array(count);
  const gain = new Float64Array(count);
  const key = new Float64Array(count);

  /** The most V_G/R of a group with Λ ≤ high. */
  function most(high: number): number {
    let room = high;
    let sum = 0;
    for (const j of byDensity) {
      const part = Math.min(1, room / (ratio[j] as number));
      if (!(part > 0)) break;
      sum += part * (memory[j] as number);
      room -= part * (ratio[j] as number);
    }
    return sum;
  }
  /** The least V_G/R of a group with Λ ≥ low. */
  function fewest(low: number): number {
    let need = low;
    let sum = 0;
    for (let index = count - 1; index >= 0 && need > 0; index -= 1) {
      const j = byDensity[index] as number;
      // Rounding may leave a need that nobody fills; who adds nothing to Λ is not asked.
      if (ratio[j] === 0) break;
      const part = Math.min(1, need / (ratio[j] as number));
      sum += part * (memory[j] as number);
      need -= part * (ratio[j] as number);
    }
    return sum;
  }

  /**
   * How much of V_G/R every round sends at least: τ_i ≥ grow_i·V_G/R. Where the working set may cap what a VM dirties
   * in a round as long as that can be, its λ_j counts for as much less.
   */
  function growth(low: number, high: number, longest: number, rounds: number): readonly number[] {
    const grow = [1];
    let upper = longest;
    for (let round = 1; round <= rounds; round += 1) {
      let least = 1;
      let lost = 0;
      let caps = 0;
      for (let j = 0; j < count; j += 1) {
        const own = ratio[j] as number;
        const cap = workingSet[j] as number;
        caps += cap;
        if (own * upper <= cap) continue;
        least = Math.min(least, cap / (own * upper));
        lost += own - cap / upper;
      }
      grow.push((grow[round - 1] as number) * Math.max(low * least, low - lost));
      upper = Math.min(upper * high, caps);
    }
    return grow;
  }

  return (low, high, rounds) => {
    const longest = most(high);
    if (!isNeeded(rounds, high, longest)) return null;
    const grow = growth(low, high, longest, rounds);
    const priorLeast = rounds === 0 ? 0 : fewest(low) * (grow[rounds - 1] as number);
    const isLimit = rounds === problem.roundsMax;
    const price =
      problem.weightTotal * grow.reduce((sum, factor) => sum + factor, 0) +
      problem.weightDowntime * (grow[rounds] as number);
    const own = ownCosts(low, rounds);
    let open = 0;
    for (let j = 0; j < count; j += 1) {
      const rest =
        rounds === 0
          ? (memory[j] as number)
          : Math.min((ratio[j] as number) * priorLeast, workingSet[j] as number);
      // A VM whose rest is surely too large keeps its group from stopping at this n.
      if (!isLimit && rest > (threshold[j] as number) * (1 + 1e-9)) continue;
      order[open] = j;
      open += 1;
    }
    if (open === 0) return null;
    const shared = knapsack(order.subarray(0, open), { low, high }, (j) => (memory[j] as number) * price);
    if (shared === null) return null;
    const each = knapsack(order.subarray(0, open), { low, high }, (j) => own[j] as number);
    return each !== null && each.bound > shared.bound ? each : shared;
  };

  /** The least cost of fractional choices with Λ in the cell, when VM j costs `inside(j)` in the group. */
  function knapsack(
    candidates: Uint32Array,
    { low, high }: { readonly low: number; readonly high: number },
    inside: (j: number) => number,
  ): { readonly bound: number; readonly chosen: Uint8Array } | null {
    for (const j of candidates) {
      gain[j] = inside(j) - (alone[j] as number);
      key[j] = gainPerRatio(gain[j] as number, ratio[j] as number);
    }
    const sorted = candidates.sort((a, b) => compare(key[a] as number, key[b] as number));
    const chosen = new Uint8Array(count);
    let sum = 0;
    let used = 0;
    let bound = aloneTotal;
    for (const j of sorted) {
      const mine = ratio[j] as number;
      const isWanted = (gain[j] as number) < 0;
      if (!isWanted && sum >= low) break;
      const room = isWanted ? high - sum : Math.max(low - sum, 0);
      const part = mine === 0 ? 1 : Math.min(1, room / mine);
      if (part <= 0) break;
      bound += part * (gain[j] as number);
      sum += part * mine;
      used += part;
      chosen[j] = part >= 0.5 ? 1 : 0;
    }
    if (used === 0) {
      // Nobody gains from being in the group, but it is not empty: the VM that loses least.
      const least = sorted.reduce((best, j) => ((gain[j] as number) < (gain[best] as number) ? j : best));
      // An index found in it.
      bound += gain[least] as number;
      chosen[least] = 1;
    }
    return sum < low * (1 - 1e-9) ? null : { bound, chosen };
  }

  /** What each VM sends at the least, capped or not, when every round is as short as it can be in the cell. */
  function ownCosts(low: number, rounds: number): Float64Array {
    const costs = Float64Array.from(memory, (volume) => volume * problem.weightTotal);
    if (rounds === 0)
      for (let j = 0; j < count; j += 1)
        costs[j] = (costs[j] as number) + (memory[j] as number) * problem.weightDowntime;
    let shortest = fewest(low);
    for (let round = 1; round <= rounds; round += 1) {
      const weight = problem.weightTotal + (round === rounds ? problem.weightDowntime : 0);
      let all = 0;
      let perRatio = Number.POSITIVE_INFINITY;
      let beyond = 0;
      for (let j = 0; j < count; j += 1) {
        const sent = Math.min((ratio[j] as number) * shortest, workingSet[j] as number);
        costs[j] = (costs[j] as number) + weight * sent;
        all += sent;
        beyond = Math.max(beyond, (ratio[j] as number) > 0 ? sent / (ratio[j] as number) : 0);
        if ((ratio[j] as number) > 0) perRatio = Math.min(perRatio, sent / (ratio[j] as number));
      }
      // Those outside have at most what of Λ the group does not need.
      shortest = Math.max(Number.isFinite(perRatio) ? low * perRatio : 0, all - (allRatio - low) * beyond, 0);
    }
    return costs;
  }

  /** n is the least that will do, so at n − 1 some VM must still have had too much left. */
  function isNeeded(rounds: number, high: number, longest: number): boolean {
    if (rounds === 0) return true;
    const before = rounds === 1 ? 0 : longest * high ** (rounds - 2);
    for (let j = 0; j < count; j += 1) {
      const rest = rounds === 1 ? (memory[j] as number) : (ratio[j] as number) * before;
      if (rest > (threshold[j] as number) * (1 - 1e-9)) return true;
    }
    return false;
  }
}

const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);

function gainPerRatio(gain: number, ratio: number): number {
  if (ratio > 0) return gain / ratio;
  return gain < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
