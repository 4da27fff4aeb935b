/** From the destination that listens to the source that sends: install, start, started. */
import type { AgentReport } from '@sluice/agents/contract';
import { amend, holdOf, queueTargets } from '../ledger/index.ts';
import { andThen, announce, ignored, result, type Step, save } from '../result.ts';
import type { Migration, State } from '../state.ts';
import { startMigration } from './commands.ts';
import { askForCounters, queueNow } from './measurement.ts';

type IncomingPrepared = Extract<AgentReport, { kind: 'incoming_prepared' }>;

/** The destination listens: the way is prepared, or without a reservation the source starts at once. */
export function onIncomingPrepared(state: State, migration: Migration, report: IncomingPrepared): Step {
  if (migration.phase !== 'preparing' || migration.listening !== null)
    return ignored(state, migration, report.kind, 'listens_already');
  const listening = { ip: report.ip, port: report.port };
  const heard: Migration = { ...migration, listening, lastProgress: state.now };
  if (heard.reservationId === null)
    return andThen(save(state, heard), (next) => result(next, startMigration(next, heard, listening)));
  const { reservation } = holdOf(state.ledger, heard.reservationId);
  const complete = {
    ...reservation,
    match: { ...reservation.match, destinationIp: report.ip, destinationPort: report.port },
  };
  const installing: Migration = { ...heard, phase: 'installing', networkPending: 'install' };
  return andThen(save({ ...state, ledger: amend(state.ledger, complete) }, installing), (next) =>
    result(
      next,
      { kind: 'save_reservation', reservation: complete },
      {
        kind: 'install_reservation',
        reservation: complete,
        queues: queueTargets(next.topology, next.ledger, complete),
      },
    ),
  );
}

/** The network is ready. The counters are read before anything is sent, as the baseline of round 0. */
export function onInstalled(state: State, migration: Migration): Step {
  if (migration.phase !== 'installing' || migration.listening === null) return result(state);
  const { listening } = migration;
  const ready: Migration = {
    ...migration,
    networkPending: null,
    lastProgress: state.now,
    queueAtRoundStart: queueNow(state, migration),
  };
  return andThen(
    andThen(save(state, ready), (next) => askForCounters(next, ready)),
    (next) => result(next, startMigration(next, ready, listening)),
  );
}

export function onStarted(state: State, migration: Migration): Step {
  if (migration.startedAt !== null || migration.listening === null)
    return ignored(state, migration, 'migration_started', 'not_awaited');
  const started: Migration = {
    ...migration,
    phase: 'precopy',
    startedAt: state.now,
    lastProgress: state.now,
  };
  return andThen(save(state, started), (next) =>
    result(
      next,
      announce('migration_started', started.id, {
        vmId: started.vm.id,
        source: started.source,
        destination: started.destination,
        reservedBitsPerSec: started.roundRate,
      }),
    ),
  );
}
