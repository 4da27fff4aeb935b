/**
 * Who gets what when applications and a migration share NICs without any reservation: max-min fair sharing, as long TCP
 * flows approach it. The migration leaves by the source's egress and enters by the destination's ingress; what a
 * pre-copied VM sends meets it at the one, what a post-copied VM receives at the other.
 */
import { waterFill } from '../allocation/water-filling.ts';
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
  const filled = waterFill(
    capacities,
    flows.map(({ demand, crosses }) => ({
      uses: crosses.map((link) => ({ link, share: 1 })),
      least: 0,
      most: demand,
      weight: 1,
    })),
  );
  return Array.from(filled.rates);
}

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
