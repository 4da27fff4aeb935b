/**
 * Why a migration has the rate that it has: what keeps it from more, who shares that with it, what one more bit of it
 * would be worth, and what would help. Numbers leave the core here, so their unit is in the name.
 */
import type { LinkId } from '@sluice/topology';
import { currentOf } from '../changes/room.ts';
import type { MigrationId } from '../ids.ts';
import { type Hold, holdsOn } from '../ledger/index.ts';
import type { Migration, Objective, State } from '../state.ts';
import type { Demand, SolveStatus } from './allocation.ts';
import { allocatorFor } from './allocator.ts';
import { useOf } from './demand.ts';
import { alone } from './grant.ts';
import { capacityOf, solverFor } from './solver.ts';

export type RateBinding =
  /** Nothing is reserved, so nothing is decided. */
  | 'unmanaged'
  /** The VM is being moved: the rate stands until it runs again. */
  | 'switchover'
  /** It has less than it should: others are being taken down. */
  | 'waiting_for_room'
  /** The limit that its user set, or a host's NIC or the path alone. */
  | 'rate_max'
  /** Its own policy asks for no more. */
  | 'policy'
  /** Full links that it shares. */
  | 'links'
  /** Its limits, or what is guaranteed, keep it from less although it costs others. */
  | 'rate_min';

export interface Explanation {
  readonly migrationId: MigrationId;
  readonly objective: Objective;
  readonly status: SolveStatus;
  readonly currentBitsPerSec: number | null;
  /** What the joint allocation wants it to have. */
  readonly targetBitsPerSec: number | null;
  readonly guaranteeBitsPerSec: number | null;
  readonly rateMinBitsPerSec: number | null;
  readonly rateMaxBitsPerSec: number | null;
  readonly binding: RateBinding;
  /** The full ones on its way, the dearest first. */
  readonly links: readonly ExplainedLink[];
  readonly wouldRaiseIt: readonly Raise[];
  /** Whether `end_of` was tried: not where more than 1,000 depend on each other's rates, for each try divides them all anew. */
  readonly endingsTried: boolean;
}

export interface ExplainedLink {
  readonly link: LinkId;
  /** For all migrations together. */
  readonly availableBitsPerSec: number;
  readonly capacityBitsPerSec: number;
  /** Headroom, floors, and what applications use above them. */
  readonly keptBackBitsPerSec: number;
  /** What one more Mbit/s of the link would save, in the objective's unit; 0 where the objective knows no prices. */
  readonly shadowPricePerMbitPerSec: number;
  readonly sharedWith: readonly Sharer[];
}

export interface Sharer {
  readonly migrationId: MigrationId;
  readonly vmId: string;
  /** What it takes of this link. */
  readonly rateBitsPerSec: number;
  readonly guaranteeBitsPerSec: number;
}

export type Raise =
  | { readonly change: 'rate_max'; readonly toBitsPerSec: number | null }
  | { readonly change: 'policy'; readonly toBitsPerSec: number }
  | { readonly change: 'more_capacity'; readonly link: LinkId }
  | { readonly change: 'less_application_traffic'; readonly link: LinkId }
  | { readonly change: 'end_of'; readonly migrationId: MigrationId; readonly toBitsPerSec: number };

/** null when there is no such migration, or it has ended. `triedMax`: among how many it is tried what an end would give. */
export function explain(state: State, id: MigrationId, triedMax = TRIED_MAX): Explanation | null {
  const migration = state.migrations.get(id);
  const demand = state.allocation.demands.get(id);
  if (migration === undefined || migration.receipt !== null) return null;
  const { objective } = state.config;
  const { status, targets } = state.allocation;
  const base = { migrationId: id, objective, status };
  if (migration.reservationId === null || demand === undefined) return { ...base, ...UNMANAGED };
  const target = targets.get(id) ?? 0;
  const current = currentOf(state, migration);
  const links = fullLinks(state, migration);
  const binding = bindingOf(state, migration, { demand, target, current, links });
  return {
    ...base,
    currentBitsPerSec: current,
    targetBitsPerSec: target,
    guaranteeBitsPerSec: demand.guarantee,
    rateMinBitsPerSec: demand.rateMin,
    rateMaxBitsPerSec: demand.rateMax,
    binding,
    links,
    ...raises(state, migration, { demand, binding, links, target }, triedMax),
  };
}

