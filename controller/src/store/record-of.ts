/** From the core's data to records: the one place where units leave the types and enter the names. */
import { type Instant, toSeconds } from '@sluice/units';
import type { Migration, Prediction, Receipt, Reservation, RoundRecord } from '../core/index.ts';
import type { MigrationRecord, PredictionRecord, ReceiptRecord, ReservationRecord } from './records.ts';

interface Context {
  readonly epoch: number;
  readonly iso: (at: Instant) => string;
  readonly prediction: PredictionRecord | null;
}

export function migrationRecordOf(
  migration: Migration,
  { epoch, iso, prediction }: Context,
): MigrationRecord {
  const { request, vm } = migration;
  return {
    id: migration.id,
    vm: vm.id,
    source: migration.source,
    destination: migration.destination,
    policy: request.policy,
    phase: migration.phase,
    outcome: migration.outcome,
    reason: migration.reason,
    reasonDetail: migration.reasonDetail,
    mechanism: { name: migration.mechanism.name, reason: migration.mechanism.reason },
    limits: {
      deadlineSec: request.deadline === null ? null : toSeconds(request.deadline),
      downtimeLimitSec: toSeconds(request.downtimeLimit),
      rateMinBitsPerSec: request.rateMin,
      rateMaxBitsPerSec: request.rateMax,
      roundsMax: request.roundsMax,
      applicationFloorBitsPerSec: request.applicationFloor,
    },
    vmProfile: {
      mac: vm.mac,
      ip: vm.ip,
      memoryBytes: vm.memory,
      dirtyRateBytesPerSec: vm.dirtyRate,
      workingSetBytes: vm.workingSet,
    },
    reservationId: migration.reservationId,
    path: [...migration.path],
    reversePath: [...migration.reversePath],
    admittedAt: iso(migration.admittedAt),
    startedAt: migration.startedAt === null ? null : iso(migration.startedAt),
    stoppedAt: migration.stoppedAt === null ? null : iso(migration.stoppedAt),
    resumedAt: migration.resumedAt === null ? null : iso(migration.resumedAt),
    endedAt: migration.endedAt === null ? null : iso(migration.endedAt),
    storage: migration.storage && {
      copiedBytes: migration.storage.copied,
      totalBytes: migration.storage.total,
    },
    rounds: migration.rounds.map(roundRecordOf),
    prediction,
    receipt: migration.receipt && receiptRecordOf(migration.receipt),
    epoch,
  };
}

export const predictionRecordOf = (prediction: Prediction): PredictionRecord => ({
  rateBitsPerSec: prediction.rate,
  rounds: prediction.rounds,
  totalTimeSec: toSeconds(prediction.totalTime),
  downtimeSec: toSeconds(prediction.downtime),
  transferredBytes: prediction.transferred,
  energyJoule: prediction.energy,
});

export const receiptRecordOf = (receipt: Receipt): ReceiptRecord => ({
  migrationId: receipt.migrationId,
  outcome: receipt.outcome,
  reason: receipt.reason,
  totalTimeSec: toSeconds(receipt.totalTime),
  downtimeSec: receipt.downtime === null ? null : toSeconds(receipt.downtime),
  transferredBytes: receipt.transferred,
  storageBytes: receipt.storage,
  energyJoule: receipt.energy,
  deadlineMet: receipt.deadlineMet,
  downtimeLimitMet: receipt.downtimeLimitMet,
  checkedPages: receipt.checkedPages,
  rounds: receipt.rounds.map(roundRecordOf),
});

export const reservationRecordOf = (reservation: Reservation, epoch: number): ReservationRecord => ({
  id: reservation.id,
  migrationId: reservation.migrationId,
  path: [...reservation.path],
  reversePath: [...reservation.reversePath],
  rateBitsPerSec: reservation.rate,
  reverseRateBitsPerSec: reservation.reverseRate,
  match: { ...reservation.match },
  epoch,
});

export const roundRecordOf = (round: RoundRecord): MigrationRecord['rounds'][number] => ({
  round: round.round,
  phase: round.phase,
  reservedBitsPerSec: round.reservedRate,
  rateChanges: round.rateChanges,
  measuredBitsPerSec: round.measuredRate,
  measuredFrom: round.measuredFrom,
  durationSec: toSeconds(round.duration),
  transferredBytes: round.transferred,
  wireBytes: round.wireBytes,
  remainingBytes: round.remaining,
  dirtyRateBytesPerSec: round.dirtyRate,
  energyJoule: round.energy,
});
