/** Time has passed: lost agents, and migrations of which nothing has been heard for too long. */

import type { HostId } from '@sluice/topology';
import { elapsed, type Instant } from '@sluice/units';
import { beginDue, extendOverdue } from '../admission/waiting.ts';
import { lowerSilent } from '../changes/lowered.ts';
import { migrationWith, stateWith } from '../copies.ts';
import { agentAlive, liveMigrations } from '../lookups.ts';
import { andThen, announce, result, type Step, withMigration } from '../result.ts';
import type { HostState, Migration, State } from '../state.ts';
import {
  absenceDue,
  awaitedOf,
  dueAt,
  earliest,
  needsBothAgents,
  networkDue,
  newsDue,
  rerouteDue,
} from './due.ts';
import { endMigration } from './ending.ts';

export const onTick = (state: State): Step => andThen(andThen(loseAgents(state), beginDue), lookAfter);

/** All live ones, but only once one of them may be overdue: there are thousands of them and four ticks in a second. */
function lookAfter(state: State): Step {
  if (state.checkAt === null || state.checkAt > state.now) return result(state);
  let step = result(state);
  for (const migration of liveMigrations(state))
    step = andThen(step, (next) => checkTime(extendOverdue(next, migration), migration));
  return { ...step, state: stateWith(step.state, { checkAt: nextCheck(step.state) }) };
}

function nextCheck(state: State): Instant | null {
  let next: Instant | null = null;
  for (const migration of liveMigrations(state)) next = earliest(next, dueAt(state, migration));
  return next;
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
  const told = result(stateWith(state, { hosts }), announce('agent_lost', null, { hostId }));
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
  const isOver = (due: Instant | null) => due !== null && state.now > due;
  if (migration.postcopy === null && isOver(rerouteDue(state, migration)))
    return endMigration(state, migration, {
      outcome: 'failed',
      reason: 'link_down',
      detail: 'no room on another way in time',
    });
  if (isOver(networkDue(state, migration)))
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
  const awaited = awaitedOf(migration);
  if (awaited === null || !isOver(newsDue(state, migration))) return result(state);
  const silence = Math.round(elapsed(migration.lastProgress, state.now));
  return endMigration(state, migration, {
    outcome: 'failed',
    reason: awaited,
    detail: `nothing heard for ${silence} ms`,
  });
}

/** What follows a VM flows on as it did; the ledger goes on counting the larger of both rates. */
const keepRate = (state: State, migration: Migration): Step =>
  result(
    withMigration(state, migrationWith(migration, { networkPending: null })),
    announce('rate_kept', migration.id, { detail: 'the network has not answered' }),
  );

/** An interrupted post-copy is recovered through both agents; a host that has none for so long is taken for lost. */
const absentTooLong = (state: State, migration: Migration): HostId | null =>
  needsBothAgents(migration)
    ? ([migration.source, migration.destination].find((hostId) => state.now > absenceDue(state, hostId)) ??
      null)
    : null;
