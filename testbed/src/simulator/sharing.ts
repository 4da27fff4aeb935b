/**
 * How flows share links, as a fluid. On every link three tiers, one after the other:
 *   1. reserved traffic, at most what queue 1 of the port has (min = max in linux-htb, so it neither starves nor borrows);
 *   2. what does not react to loss (UDP): on an overloaded link everybody loses the same share;
 *   3. what does (TCP, an unmanaged migration): max-min fair.
 * Tiers 2 and 3 are the one FIFO of queue 0. Loss caused by TCP's own probing and queueing delay are not modelled.
 */
import { assert } from '@sluice/units';

export interface Demand {
  readonly id: string;
  readonly tier: 'reserved' | 'inelastic' | 'elastic';
  readonly path: readonly string[];
  /** Wire bit/s the sender would send at most; Infinity = as much as it gets. */
  readonly demand: number;
}

export interface Room {
  /** bit/s; 0 when the link is down. */
  readonly capacity: number;
  /** bit/s for reserved traffic on this link; Infinity where nothing but the sender limits it. */
  readonly reserved: number;
}

/** Rate of every flow in wire bit/s. A flow over no link gets its demand, or 0 when that is unlimited. */
export function shareLinks(
  rooms: ReadonlyMap<string, Room>,
  demands: readonly Demand[],
): ReadonlyMap<string, number> {
  const rates = new Map<string, number>();
  const left = new Map([...rooms].map(([link, room]) => [link, room.capacity]));
  const spend = (flows: readonly Demand[]) => {
    for (const flow of flows)
      for (const link of flow.path)
        left.set(link, Math.max(0, (left.get(link) ?? 0) - (rates.get(flow.id) ?? 0)));
  };
  const tier = (name: Demand['tier']) => demands.filter((flow) => flow.tier === name);

  const reserved = tier('reserved');
  const guaranteed = new Map(
    [...rooms].map(([link, room]) => [link, Math.min(room.capacity, room.reserved)]),
  );
  maxMin(guaranteed, reserved, rates);
  spend(reserved);

  const inelastic = tier('inelastic');
  const load = new Map<string, number>();
  for (const flow of inelastic)
    for (const link of flow.path) load.set(link, (load.get(link) ?? 0) + flow.demand);
  for (const flow of inelastic) {
    const passed = Math.min(
      1,
      ...flow.path.map((link) => passedBy(left.get(link) ?? 0, load.get(link) ?? 0)),
    );
    rates.set(flow.id, flow.demand * passed);
  }
  spend(inelastic);

  maxMin(left, tier('elastic'), rates);
  return rates;
}

/** The share of a load that fits; a load of nothing fits even where nothing is left. */
const passedBy = (left: number, load: number): number => (load <= left ? 1 : left / load);

/** Progressive filling: all rates grow together, and a flow stops at its demand or at the first full link. */
function maxMin(
  capacity: ReadonlyMap<string, number>,
  flows: readonly Demand[],
  rates: Map<string, number>,
): void {
  const left = new Map(capacity);
  let growing = [...flows];
  while (growing.length > 0) {
    const users = new Map<string, number>();
    for (const flow of growing) for (const link of flow.path) users.set(link, (users.get(link) ?? 0) + 1);
    const limitOf = (flow: Demand) =>
      Math.min(flow.demand, ...flow.path.map((link) => (left.get(link) ?? 0) / (users.get(link) ?? 1)));
    const level = Math.min(...growing.map(limitOf));
    const stopped = growing.filter((flow) => limitOf(flow) <= level);
    assert(stopped.length > 0, `some flow stops at the level ${level}`);
    for (const flow of stopped) {
      const rate = Number.isFinite(level) ? level : 0;
      rates.set(flow.id, rate);
      for (const link of flow.path) left.set(link, Math.max(0, (left.get(link) ?? 0) - rate));
    }
    const done = new Set(stopped);
    growing = growing.filter((flow) => !done.has(flow));
  }
}