const UNMANAGED = {
  currentBitsPerSec: null,
  targetBitsPerSec: null,
  guaranteeBitsPerSec: null,
  rateMinBitsPerSec: null,
  rateMaxBitsPerSec: null,
  binding: 'unmanaged',
  links: [],
  wouldRaiseIt: [],
  endingsTried: true,
} as const;

interface Facts {
  readonly demand: Demand;
  readonly target: number;
  readonly current: number;
  readonly links: readonly ExplainedLink[];
}

function bindingOf(
  state: State,
  migration: Migration,
  { demand, target, current, links }: Facts,
): RateBinding {
  if (migration.isSwitchoverOrdered) return 'switchover';
  if (state.allocation.hungry.has(migration.id) && current < target) return 'waiting_for_room';
  if (target < demand.rateMax * (1 - SAME)) {
    if (links.length > 0 && target > demand.rateMin * (1 + SAME)) return 'links';
    return links.length > 0 || target <= demand.rateMin * (1 + SAME) ? 'rate_min' : 'policy';
  }
  const most = alone(state, useOf(migration), migration.request).rate;
  return demand.rateMax < most * (1 - SAME) ? 'policy' : 'rate_max';
}

/** Rates that differ by less are the same. */
const SAME = 1e-6;
/** A link with less than this share of it left is full. */
const FULL = 1e-3;

function fullLinks(state: State, migration: Migration): readonly ExplainedLink[] {
  const solver = solverFor(state);
  const found: ExplainedLink[] = [];
  for (const id of [...migration.path, ...migration.reversePath]) {
    const link = state.topology.links.get(id);
    const number = state.topology.linkNumbers.get(id);
    if (link === undefined || number === undefined) continue;
    const available = capacityOf(state, id);
    const holds = holdsOn(state.ledger, id);
    const wanted = holds.reduce((sum, hold) => sum + targetOn(state, hold, id), 0);
    const price = solver.price(number) * 1e6;
    if (wanted < available * (1 - FULL) && price === 0) continue;
    found.push({
      link: id,
      availableBitsPerSec: available,
      capacityBitsPerSec: link.capacity,
      keptBackBitsPerSec: link.capacity - available,
      shadowPricePerMbitPerSec: price,
      sharedWith: holds
        .filter((hold) => hold.reservation.migrationId !== migration.id)
        .map((hold) => sharer(state, hold, id)),
    });
  }
  return found.sort((a, b) => b.shadowPricePerMbitPerSec - a.shadowPricePerMbitPerSec);
}

function targetOn(state: State, hold: Hold, link: LinkId): number {
  const { reservation } = hold;
  const target = state.allocation.targets.get(reservation.migrationId) ?? reservation.rate;
  return reservation.path.includes(link) ? target : target * state.config.reverseFraction;
}

function sharer(state: State, hold: Hold, link: LinkId): Sharer {
  const { migrationId } = hold.reservation;
  const isForward = hold.reservation.path.includes(link);
  return {
    migrationId,
    vmId: state.migrations.get(migrationId)?.vm.id ?? '',
    rateBitsPerSec: targetOn(state, hold, link),
    guaranteeBitsPerSec: isForward ? hold.guarantee : hold.reverseGuarantee,
  };
}

