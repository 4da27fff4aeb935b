/** From the paused VM to the one that runs at the destination: traffic follows the VM, then the network is cleared. */

import type { AgentReport } from '@sluice/agents/contract';
import { bytes, bytesPerSec, fromSeconds, joules } from '@sluice/units';
import { migrationWith } from '../copies.ts';
import { forwardingIfMoved } from '../lookups.ts';
import { andThen, announce, ignored, result, type Step, save, withMigration, withVm } from '../result.ts';
import type { Migration, RoundRecord, State } from '../state.ts';
import { clearNetwork } from './ending.ts';
import { vmOf } from './hosts.ts';
import { askForCounters, nicRate, withEnergy } from './measurement.ts';
import { ratesOf, tellRound, tellUnmeasured } from './rounds.ts';

type Stopped = Extract<AgentReport, { kind: 'vm_stopped' }>;
type Resumed = Extract<AgentReport, { kind: 'vm_resumed' }>;
type Completed = Extract<AgentReport, { kind: 'migration_completed' }>;

/** The source has paused the VM: nobody there answers any more, so its traffic may already go to the destination. */
export function onStopped(state: State, migration: Migration, report: Stopped): Step {
  if (migration.stoppedAt !== null) return ignored(state, migration, report.kind, 'stopped_already');
  const stopped: Migration = migrationWith(migration, {
    phase: 'stop_and_copy',
    stoppedAt: state.now,
    lastProgress: state.now,
    boundary: null,
    lowering: null,
  });
  const told = tellUnmeasured(state, migration);
  return andThen(
    andThen(told, (next) => save(next, stopped)),
    (next) =>
      result(
        next,
        ...forwardingIfMoved(state, next),
        announce('vm_stopped', stopped.id, {
          hostId: stopped.source,
          remainingBytes: report.remainingBytes,
        }),
      ),
  );
}

/** The VM runs at the destination. Reports of two hosts may overtake each other, so this may come before vm_stopped. */
export function onResumed(state: State, migration: Migration, report: Resumed): Step {
  if (migration.resumedAt !== null) return ignored(state, migration, report.kind, 'resumed_already');
  const resumed: Migration = migrationWith(migration, {
    ...(migration.postcopy === null || migration.outcome !== null ? {} : { phase: 'postcopy' as const }),
    resumedAt: state.now,
    lastProgress: state.now,
  });
  return andThen(
    save(withVm(state, vmOf(migration.destination, report.vm, migration.vm)), reviveIfGivenUp(resumed)),
    (next) =>
      result(
        next,
        ...forwardingIfMoved(state, next),
        announce('vm_resumed', resumed.id, { hostId: resumed.destination }),
      ),
  );
}

/** The source has the destination's word. What it measured closes the books of the migration. */
export function onCompleted(state: State, migration: Migration, report: Completed): Step {
  if (migration.completion !== null) return ignored(state, migration, report.kind, 'completed_already');
  const record = finalRecord(state, migration, report);
  const completed: Migration = {
    ...reviveIfGivenUp(migrationWith(migration, { resumedAt: migration.resumedAt ?? state.now })),
    rounds: [...migration.rounds, record],
    completion: {
      at: state.now,
      downtime: fromSeconds(report.downtimeSec),
      transferred: bytes(report.transferredBytes),
      checkedPages: report.checkedPages,
    },
    outcome: 'completed',
  };
  const vm = state.vms.get(migration.vm.id) ?? migration.vm;
  const moved = withVm(state, { ...vm, hostId: migration.destination, runState: 'running' });
  const saved =
    migration.phase === 'releasing' ? save(moved, completed) : result(withMigration(moved, completed));
  const placed = andThen(saved, (next) => result(next, ...forwardingIfMoved(state, next)));
  if (migration.phase === 'releasing') return placed;
  const asked = andThen(placed, (next) =>
    completed.reservationId === null ? tellRound(next, completed, record) : askForCounters(next, completed),
  );
  return andThen(asked, (next) => clearNetwork(next, next.migrations.get(completed.id) ?? completed));
}

/** Given up a moment too late: the VM had moved already, so the migration has completed after all. */
const reviveIfGivenUp = (migration: Migration): Migration =>
  migration.outcome === null || migration.outcome === 'completed'
    ? migration
    : migrationWith(migration, { outcome: 'completed' });

function finalRecord(state: State, migration: Migration, report: Completed): RoundRecord {
  const { transferredBytes, durationSec, wireBytes } = report.stopAndCopy;
  const base: RoundRecord = {
    round: migration.rounds.length,
    phase: migration.postcopy === null ? 'stop_and_copy' : 'postcopy',
    ...ratesOf(state, migration),
    measuredRate: null,
    measuredFrom: null,
    duration: fromSeconds(durationSec),
    transferred: bytes(transferredBytes),
    wireBytes: bytes(wireBytes),
    remaining: bytes(0),
    dirtyRate: bytesPerSec(0),
    energy: joules(0),
  };
  return withEnergy(state, migration.reservationId === null ? byNic(base) : base);
}

/** Without a reservation the NIC's own counters are all there is. */
const byNic = (record: RoundRecord): RoundRecord => ({
  ...record,
  measuredRate: nicRate(record),
  measuredFrom: 'nic',
});
