/**
 * Who gets what when applications and a migration share NICs without any reservation: max-min fair sharing, as long TCP
 * flows approach it. The migration leaves by the source's egress and enters by the destination's ingress; what a
 * pre-copied VM sends meets it at the one, what a post-copied VM receives at the other.
 */
import type { Hosts, Mechanism, VmTraffic } from '../rate-policies/traffic-sensitive.ts';

export interface SharedFlow {
  /** What it would use alone; Infinity for a flow that takes all it gets. */
  readonly demand: number;
  /** Indices of the capacities it crosses. */
  readonly crosses: readonly number[];
}

/**
 * Water-filling: all flows rise together; one stops at its demand or where something it crosses is full. No flow can get
 * more without taking from one that has no more than itself. A flow that crosses nothing gets its demand.
 */
export function maxMinShares(capacities: readonly number[], flows: readonly SharedFlow[]): readonly number[] {
  const shares = flows.map(({ demand, crosses }) => (crosses.length === 0 ? demand : 0));
  const rising = new Set(flows.flatMap(({ crosses }, index) => (crosses.length === 0 ? [] : [index])));
  const left = [...capacities];
  let level = 0;
  while (rising.size > 0) {
    const users = capacities.map(() => 0);
    let rise = Number.POSITIVE_INFINITY;
    for (const index of rising) {
      const { demand, crosses } = flows[index] as SharedFlow;
      rise = Math.min(rise, demand - level);
      for (const at of crosses) users[at] = (users[at] ?? 0) + 1;
    }
    for (const [at, count] of users.entries())
      if (count > 0) rise = Math.min(rise, Math.max(0, left[at] ?? 0) / count);
    level += rise;
    for (const [at, count] of users.entries()) left[at] = (left[at] ?? 0) - rise * count;
    for (const index of [...rising]) {
      const { demand, crosses } = flows[index] as SharedFlow;
      const isFull = crosses.some((at) => (left[at] ?? 0) <= FULL * (capacities[at] ?? 0));
      if (demand > level * (1 + FULL) && !isFull) continue;
      shares[index] = Math.min(level, demand);
      rising.delete(index);
    }
  }
  return shares;
}

/** Of a capacity: what is left of it through rounding alone. */
const FULL = 1e-12;

export interface Contention {
  /** What the migration gets, in the unit of the capacities. */
  readonly migration: number;
  /** What each VM keeps of its traffic that contends: 1 = all of it. */
  readonly kept: readonly number[];
}

/** Application flows of the VMs and `migrations` equal migration flows, without reservations. */
export function contention(
  vms: readonly VmTraffic[],
  hosts: Hosts,
  mechanisms: readonly Mechanism[],
  migrations = 1,
): Contention {
  const apps = vms.map((vm, index) =>
    mechanisms[index] === 'precopy'
      ? { demand: vm.out, crosses: [SOURCE_OUT] }
      : { demand: vm.in, crosses: [DESTINATION_IN] },
  );
  const moving = Array.from({ length: migrations }, () => ({
    demand: Number.POSITIVE_INFINITY,
    crosses: [SOURCE_OUT, DESTINATION_IN],
  }));
  const shares = maxMinShares([hosts.sourceOut, hosts.destinationIn], [...apps, ...moving]);
  return {
    migration: shares.slice(vms.length).reduce((sum, share) => sum + share, 0),
    kept: apps.map(({ demand }, index) => (demand === 0 ? 1 : (shares[index] ?? 0) / demand)),
  };
}

const SOURCE_OUT = 0;
const DESTINATION_IN = 1;
