/** From the destination that listens to the source that sends: install, start, started. */

import type { AgentReport } from '@sluice/agents/contract';
import { balance } from '../changes/balance.ts';
import { installIfReady } from '../changes/install.ts';
import { migrationWith, stateWith } from '../copies.ts';
import { amend, holdOf } from '../ledger/index.ts';
import { forwardingIfMoved } from '../lookups.ts';
import { onRecoveryInstalled, onRecoveryPrepared, orderPostcopy } from '../mechanism/postcopy.ts';
import { andThen, announce, ignored, result, type Step, save, withMigration } from '../result.ts';
import type { Migration, State } from '../state.ts';
import { startMigration } from './commands.ts';
import { askForCounters, queueNow } from './measurement.ts';

type IncomingPrepared = Extract<AgentReport, { kind: 'incoming_prepared' }>;

/** The destination listens: the way is prepared, or without a reservation the source starts at once. */
export function onIncomingPrepared(state: State, migration: Migration, report: IncomingPrepared): Step {
  if (migration.postcopy?.state === 'recovering') return onRecoveryPrepared(state, migration, report);
  if (migration.phase !== 'preparing' || migration.listening !== null)
    return ignored(state, migration, report.kind, 'listens_already');
  const storage = report.storagePort === undefined ? {} : { storagePort: report.storagePort };
  const listening = { ip: report.ip, port: report.port, ...storage };
  const heard: Migration = migrationWith(migration, { listening, lastProgress: state.now });
  if (heard.reservationId === null)
    return andThen(save(state, heard), (next) => result(next, startMigration(next, heard, listening)));
  const { reservation } = holdOf(state.ledger, heard.reservationId);
  const complete = {
    ...reservation,
    match: { ...reservation.match, destinationIp: report.ip, destinationPort: report.port, ...storage },
  };
  const known = withMigration(stateWith(state, { ledger: amend(state.ledger, complete) }), heard);
  const installed = installIfReady(known, heard.id);
  if (installed.effects.length > 0) return installed;
  return andThen(save(known, heard), (next) => result(next, announce('waiting_for_room', heard.id)));
}

/** The network is ready. The counters are read before anything is sent, as the baseline of round 0. */
export function onInstalled(state: State, migration: Migration): Step {
  if (migration.postcopy !== null) return onRecoveryInstalled(state, migration);
  if (migration.phase !== 'installing' || migration.listening === null) return result(state);
  const { listening } = migration;
  const ready: Migration = migrationWith(migration, {
    networkPending: null,
    lastProgress: state.now,
    queueAtRoundStart: queueNow(state, migration),
    rateSteps: migration.roundRate === null ? [] : [{ at: state.now, rate: migration.roundRate }],
  });
  return andThen(
    andThen(save(state, ready), (next) => askForCounters(next, ready)),
    (next) => result(next, startMigration(next, ready, listening)),
  );
}

export function onStarted(state: State, migration: Migration): Step {
  const isAwaited = migration.reservationId === null || migration.phase === 'installing';
  if (migration.startedAt !== null || migration.listening === null || !isAwaited)
    return ignored(state, migration, 'migration_started', 'not_awaited');
  const started: Migration = migrationWith(migration, {
    phase: 'precopy',
    startedAt: state.now,
    lastProgress: state.now,
  });
  const told = andThen(save(state, started), (next) =>
    result(
      next,
      ...forwardingIfMoved(state, next),
      announce('migration_started', started.id, {
        vmId: started.vm.id,
        source: started.source,
        destination: started.destination,
        reservedBitsPerSec: started.roundRate,
      }),
    ),
  );
  if (started.mechanism.name === 'postcopy')
    return andThen(told, (next) => orderPostcopy(next, started, started.mechanism.reason));
  return andThen(told, (next) => balance(next, [started.id]));
}
