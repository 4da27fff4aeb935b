/**
 * How flows share links, as a fluid. On every link three tiers, one after the other:
 *   1. reserved traffic, at most what queue 1 of the port has (min = max in linux-htb, so it neither starves nor borrows);
 *   2. what does not react to loss (UDP): on an overloaded link everybody loses the same share;
 *   3. what does (TCP, an unmanaged migration): max-min fair.
 * Tiers 2 and 3 are the one FIFO of queue 0. Loss caused by TCP's own probing and queueing delay are not modelled.
 */
import { assert } from '@sluice/units';

export interface Demand {
  readonly tier: 'reserved' | 'inelastic' | 'elastic';
  /** Indices into the rooms; no link twice. */
  readonly path: readonly number[];
  /** Wire bit/s the sender would send at most; Infinity = as much as it gets. */
  readonly demand: number;
}

export interface Room {
  /** bit/s; 0 when the link is down. */
  readonly capacity: number;
  /** bit/s for reserved traffic on this link; Infinity where nothing but the sender limits it. */
  readonly reserved: number;
}

/**
 * Rate of every demand in wire bit/s, in their order. A flow over no link gets its demand, or 0 when that is unlimited.
 */
export function shareLinks(rooms: readonly Room[], demands: readonly Demand[]): Float64Array {
  const rates = new Float64Array(demands.length);
  const left = Float64Array.from(rooms, (room) => room.capacity);
  const tier = (name: Demand['tier']) => {
    const found: number[] = [];
    demands.forEach((demand, index) => {
      if (demand.tier === name) found.push(index);
    });
    return found;
  };
  const spend = (flows: readonly number[]) => {
    for (const flow of flows)
      for (const link of demands[flow]?.path ?? [])
        left[link] = Math.max(0, (left[link] ?? 0) - (rates[flow] ?? 0));
  };

  const reserved = tier('reserved');
  if (reserved.length > 0) {
    maxMin(
      Float64Array.from(rooms, (room) => Math.min(room.capacity, room.reserved)),
      demands,
      reserved,
      rates,
    );
    spend(reserved);
  }
  const inelastic = tier('inelastic');
  if (inelastic.length > 0) {
    lose(left, demands, inelastic, rates);
    spend(inelastic);
  }
  const elastic = tier('elastic');
  if (elastic.length > 0) maxMin(left, demands, elastic, rates);
  return rates;
}

/** What the tightest link of its path lets through of each flow; a load of nothing fits even where nothing is left. */
function lose(
  left: Float64Array,
  demands: readonly Demand[],
  flows: readonly number[],
  rates: Float64Array,
): void {
  const load = new Float64Array(left.length);
  for (const flow of flows) {
    const { path, demand } = demandOf(demands, flow);
    for (const link of path) load[link] = (load[link] ?? 0) + demand;
  }
  for (const flow of flows) {
    const { path, demand } = demandOf(demands, flow);
    let passed = 1;
    for (const link of path) {
      const [room, wanted] = [left[link] ?? 0, load[link] ?? 0];
      if (wanted > room) passed = Math.min(passed, room / wanted);
    }
    rates[flow] = demand * passed;
  }
}

/**
 * Progressive filling: all rates grow together, and a flow stops at its demand or at the first full link. The level at
 * which a link fills only rises while others stop, so the least of all is the next to stop somebody.
 */
function maxMin(
  capacity: Float64Array,
  demands: readonly Demand[],
  flows: readonly number[],
  rates: Float64Array,
): void {
  const left = Float64Array.from(capacity);
  const users: number[][] = Array.from(left, () => []);
  const growing = new Int32Array(left.length);
  for (const flow of flows)
    for (const link of demandOf(demands, flow).path) {
      users[link]?.push(flow);
      growing[link] = (growing[link] ?? 0) + 1;
    }
  const isStopped = new Uint8Array(rates.length);
  const stop = (flow: number, rate: number) => {
    isStopped[flow] = 1;
    rates[flow] = rate;
    for (const link of demandOf(demands, flow).path) {
      left[link] = Math.max(0, (left[link] ?? 0) - rate);
      growing[link] = (growing[link] ?? 0) - 1;
    }
  };
  const byDemand = [...flows].sort((a, b) => demandOf(demands, a).demand - demandOf(demands, b).demand);
  let next = 0;
  for (;;) {
    while (next < byDemand.length && isStopped[byDemand[next] ?? 0]) next += 1;
    const modest = byDemand[next];
    if (modest === undefined) return;
    const wanted = demandOf(demands, modest).demand;
    const full = firstFull(left, growing, wanted);
    if (full === null) {
      stop(modest, Number.isFinite(wanted) ? wanted : 0);
      continue;
    }
    const stopped = (users[full.link] ?? []).filter((flow) => !isStopped[flow]);
    assert(stopped.length > 0, `some flow stops at the level ${full.level}`);
    for (const flow of stopped) stop(flow, full.level);
  }
}

/** The link that fills first, if it does so below a level that some flow would stop at anyway. */
function firstFull(
  left: Float64Array,
  growing: Int32Array,
  below: number,
): { readonly link: number; readonly level: number } | null {
  let link = -1;
  let level = below;
  for (let index = 0; index < left.length; index += 1) {
    const users = growing[index] ?? 0;
    if (users === 0) continue;
    const fills = (left[index] ?? 0) / users;
    if (fills < level) {
      level = fills;
      link = index;
    }
  }
  return link < 0 ? null : { link, level };
}

function demandOf(demands: readonly Demand[], index: number): Demand {
  const found = demands[index];
  assert(found, `there is no demand ${index}`);
  return found;
}
