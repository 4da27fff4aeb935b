/**
 * What directional traffic leaves for migration between two hosts (Deshpande and Keahey): in pre-copy a VM sends from
 * the source, against the migrations; in post-copy it receives at the destination, against the migrations. The VMs that
 * move together are chosen for together; those under way stay as they were chosen.
 */
import { bestChoice, type Hosts, type VmTraffic } from '@sluice/models';
import { type BitsPerSec, bitsPerSec } from '@sluice/units';
import type { VmId } from '../ids.ts';
import { isWaiting, migrationById } from '../lookups.ts';
import type { HostId, Migration, State, VmState } from '../state.ts';
import type { GroupMember } from './choose.ts';

interface Ends {
  readonly source: HostId;
  readonly destination: HostId;
}

export interface Comparison {
  readonly best: 'precopy' | 'postcopy';
  readonly left: { readonly precopy: BitsPerSec; readonly postcopy: BitsPerSec } | null;
  readonly others: readonly GroupMember[];
}

/** Among equals the fewest post-copies, so a VM that makes no difference is pre-copied. */
export function compare(state: State, ends: Ends, vm: VmState, togetherWith: readonly VmId[]): Comparison {
  const underWay = liveBetween(state, ends, vm);
  const open = openWith(state, ends, vm, togetherWith);
  const settled = underWay.map(memberOf);
  const free = freeOfOthers(state, ends, [vm, ...open], underWay);
  if (free === null) return { best: 'precopy', left: null, others: settled };
  // Everybody in the group is judged in the same order, so that each is told its part of the same choice.
  const all = [vm, ...open].sort((a, b) => (a.id < b.id ? -1 : 1));
  const { mechanisms } = bestChoice(all.map(trafficOf), free);
  const chosen = all.map((one, index) => ({ id: one.id, mechanism: mechanisms[index] ?? 'precopy' }));
  const others = chosen
    .filter(({ id }) => id !== vm.id)
    .map(({ id, mechanism }): GroupMember => ({ vmId: id, name: mechanism, state: 'open' }));
  const rest = open.map(trafficOf);
  const own = trafficOf(vm);
  return {
    best: chosen.find(({ id }) => id === vm.id)?.mechanism ?? 'precopy',
    left: {
      precopy: leftOf(rest, { ...free, sourceOut: free.sourceOut - own.out }),
      postcopy: leftOf(rest, { ...free, destinationIn: free.destinationIn - own.in }),
    },
    others: [...settled, ...others],
  };
}

const leftOf = (vms: readonly VmTraffic[], hosts: Hosts): BitsPerSec =>
  bitsPerSec(Math.max(0, bestChoice(vms, hosts).rate));

const trafficOf = ({ tx, rx }: VmState): VmTraffic => ({ out: tx, in: rx });

const memberOf = ({ vm, mechanism }: Migration): GroupMember => ({
  vmId: vm.id,
  name: mechanism.name,
  state: 'under_way',
});

/** Migrations that use one of the two NICs in the direction of this one; an unmanaged one is just load. */
function liveBetween(state: State, { source, destination }: Ends, vm: VmState): readonly Migration[] {
  const found: Migration[] = [];
  const consider = (one: Migration): void => {
    const isAlongside = one.source === source || one.destination === destination;
    if (isAlongside && one.vm.id !== vm.id && one.reservationId !== null) found.push(one);
  };
  for (const id of state.liveOn.get(source) ?? []) consider(migrationById(state, id));
  for (const id of state.liveOn.get(destination) ?? []) {
    const one = migrationById(state, id);
    // Both ends have it, and it has been seen at the other.
    if (one.source !== source && one.destination !== source) consider(one);
  }
  return found;
}

/** Those that are to move with it and have not begun; a VM that is on another host does not share the NIC. */
const openWith = (
  state: State,
  { source }: Ends,
  vm: VmState,
  togetherWith: readonly VmId[],
): readonly VmState[] =>
  [...new Set(togetherWith)]
    .filter((id) => id !== vm.id && !isUnderWay(state, id))
    .map((id) => state.vms.get(id))
    .filter((one) => one !== undefined)
    .filter((one) => one.hostId === source);

function isUnderWay(state: State, vmId: VmId): boolean {
  const id = state.active.get(vmId);
  return id !== undefined && !isWaiting(migrationById(state, id));
}

/**
 * The NICs without the VMs that the choice is about and without the migrations themselves. A VM under way counts where
 * its mechanism has it run meanwhile, both there and here when it is hybrid.
 */
function freeOfOthers(
  state: State,
  { source, destination }: Ends,
  open: readonly VmState[],
  underWay: readonly Migration[],
): Hosts | null {
  const [from, to] = [state.hosts.get(source), state.hosts.get(destination)];
  if (!from?.nicCapacity || !to?.nicCapacity) return null;
  let out = from.tx - total(open.map(({ tx }) => tx));
  let into: number = to.rx;
  for (const migration of underWay) {
    const now = state.vms.get(migration.vm.id) ?? migration.vm;
    const isAfter = migration.mechanism.name === 'postcopy';
    const isBefore = migration.mechanism.name === 'precopy';
    const sends = migration.startedAt === null ? 0 : (migration.roundRate ?? 0);
    if (migration.source === source) out -= sends;
    if (migration.destination === destination) into -= sends;
    if (isAfter && now.hostId === source) out -= now.tx;
    if (!isBefore && migration.destination === destination && now.hostId !== destination) into += now.rx;
  }
  return {
    sourceOut: Math.max(0, from.nicCapacity - Math.max(0, out)),
    destinationIn: Math.max(0, to.nicCapacity - Math.max(0, into)),
  };
}

const total = (rates: readonly number[]): number => rates.reduce((sum, rate) => sum + rate, 0);
