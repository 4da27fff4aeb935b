/**
 * Post-copy: the VM moves first and its memory follows. From the order on there is no way back, because neither side has
 * all of the memory; so its share of the links goes before everything else, nothing ends it but its own success or the
 * loss of a host, and a connection that breaks is taken up again over whatever way is left.
 */

import type { AgentReport } from '@sluice/agents/contract';
import { type Bytes, bytes, type Instant, later } from '@sluice/units';
import { demandOf } from '../allocation/demand.ts';
import { capsFor } from '../allocation/grant.ts';
import { reallocate } from '../allocation/reallocate.ts';
import { withDemand } from '../allocation/solver.ts';
import { balance } from '../changes/balance.ts';
import { migrationWith, stateWith } from '../copies.ts';
import type { Effect } from '../effect.ts';
import { amend, holdOf, queueTargets } from '../ledger/index.ts';
import { commandTo } from '../lifecycle/commands.ts';
import { agentAlive } from '../lookups.ts';
import { andThen, announce, ignored, result, type Step, save, withMigration } from '../result.ts';
import type { LinkId, Migration, State } from '../state.ts';

export interface Postcopy {
  /** `ordered`: the source was told. `paused`: interrupted. `recovering`: the destination was asked to listen again. */
  readonly state: 'ordered' | 'running' | 'paused' | 'recovering';
  /** What is still to come, as the source said last. */
  readonly remaining: Bytes;
  /** Since when it is in that state. */
  readonly since: Instant;
}

type PostcopyState = Extract<AgentReport, { kind: 'postcopy_state' }>;
type IncomingPrepared = Extract<AgentReport, { kind: 'incoming_prepared' }>;

/** The source is told at once; its share of the links follows, others give way to it. */
export function orderPostcopy(state: State, migration: Migration, reason: string): Step {
  const remaining = migration.rounds.at(-1)?.remaining ?? migration.vm.memory;
  const ordered: Migration = migrationWith(migration, {
    postcopy: { state: 'ordered', remaining, since: state.now },
    boundary: null,
  });
  const told = andThen(save(state, ordered), (next) =>
    result(
      next,
      commandTo(ordered.source, {
        kind: 'start_postcopy',
        migrationId: ordered.id,
        ...capsFor(next, ordered.roundRate, ordered.rounds),
      }),
      announce('postcopy_ordered', ordered.id, {
        reason,
        remainingBytes: remaining,
        reservedBitsPerSec: ordered.roundRate,
      }),
    ),
  );
  return andThen(told, (next) => askForShare(next, ordered));
}

/** How far it is, or that it was interrupted. */
export function onPostcopyState(state: State, migration: Migration, report: PostcopyState): Step {
  if (migration.postcopy === null) return ignored(state, migration, report.kind, 'not_ordered');
  const wasPaused = migration.postcopy.state === 'paused' || migration.postcopy.state === 'recovering';
  const heard: Migration = migrationWith(migration, {
    lastProgress: state.now,
    postcopy: { state: report.state, remaining: bytes(report.remainingBytes), since: state.now },
  });
  if (report.state === 'paused') {
    if (wasPaused) return stillPaused(state, { ...heard, postcopy: migration.postcopy });
    const told = andThen(save(state, heard), (next) => result(next, tellState('postcopy_paused', heard)));
    return andThen(told, (next) => tryRecovery(next, heard));
  }
  const known = wasPaused
    ? andThen(save(state, heard), (next) => result(next, tellState('postcopy_recovered', heard)))
    : result(withMigration(state, heard));
  return andThen(known, (next) => askForShare(next, heard));
}

/** It is told again and again while it lasts: a recovery that came to nothing is tried anew. */
function stillPaused(state: State, migration: Migration): Step {
  const { postcopy } = migration;
  const known = withMigration(state, migration);
  if (postcopy === null) return result(known);
  const isFruitless =
    postcopy.state === 'recovering' && state.now > later(postcopy.since, state.config.stepTimeout);
  const paused: Migration = isFruitless
    ? migrationWith(migration, {
        networkPending: null,
        postcopy: { ...postcopy, state: 'paused', since: state.now },
      })
    : migration;
  return tryRecovery(known, paused);
}

