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
  return earliest(
    promised,
    networkDue(state, migration),
    migration.postcopy === null ? rerouteDue(state, migration) : null,
    newsDue(state, migration)?.at ?? null,
    ...(needsBothAgents(migration)
      ? [absenceDue(state, migration.source), absenceDue(state, migration.destination)]
      : []),
  );
}

export function earliest(...instants: readonly (Instant | null)[]): Instant | null {
  let first: Instant | null = null;
  for (const one of instants) if (one !== null && (first === null || one < first)) first = one;
  return first;
}

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

/** When the next news must have come, and what is wrong if not. */
export function newsDue(
  state: State,
  migration: Migration,
): { readonly at: Instant; readonly reason: string } | null {
  const waiting = waitingFor(state, migration);
  return waiting === null
    ? null
    : { at: later(migration.lastProgress, waiting.limit), reason: waiting.reason };
}

/** What must happen next, and for how long it may be awaited. Releasing has no limit: removal always ends. */
function waitingFor(
  state: State,
  migration: Migration,
): { readonly limit: Millis; readonly reason: string } | null {
  const { stepTimeout, progressTimeout } = state.config;
  switch (migration.phase) {
    case 'preparing':
      if (migration.listening === null) return { limit: stepTimeout, reason: 'prepare_timeout' };
      return migration.reservationId === null
        ? { limit: stepTimeout, reason: 'start_timeout' }
        : { limit: progressTimeout, reason: 'no_room' };
    case 'installing':
      return {
        limit: stepTimeout,
        reason: migration.networkPending === 'install' ? 'install_timeout' : 'start_timeout',
      };
    case 'precopy':
    case 'stop_and_copy':
      return migration.resumedAt === null
        ? { limit: roundLimit(state, migration), reason: 'no_progress' }
        : { limit: stepTimeout, reason: 'completion_unreported' };
    case 'postcopy':
      return needsBothAgents(migration)
        ? null
        : { limit: roundLimit(state, migration), reason: 'postcopy_silent' };
    default:
      return null;
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
