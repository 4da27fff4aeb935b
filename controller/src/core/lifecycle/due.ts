/**
 * Until when a live migration may go on without news. It depends on the migration and its hold alone, so whoever writes
 * one knows when the next tick has to look after it (`State.checkAt`).
 */
import { type HostId, linksOfPath } from '@sluice/topology';
import {
  type BitsPerSec,
  type Instant,
  later,
  type Millis,
  meanRate,
  millis,
  scale,
  smaller,
  transferTime,
} from '@sluice/units';
import { payloadRate } from '../allocation/grant.ts';
import type { Migration, State } from '../state.ts';

/** Before this instant a tick has nothing to do for it; null = nothing has a limit. */
export function dueAt(state: State, migration: Migration): Instant | null {
  const promised = promisedUntil(state, migration);
  if (migration.lowering !== null) return earliest(promised, loweringDue(state, migration.lowering));
  let first = earliest(earliest(promised, networkDue(state, migration)), newsDue(state, migration));
  if (migration.postcopy === null) first = earliest(first, rerouteDue(state, migration));
  if (!needsBothAgents(migration)) return first;
  first = earliest(first, absenceDue(state, migration.source));
  return earliest(first, absenceDue(state, migration.destination));
}

/** Of two, because an array of them for every migration that is written would be felt. */
export const earliest = (a: Instant | null, b: Instant | null): Instant | null =>
  a === null || (b !== null && b < a) ? b : a;

/** The end of what the hold of a migration promises; null = it promises for good, or nothing any more. */
export const promisedUntil = (state: State, { reservationId, outcome }: Migration): Instant | null =>
  reservationId === null || outcome !== null
    ? null
    : (state.ledger.holds.get(reservationId)?.window.until ?? null);

/** The sender answers, or the network goes down all the same. */
export const loweringDue = ({ config }: State, { askedAt }: NonNullable<Migration['lowering']>): Instant =>
  later(askedAt, config.lowerTimeout);

/** Others were asked to make room on the new way, or the network to change over. */
export const rerouteDue = (
  { config }: State,
  { rerouteFrom, networkPending, networkAskedAt }: Migration,
): Instant | null =>
  rerouteFrom === null || networkPending === 'remove' || networkAskedAt === null
    ? null
    : later(networkAskedAt, config.stepTimeout);

/** An interrupted post-copy. */
export const needsBothAgents = ({ postcopy }: Migration): boolean =>
  postcopy?.state === 'paused' || postcopy?.state === 'recovering';

/** The longer an agent is heard the later; one that has never been heard is not missed before it is. */
export const absenceDue = ({ hosts, now, config }: State, hostId: HostId): Instant =>
  later(hosts.get(hostId)?.lastSeen ?? now, millis(config.agentLease + config.progressTimeout));

/** Rounds go on during a resize at the old rate, so no silence would tell. */
export const networkDue = (
  { config }: State,
  { networkPending, networkAskedAt }: Migration,
): Instant | null =>
  networkPending === 'resize' && networkAskedAt !== null ? later(networkAskedAt, config.stepTimeout) : null;

/** When the next news must have come; null = none is awaited. */
export function newsDue(state: State, migration: Migration): Instant | null {
  const awaited = awaitedOf(migration);
  return awaited === null ? null : later(migration.lastProgress, limitOf(state, migration, awaited));
}

/** What is wrong when the next news does not come. */
type Overdue =
  | 'prepare_timeout'
  | 'start_timeout'
  | 'no_room'
  | 'install_timeout'
  | 'no_progress'
  | 'completion_unreported'
  | 'postcopy_silent';

/** What must happen next, by what is wrong if it does not. Releasing has no limit: removal always ends. */
export function awaitedOf(migration: Migration): Overdue | null {
  switch (migration.phase) {
    case 'preparing':
      if (migration.listening === null) return 'prepare_timeout';
      return migration.reservationId === null ? 'start_timeout' : 'no_room';
    case 'installing':
      return migration.networkPending === 'install' ? 'install_timeout' : 'start_timeout';
    case 'precopy':
    case 'stop_and_copy':
      return migration.resumedAt === null ? 'no_progress' : 'completion_unreported';
    case 'postcopy':
      return needsBothAgents(migration) ? null : 'postcopy_silent';
    default:
      return null;
  }
}

/** For how long it may be awaited. */
function limitOf(state: State, migration: Migration, awaited: Overdue): Millis {
  switch (awaited) {
    case 'no_progress':
    case 'postcopy_silent':
      return roundLimit(state, migration);
    case 'no_room':
      return state.config.progressTimeout;
    default:
      return state.config.stepTimeout;
  }
}

/** Senders report at the end of a round, so a long round gets twice the time that it should take on top. */
function roundLimit(state: State, migration: Migration): Millis {
  const last = migration.rounds.at(-1);
  const volume = migration.postcopy?.remaining ?? last?.remaining ?? migration.vm.memory;
  const before = last === undefined ? null : meanRate(last.transferred, last.duration);
  const planned =
    migration.roundRate === null
      ? (before ?? leastUnmanaged(state, migration))
      : payloadRate(state, migration.roundRate);
  const expected = planned === 0 ? millis(0) : transferTime(volume, planned);
  return millis(state.config.progressTimeout + 2 * expected);
}

/** Before its first round nobody knows what an unmanaged sender gets; not less than a share of its narrowest link. */
const leastUnmanaged = (state: State, migration: Migration): BitsPerSec =>
  scale(
    linksOfPath(state.topology, migration.path)
      .map((link) => link.capacity)
      .reduce(smaller),
    state.config.migrationShareMin,
  );
