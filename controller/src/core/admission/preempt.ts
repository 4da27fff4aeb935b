/**
 * Room for a request that may preempt: migrations of a lower priority give up part of what they were promised. They
 * concede as little as it takes: first what only their deadline or own least rate needs, then all but the least reservation, and only
 * then a migration is given up. The lowest priority concedes first, and of equals whoever came last.
 */
import { type Link, linkById } from '@sluice/topology';
import { type BitsPerSec, bitsPerSec, smaller, ZERO } from '@sluice/units';
import type { PathUse } from '../allocation/grant.ts';
import type { MigrationId } from '../ids.ts';
import {
  type Asker,
  freeOver,
  type Hold,
  holdsOn,
  type Ledger,
  setGuarantee,
  type Window,
} from '../ledger/index.ts';
import type { MigrationRequest } from '../request.ts';
import type { Migration, State, VmState } from '../state.ts';
import { assessWay, type Feasible, needsOf } from './assess.ts';
import { RESERVED_RATE_MIN, requiredRate } from './limits.ts';
import { findWay, roomOn } from './way.ts';

/** How much is taken: all but what converges, all but the least reservation, the migration itself. */
const CONCESSIONS = ['deadline', 'least', 'evicted'] as const;
export type Concession = (typeof CONCESSIONS)[number];

export interface Victim {
  readonly migrationId: MigrationId;
  readonly concession: Concession;
  readonly from: BitsPerSec;
  /** 0 for one that is evicted. */
  readonly to: BitsPerSec;
}

export interface Preemption {
  readonly feasible: Feasible;
  readonly victims: readonly Victim[];
  /** With what the victims concede already taken from their guarantees. */
  readonly ledger: Ledger;
}

/** Holds of one link that are looked at for what they could concede; the lowest priorities of those. */
const CANDIDATES_MAX = 1000;

interface Wanted {
  readonly rate: BitsPerSec;
  readonly window: Window;
  readonly asker: Asker;
  readonly priority: number;
}

/** Null when no concession of others makes room for it. */
export function preempt(state: State, request: MigrationRequest, vm: VmState): Preemption | null {
  const { needed, window } = needsOf(state, request, vm);
  if (needed === null) return null;
  const asker = { own: null, extraFloor: request.applicationFloor };
  const wanted: Wanted = { rate: needed, window, asker, priority: request.priority };
  for (const concession of CONCESSIONS) {
    const cleared = clear(state, request, vm, wanted, concession);
    if (cleared === null) continue;
    const { victims, ledger } = cleared;
    const assessment = assessWay({ ...state, ledger }, request, vm, asker);
    if (assessment.ok) return { feasible: assessment, victims, ledger };
  }
  return null;
}

interface Cleared {
  readonly victims: readonly Victim[];
  readonly ledger: Ledger;
}

/** A way that concessions up to this one can clear, and the fewest that do. */
function clear(
  state: State,
  request: MigrationRequest,
  vm: VmState,
  wanted: Wanted,
  concession: Concession,
): Cleared | null {
  const { rate, window, asker } = wanted;
  const use = findWay(state, {
    source: vm.hostId,
    destination: request.destination,
    rate,
    window,
    asker,
    room: (link) => roomAfter(state, link, wanted, concession),
  });
  return use && clearWay(state, use, wanted, concession);
}

/** What a cable would have if all that may did concede: an upper bound, because they need not overlap. */
function roomAfter(state: State, link: Link, wanted: Wanted, concession: Concession): BitsPerSec {
  const room = roomOn(state, link, wanted.window, wanted.asker);
  if (room >= wanted.rate) return room;
  const { reverseFraction } = state.config;
  const after = (at: Link): number =>
    candidatesOn(state, at, wanted, concession).reduce<number>(
      (total, { hold, victim }) =>
        total + (victim.from - victim.to) * (hold.reservation.path.includes(at.id) ? 1 : reverseFraction),
      freeOver(state, at.id, wanted.window, wanted.asker),
    );
  const there = after(link);
  if (reverseFraction === 0) return bitsPerSec(there);
  const back = Math.max(0, after(linkById(state.topology, link.reverse)) - 1) / reverseFraction;
  return bitsPerSec(Math.min(there, back));
}

interface Candidate {
  readonly hold: Hold;
  readonly victim: Victim;
}

/** Who may concede something on a link, in the order in which they do. */
function candidatesOn(
  state: State,
  link: Link,
  wanted: Wanted,
  concession: Concession,
): readonly Candidate[] {
  const found: Candidate[] = [];
  for (const hold of holdsOn(state.ledger, link.id)) {
    if (hold.priority >= wanted.priority || !overlaps(hold.window, wanted.window)) continue;
    const migration = state.migrations.get(hold.reservation.migrationId);
    if (migration === undefined || !mayConcede(migration)) continue;
    const to = concededBy(state, migration, hold, concession);
    if (to >= hold.guarantee) continue;
    found.push({ hold, victim: { migrationId: migration.id, concession, from: hold.guarantee, to } });
  }
  found.sort((a, b) => a.hold.priority - b.hold.priority || b.hold.reservation.id - a.hold.reservation.id);
  return found.slice(0, CANDIDATES_MAX);
}

const overlaps = (a: Window, b: Window): boolean =>
  (b.until === null || a.from < b.until) && (a.until === null || b.from < a.until);

/**
 * Once the VM is about to stop, or has, taking its rate would only make the downtime longer; a post-copy cannot even
 * be given up. Until the source says that the VM has moved the phase does not tell.
 */
const mayConcede = ({ phase, outcome, isSwitchoverOrdered, postcopy }: Migration): boolean =>
  outcome === null &&
  !isSwitchoverOrdered &&
  postcopy === null &&
  (phase === 'held' ||
    phase === 'scheduled' ||
    phase === 'preparing' ||
    phase === 'installing' ||
    phase === 'precopy');

function concededBy(state: State, migration: Migration, hold: Hold, concession: Concession): BitsPerSec {
  if (concession === 'evicted') return ZERO.rate;
  if (concession === 'least') return smaller(hold.guarantee, RESERVED_RATE_MIN);
  const { request, vm } = migration;
  const open = { ...request, deadline: null, rateMin: null };
  return requiredRate(state, open, vm, hold.guarantee) ?? hold.guarantee;
}

/** Takes one concession after the other until the way has room, then gives back those that were not needed. */
function clearWay(state: State, use: PathUse, wanted: Wanted, concession: Concession): Cleared | null {
  const links = use.path.map((id) => linkById(state.topology, id));
  const isFull = (ledger: Ledger, link: Link) =>
    roomOn({ ...state, ledger }, link, wanted.window, wanted.asker) < wanted.rate;
  const taken = new Map<MigrationId, Candidate>();
  let { ledger } = state;
  for (const link of links)
    for (const side of [link, linkById(state.topology, link.reverse)]) {
      if (!isFull(ledger, link)) break;
      for (const candidate of candidatesOn(state, side, wanted, concession)) {
        if (taken.has(candidate.victim.migrationId)) continue;
        taken.set(candidate.victim.migrationId, candidate);
        ledger = setGuarantee(ledger, candidate.hold.reservation.id, candidate.victim.to);
        if (!isFull(ledger, link)) break;
      }
    }
  if (links.some((link) => isFull(ledger, link))) return null;
  for (const [id, candidate] of [...taken].reverse()) {
    const back = setGuarantee(ledger, candidate.hold.reservation.id, candidate.victim.from);
    if (links.some((link) => isFull(back, link))) continue;
    ledger = back;
    taken.delete(id);
  }
  return { ledger, victims: [...taken.values()].map(({ victim }) => victim) };
}
