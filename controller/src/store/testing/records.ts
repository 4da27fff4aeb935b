/** Records for tests. */
import type { EventRecord, MigrationRecord, ReceiptRecord, ReservationRecord } from '../records.ts';

export const migrationRecord = (changes: Partial<MigrationRecord> = {}): MigrationRecord => ({
  id: 'mig-1',
  vm: 'web',
  source: 'h1',
  destination: 'h2',
  policy: 'bda',
  phase: 'precopy',
  outcome: null,
  reason: null,
  reasonDetail: null,
  mechanism: { name: 'precopy', reason: 'asked' },
  limits: {
    deadlineSec: null,
    downtimeLimitSec: 0.3,
    rateMinBitsPerSec: null,
    rateMaxBitsPerSec: 60e6,
    roundsMax: 30,
    applicationFloorBitsPerSec: null,
  },
  vmProfile: {
    mac: '02:00:00:00:01:01',
    ip: '10.0.0.101',
    memoryBytes: 134_217_728,
    dirtyRateBytesPerSec: 2e6,
    workingSetBytes: 33_554_432,
  },
  reservationId: 1,
  path: ['h1>s1:1', 's1:2>h2'],
  reversePath: ['h2>s1:2', 's1:1>h1'],
  admittedAt: '2026-11-21T10:00:00.000Z',
  startedAt: null,
  stoppedAt: null,
  resumedAt: null,
  endedAt: null,
  storage: null,
  rounds: [],
  prediction: null,
  receipt: null,
  epoch: 1,
  ...changes,
});

export const receiptRecord = (changes: Partial<ReceiptRecord> = {}): ReceiptRecord => ({
  migrationId: 'mig-1',
  outcome: 'completed',
  reason: null,
  totalTimeSec: 24.5,
  downtimeSec: 0.21,
  transferredBytes: 180e6,
  storageBytes: null,
  energyJoule: 12,
  deadlineMet: null,
  downtimeLimitMet: true,
  checkedPages: 32_768,
  rounds: [],
  ...changes,
});

export const reservationRecord = (changes: Partial<ReservationRecord> = {}): ReservationRecord => ({
  id: 1,
  migrationId: 'mig-1',
  path: ['h1>s1:1', 's1:2>h2'],
  reversePath: ['h2>s1:2', 's1:1>h1'],
  rateBitsPerSec: 60e6,
  reverseRateBitsPerSec: 1.8e6,
  match: { sourceIp: '10.0.0.1', destinationIp: '10.0.0.2', destinationPort: 40_001 },
  epoch: 1,
  ...changes,
});

export const eventRecord = (id: string, changes: Partial<EventRecord> = {}): EventRecord => ({
  id,
  source: 'sluice',
  type: 'round_finished',
  time: '2026-11-21T10:00:01.000Z',
  subject: 'mig-1',
  data: { round: 0 },
  ...changes,
});