const tellState = (type: string, migration: Migration): Effect =>
  announce(type, migration.id, { remainingBytes: migration.postcopy?.remaining ?? null });

/** As soon as its way is whole again, and somebody is there to hear it, the destination listens anew. */
export function tryRecovery(state: State, migration: Migration): Step {
  const { postcopy, source, destination, networkPending } = migration;
  if (postcopy?.state !== 'paused' || !isWhole(state, migration)) return result(state);
  if (networkPending !== null) return result(state); // What was asked of it is answered first; the source tells again.
  if (!agentAlive(state, source) || !agentAlive(state, destination)) return result(state);
  const recovering: Migration = migrationWith(migration, {
    postcopy: { ...postcopy, state: 'recovering', since: state.now },
  });
  return andThen(save(state, recovering), (next) =>
    result(next, commandTo(recovering.destination, { kind: 'prepare_recovery', migrationId: recovering.id })),
  );
}

const isWhole = (state: State, { path, reversePath }: Migration): boolean =>
  ![...path, ...reversePath].some((link: LinkId) => state.linksDown.has(link));

/** The destination listens at another port: the reservation's flow entries go first, then the source. */
export function onRecoveryPrepared(state: State, migration: Migration, report: IncomingPrepared): Step {
  const listening = { ip: report.ip, port: report.port };
  const heard: Migration = migrationWith(migration, { listening, lastProgress: state.now });
  if (heard.reservationId === null)
    return andThen(save(state, heard), (next) => result(next, recover(next, heard)));
  const { reservation } = holdOf(state.ledger, heard.reservationId);
  const match = { ...reservation.match, destinationIp: report.ip, destinationPort: report.port };
  const moved = { ...reservation, match };
  const asking: Migration = { ...heard, networkPending: 'install', networkAskedAt: state.now };
  return andThen(save(stateWith(state, { ledger: amend(state.ledger, moved) }), asking), (next) =>
    result(
      next,
      { kind: 'save_reservation', reservation: moved },
      {
        kind: 'install_reservation',
        reservation: moved,
        queues: queueTargets(next.topology, next.ledger, moved),
      },
    ),
  );
}

/** The way to the new port is laid. */
export function onRecoveryInstalled(state: State, migration: Migration): Step {
  const ready: Migration = migrationWith(migration, { networkPending: null, rerouteFrom: null });
  return andThen(save(state, ready), (next) => result(next, recover(next, ready)));
}

/** The network refused: the way may be whole a moment later. */
export function onRecoveryRefused(state: State, migration: Migration, detail: string): Step {
  const { postcopy } = migration;
  if (postcopy === null) return result(state);
  const paused: Migration = migrationWith(migration, {
    networkPending: null,
    postcopy: { ...postcopy, state: 'paused', since: state.now },
  });
  return andThen(save(state, paused), (next) =>
    result(next, announce('postcopy_paused', paused.id, { detail, remainingBytes: postcopy.remaining })),
  );
}

function recover(state: State, migration: Migration): Effect {
  const { source, id, listening, roundRate, rounds } = migration;
  if (listening === null) throw new RangeError(`migration ${id} listens nowhere`);
  return commandTo(source, {
    kind: 'recover_postcopy',
    migrationId: id,
    destination: listening,
    ...capsFor(state, roundRate, rounds),
  });
}

/** What remains has another size: everybody on its links is divided anew, and it comes first. */
function askForShare(state: State, migration: Migration): Step {
  if (migration.reservationId === null) return result(state);
  const known = withDemand(state, migration.id, demandOf(state, migration, 'postcopy'));
  const divided = reallocate(known, 'postcopy', migration.id);
  const moving = divided.moved.includes(migration.id) ? divided.moved : [migration.id, ...divided.moved];
  return andThen({ state: divided.state, effects: divided.effects }, (next) => balance(next, moving));
}
