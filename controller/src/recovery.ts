/**
 * What an earlier process left unfinished: its migrations are failed, their reservations deleted, and both hosts
 * told to give up. The source VM goes on in every case; the adapters remove what the earlier epoch left in switches.
 */
import type { HostId } from '@sluice/topology';
import type { Effect } from './core/index.ts';
import { isTerminal, type MigrationRecord, type Store } from './store/index.ts';

const REASON = 'controller_restarted';

export interface Recovered {
  /** All that is kept, as it stands now, in order of admission. */
  readonly migrations: readonly MigrationRecord[];
  readonly failed: readonly MigrationRecord[];
  /** Reservations that were deleted. */
  readonly released: number;
  readonly unreadable: number;
  /** To be run once the agents can be reached. */
  readonly effects: readonly Effect[];
}

/** @throws StoreFailure */
export async function recover(store: Store, endedAt: string): Promise<Recovered> {
  const { records, unreadable } = await store.migrations();
  const migrations = records.map((record) =>
    isTerminal(record.phase) ? record : failedRecord(record, endedAt),
  );
  const failed = migrations.filter((record, index) => record !== records[index]);
  for (const record of failed) {
    if (record.receipt) await store.saveReceipt(record.receipt);
    await store.saveMigration(record);
  }
  const abandoned = await store.reservations();
  for (const { id } of abandoned) await store.deleteReservation(id);
  return {
    migrations,
    failed,
    released: abandoned.length,
    unreadable,
    effects: failed.flatMap(cancelOnBothSides),
  };
}

function failedRecord(record: MigrationRecord, endedAt: string): MigrationRecord {
  const { rounds } = record;
  const total = (pick: (round: MigrationRecord['rounds'][number]) => number) =>
    rounds.reduce((sum, round) => sum + pick(round), 0);
  return {
    ...record,
    phase: 'failed',
    outcome: 'failed',
    reason: REASON,
    reasonDetail: 'the controller ended while the migration was under way',
    reservationId: null,
    endedAt,
    receipt: {
      migrationId: record.id,
      outcome: 'failed',
      reason: REASON,
      // Wall-clock times of one machine, only shown: the monotonic clock of the earlier process is gone.
      totalTimeSec: Math.max(0, (Date.parse(endedAt) - Date.parse(record.admittedAt)) / 1000),
      downtimeSec: null,
      transferredBytes: total(({ transferredBytes }) => transferredBytes),
      storageBytes: record.storage?.copiedBytes ?? null,
      energyJoule: total(({ energyJoule }) => energyJoule),
      deadlineMet: null,
      downtimeLimitMet: null,
      checkedPages: null,
      rounds,
    },
  };
}

const cancelOnBothSides = ({ id, source, destination }: MigrationRecord): Effect[] =>
  [source, destination].map((hostId) => ({
    kind: 'send_command',
    hostId: hostId as HostId,
    command: { kind: 'cancel_migration', migrationId: id, reason: REASON },
  }));
