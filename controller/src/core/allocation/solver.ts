/** The solver of a state: brought up to date, changed, and asked. */

import { linkById } from '@sluice/topology';
import { add, type BitsPerSec, larger, later, millis, scale, smaller, subtract } from '@sluice/units';
import { allocationWith, stateWith } from '../copies.ts';
import type { MigrationId } from '../ids.ts';
import { freeOver, guaranteedOn } from '../ledger/index.ts';
import type { Link, LinkId, State } from '../state.ts';
import type { Allocation, Demand, Solver, SolverBox } from './allocation.ts';
import { type Allocator, allocatorFor } from './allocator.ts';
import { clippedLoad } from './path-room.ts';

export const withAllocation = (state: State, changes: Partial<Allocation>): State =>
  stateWith(state, { allocation: allocationWith(state.allocation, changes) });

/** The migration asks for this from now on; nothing is solved yet. */
export function withDemand(state: State, id: MigrationId, demand: Demand): State {
  const demands = state.allocation.demands.set(id, demand);
  const box = boxOf(state);
  box.allocator.put(id, demand);
  return withAllocation(state, { demands, solver: passOn(box) });
}

/** It asks for nothing any more, and has no target. */
export function withoutDemand(state: State, id: MigrationId): State {
  const { demands, targets, hungry, relaxed } = state.allocation;
  if (!demands.has(id)) return state;
  const box = boxOf(state);
  box.allocator.remove(id);
  return withAllocation(state, {
    demands: demands.delete(id),
    targets: targets.delete(id),
    hungry: hungry.delete(id),
    relaxed: relaxed.delete(id),
    solver: passOn(box),
  });
}

/** What can be given away on these links is what floors, loads and guarantees now leave. */
export function withCapacities(state: State, links: Iterable<LinkId>): State {
  const box = boxOf(state);
  for (const id of links) {
    const link = state.topology.linkNumbers.get(id);
    if (link !== undefined) box.allocator.setCapacity(link, capacityOf(state, id));
  }
  return withAllocation(state, { solver: passOn(box) });
}

/** Capacity less headroom and what applications are left; never less than what is guaranteed. */
export function capacityOf(state: State, id: LinkId): BitsPerSec {
  const link = linkById(state.topology, id);
  const guaranteed = guaranteedOn(state, id, state.now);
  const usable = scale(link.capacity, 1 - state.config.headroomFraction);
  const besideFloor = add(
    freeOver(state, id, { from: state.now, until: later(state.now, AT_ONCE) }),
    guaranteed,
  );
  return larger(smaller(besideFloor, subtract(usable, clippedLoad(state, link))), guaranteed);
}

const AT_ONCE = millis(1);

/** The solver of a state, to be changed by whoever then gives it to the next state with `passOn`. */
export function boxOf(state: State): SolverBox {
  const { version, box } = state.allocation.solver;
  return box !== null && box.version === version ? box : { version, allocator: rebuilt(state) };
}

/** It has been changed: the state that gets it is the newest, and only that may use it. */
export function passOn(box: SolverBox): Solver {
  box.version += 1;
  return { version: box.version, box };
}

/** To look at, not to change. */
export function solverFor(state: State): Allocator {
  const { version, box } = state.allocation.solver;
  if (box !== null && box.version === version) return box.allocator;
  const allocator = rebuilt(state);
  if (state.allocation.demands.size > 0) allocator.solve({ workMax: state.config.allocationWorkMax });
  return allocator;
}

/** Everything that a state asks for; its first solve calls everybody changed, and targets tell who is. */
function rebuilt(state: State): Allocator {
  const { topology, config, allocation } = state;
  const none = allocation.demands.size === 0 && state.linkLoads.size === 0 && state.ledger.holds.size === 0;
  const capacities = topology.linkList.map((link) =>
    none ? freshCapacity(state, link) : capacityOf(state, link.id),
  );
  const allocator = allocatorFor(config.objective, capacities);
  for (const [id, demand] of allocation.demands) allocator.put(id, demand);
  return allocator;
}

const freshCapacity = (state: State, { capacity, floor }: Link): BitsPerSec =>
  subtract(subtract(capacity, scale(capacity, state.config.headroomFraction)), floor);