function raises(
  state: State,
  migration: Migration,
  { demand, binding, links, target }: Omit<Facts, 'current'> & { readonly binding: RateBinding },
  triedMax: number,
): Pick<Explanation, 'wouldRaiseIt' | 'endingsTried'> {
  const { request } = migration;
  const only = (...wouldRaiseIt: readonly Raise[]) => ({ wouldRaiseIt, endingsTried: true });
  const free = alone(state, useOf(migration), { ...request, rateMax: null }).rate;
  if (binding === 'rate_max')
    return request.rateMax !== null && request.rateMax < free
      ? only({ change: 'rate_max', toBitsPerSec: free })
      : only();
  if (binding === 'policy') return only({ change: 'policy', toBitsPerSec: free });
  if (binding !== 'links' && binding !== 'rate_min' && binding !== 'waiting_for_room') return only();
  const [first] = links;
  if (first === undefined) return only();
  const load = state.linkLoads.get(first.link) ?? 0;
  const floor = state.topology.links.get(first.link)?.floor ?? 0;
  const near = sharingWith(state, migration.id, triedMax);
  const ended = near && endings(state, migration, near, { link: first, target });
  return {
    wouldRaiseIt: [
      ...(ended ?? []),
      ...(load > floor ? [{ change: 'less_application_traffic' as const, link: first.link }] : []),
      ...(demand.rateMax > target ? [{ change: 'more_capacity' as const, link: first.link }] : []),
    ],
    endingsTried: ended !== null,
  };
}

/** What it would have without one of those that take most of its dearest link. */
function endings(
  state: State,
  migration: Migration,
  near: ReadonlySet<MigrationId>,
  { link, target }: { readonly link: ExplainedLink; readonly target: number },
): readonly Raise[] {
  return [...link.sharedWith]
    .sort((a, b) => b.rateBitsPerSec - a.rateBitsPerSec)
    .slice(0, SHARERS_TRIED)
    .flatMap(({ migrationId }): Raise[] => {
      const rate = rateWithout(state, near, migration.id, migrationId);
      return rate > target * (1 + FULL)
        ? [{ change: 'end_of', migrationId, toBitsPerSec: Math.round(rate) }]
        : [];
    });
}

const SHARERS_TRIED = 3;
/** Each try solves all of them anew. */
const TRIED_MAX = 1_000;

/**
 * All whose rates depend on this one's: those it shares links with on which not everybody can have the most that it
 * asks for, those that they share such links with, and so on. Nobody else's rate changes when one of them ends. null =
 * more than so many.
 */
function sharingWith(state: State, id: MigrationId, most: number): ReadonlySet<MigrationId> | null {
  const { topology, allocation, ledger } = state;
  const found = new Set<MigrationId>([id]);
  const seen = new Set<number>();
  for (const one of found)
    for (const { link } of allocation.demands.get(one)?.uses ?? []) {
      if (seen.has(link)) continue;
      seen.add(link);
      const linkId = topology.linkList[link]?.id;
      if (linkId === undefined || !isContended(state, linkId, link)) continue;
      for (const { reservation } of holdsOn(ledger, linkId))
        if (allocation.demands.has(reservation.migrationId)) found.add(reservation.migrationId);
      if (found.size > most) return null;
    }
  return found;
}

function isContended(state: State, id: LinkId, number: number): boolean {
  let wanted = 0;
  for (const { reservation } of holdsOn(state.ledger, id)) {
    const demand = state.allocation.demands.get(reservation.migrationId);
    for (const { link, share } of demand?.uses ?? [])
      if (link === number && demand !== undefined) wanted += share * demand.rateMax;
  }
  return wanted > capacityOf(state, id) * (1 - SAME);
}

/** Of those that depend on each other; everybody else has the most that it asks for. */
function rateWithout(
  state: State,
  near: ReadonlySet<MigrationId>,
  id: MigrationId,
  gone: MigrationId,
): number {
  const { topology, config, allocation } = state;
  const capacities = topology.linkList.map((link) => capacityOf(state, link.id));
  const allocator = allocatorFor(config.objective, capacities);
  for (const other of near) {
    const demand = allocation.demands.get(other);
    if (other === gone || demand === undefined) continue;
    allocator.put(other, allocation.relaxed.has(other) ? { ...demand, rateMin: demand.guarantee } : demand);
  }
  const solved = allocator.solve({ workMax: config.allocationWorkMax });
  return solved.status === 'infeasible' ? 0 : allocator.rate(id);
}
