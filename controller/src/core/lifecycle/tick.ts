/** Time has passed: lost agents, and migrations of which nothing has been heard for too long. */
import { type HostId, linksOfPath } from '@sluice/topology';
import {
  type BitsPerSec,
  elapsed,
  later,
  type Millis,
  meanRate,
  millis,
  scale,
  smaller,
  transferTime,
} from '@sluice/units';
import { beginDue, extendOverdue } from '../admission/waiting.ts';
import { payloadRate } from '../allocation/grant.ts';
import { lowerSilent } from '../changes/lowered.ts';
import { agentAlive, liveMigrations } from '../lookups.ts';
import { andThen, announce, result, type Step, withMigration } from '../result.ts';
import type { HostState, Migration, State } from '../state.ts';
import { endMigration } from './ending.ts';

export function onTick(state: State): Step {
  return andThen(andThen(loseAgents(state), beginDue), (next) =>
    liveMigrations(next).reduce(
      (soFar, migration) =>
        andThen(soFar, (current) => checkTime(extendOverdue(current, migration), migration)),
      result(next),
    ),
  );
}

function loseAgents(state: State): Step {
  const lost = [...state.hosts.values()].filter(
    (host) => host.lastSeen !== null && !host.agentLost && !agentAlive(state, host.host.id),
  );
  return lost.reduce((soFar, host) => andThen(soFar, (next) => loseAgent(next, host)), result(state));
}

function loseAgent(state: State, host: HostState): Step {
  const hostId = host.host.id;
  const hosts = state.hosts.set(hostId, { ...host, agentLost: true });
  const told = result({ ...state, hosts }, announce('agent_lost', null, { hostId }));
  const hit = liveMigrations(state).filter(
    (migration) =>
      // What follows a VM needs no agent: hypervisors go on, and the agent's successor takes it up.
      migration.postcopy === null && (migration.source === hostId || migration.destination === hostId),
  );
  return hit.reduce(
    (soFar, migration) =>
      andThen(soFar, (next) =>
        endMigration(next, migration, { outcome: 'failed', reason: 'agent_lost', detail: hostId }),
      ),
    told,
  );
}

function checkTime(state: State, migration: Migration): Step {
  if (migration.lowering !== null) return lowerSilent(state, migration);
  if (migration.postcopy === null && isRerouteOverdue(state, migration))
    return endMigration(state, migration, {
      outcome: 'failed',
      reason: 'link_down',
      detail: 'no room on another way in time',
    });
  if (isResizeOverdue(state, migration))
    return migration.postcopy === null
      ? endMigration(state, migration, {
          outcome: 'failed',
          reason: 'resize_timeout',
          detail: 'the network has not answered',
        })
      : keepRate(state, migration);
  const absent = absentTooLong(state, migration);
  if (absent !== null)
    return endMigration(state, migration, { outcome: 'failed', reason: 'agent_lost', detail: absent });
  const waiting = waitingFor(state, migration);
  if (waiting === null || state.now <= later(migration.lastProgress, waiting.limit)) return result(state);
  const silence = Math.round(elapsed(migration.lastProgress, state.now));
  return endMigration(state, migration, {
    outcome: 'failed',
    reason: waiting.reason,
    detail: `nothing heard for ${silence} ms`,
  });
}

/** What follows a VM flows on as it did; the ledger goes on counting the larger of both rates. */
const keepRate = (state: State, migration: Migration): Step =>
  result(
    withMigration(state, { ...migration, networkPending: null }),
    announce('rate_kept', migration.id, { detail: 'the network has not answered' }),
  );

/** Others were asked to make room on the new way, or the network to change over. */
const isRerouteOverdue = (
  state: State,
  { rerouteFrom, networkPending, networkAskedAt }: Migration,
): boolean =>
  rerouteFrom !== null &&
  networkPending !== 'remove' &&
  networkAskedAt !== null &&
  state.now > later(networkAskedAt, state.config.stepTimeout);

/** An interrupted post-copy is recovered through both agents; a host that has none for so long is taken for lost. */
function absentTooLong(state: State, { postcopy, source, destination }: Migration): HostId | null {
  if (postcopy?.state !== 'paused' && postcopy?.state !== 'recovering') return null;
  const { agentLease, progressTimeout } = state.config;
  const limit = millis(agentLease + progressTimeout);
  const isAbsent = (hostId: HostId): boolean => {
    const lastSeen = state.hosts.get(hostId)?.lastSeen ?? null;
    return lastSeen !== null && state.now > later(lastSeen, limit);
  };
  return [source, destination].find(isAbsent) ?? null;
}

/** Rounds go on meanwhile at the old rate, so no silence would tell. */
const isResizeOverdue = (state: State, { networkPending, networkAskedAt }: Migration): boolean =>
  networkPending === 'resize' &&
  networkAskedAt !== null &&
  state.now > later(networkAskedAt, state.config.stepTimeout);

/** What must happen next, and for how long it may be awaited. Releasing has no limit: removal always ends. */
function waitingFor(
  state: State,
  migration: Migration,
): { readonly limit: Millis; readonly reason: string } | null {
  const { stepTimeout } = state.config;
  switch (migration.phase) {
    case 'preparing':
      if (migration.listening === null) return { limit: stepTimeout, reason: 'prepare_timeout' };
      return migration.reservationId === null
        ? { limit: stepTimeout, reason: 'start_timeout' }
        : { limit: state.config.progressTimeout, reason: 'no_room' };
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
      return migration.postcopy?.state === 'paused' || migration.postcopy?.state === 'recovering'
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
