/**
 * What the store keeps and the API shows: migrations, receipts, reservations and events as plain JSON. Numbers have
 * left the types, so every name says its unit. Times are wall-clock ISO strings for people; nothing compares them.
 */
import { z } from 'zod';

const rate = z.number().min(0);
const amount = z.number().min(0);
const time = z.iso.datetime();
const path = z.array(z.string());

export const PHASES = [
  'held',
  'scheduled',
  'preparing',
  'installing',
  'precopy',
  'stop_and_copy',
  'postcopy',
  'releasing',
  'completed',
  'aborted',
  'failed',
] as const;
const outcome = z.enum(['completed', 'aborted', 'failed']);

export const roundRecordSchema = z.strictObject({
  round: z.number().int().min(0),
  phase: z.enum(['precopy', 'stop_and_copy', 'postcopy']),
  /** Layer-2 wire rate, its mean over the round; null in unmanaged migrations. */
  reservedBitsPerSec: rate.nullable(),
  /** How often that rate changed within the round. */
  rateChanges: z.number().int().min(0).default(0),
  /** Layer-2 wire rate; null when it was not measured. */
  measuredBitsPerSec: rate.nullable(),
  measuredFrom: z.enum(['queue', 'meter', 'nic']).nullable(),
  durationSec: amount,
  transferredBytes: amount,
  wireBytes: amount,
  remainingBytes: amount,
  dirtyRateBytesPerSec: amount,
  /** By the model, not measured. */
  energyJoule: amount,
});

export const receiptRecordSchema = z.strictObject({
  migrationId: z.string(),
  outcome,
  reason: z.string().nullable(),
  totalTimeSec: amount,
  downtimeSec: amount.nullable(),
  /** Of memory. */
  transferredBytes: amount,
  /** Of disks, which go before the memory; null: none were moved. */
  storageBytes: amount.nullable().default(null),
  /** Of both, by the model. */
  energyJoule: amount,
  deadlineMet: z.boolean().nullable(),
  downtimeLimitMet: z.boolean().nullable(),
  checkedPages: z.number().int().min(0).nullable(),
  rounds: z.array(roundRecordSchema),
});
export type ReceiptRecord = z.output<typeof receiptRecordSchema>;

/** By the model, from what was known at admission; promises nothing. */
export const predictionRecordSchema = z.strictObject({
  /** Wire rate of round 0. */
  rateBitsPerSec: rate,
  rounds: z.number().int().min(0),
  totalTimeSec: amount,
  downtimeSec: amount,
  transferredBytes: amount,
  energyJoule: amount,
});
export type PredictionRecord = z.output<typeof predictionRecordSchema>;

export const migrationRecordSchema = z.strictObject({
  id: z.string().min(1),
  vm: z.string(),
  source: z.string(),
  destination: z.string(),
  policy: z.string(),
  phase: z.enum(PHASES),
  outcome: outcome.nullable(),
  /** The code of what ended it, and the same for people. */
  reason: z.string().nullable(),
  reasonDetail: z.string().nullable(),
  /** How its memory is moved, and why so. */
  mechanism: z.strictObject({ name: z.string(), reason: z.string() }),
  limits: z.strictObject({
    deadlineSec: amount.nullable(),
    downtimeLimitSec: amount,
    rateMinBitsPerSec: rate.nullable(),
    rateMaxBitsPerSec: rate.nullable(),
    roundsMax: z.number().int().min(0),
    applicationFloorBitsPerSec: rate.nullable(),
  }),
  vmProfile: z.strictObject({
    mac: z.string(),
    ip: z.string(),
    memoryBytes: amount,
    dirtyRateBytesPerSec: amount,
    workingSetBytes: amount,
  }),
  reservationId: z.number().int().nullable(),
  path,
  reversePath: path,
  admittedAt: time,
  startedAt: time.nullable(),
  /** When the VM was paused at the source, and ran at the destination, as the controller heard it. */
  stoppedAt: time.nullable(),
  resumedAt: time.nullable(),
  endedAt: time.nullable(),
  /** How far its disks have come, which go before its memory; null: none have. */
  storage: z.strictObject({ copiedBytes: amount, totalBytes: amount }).nullable().default(null),
  rounds: z.array(roundRecordSchema),
  prediction: predictionRecordSchema.nullable(),
  receipt: receiptRecordSchema.nullable(),
  /** Epoch of the controller that admitted it. */
  epoch: z.number().int().min(0),
});
export type MigrationRecord = z.output<typeof migrationRecordSchema>;

export const reservationRecordSchema = z.strictObject({
  id: z.number().int().min(0),
  migrationId: z.string(),
  path,
  reversePath: path,
  rateBitsPerSec: rate,
  reverseRateBitsPerSec: rate,
  match: z.strictObject({
    sourceIp: z.string(),
    destinationIp: z.string(),
    destinationPort: z.number().int(),
    storagePort: z.number().int().optional(),
  }),
  epoch: z.number().int().min(0),
});
export type ReservationRecord = z.output<typeof reservationRecordSchema>;

/** Field names of CloudEvents 1.0; `subject` is the migration. */
export const eventRecordSchema = z.strictObject({
  /** `<milliseconds>-<number>`, rising; the same in the Redis stream and in server-sent events. */
  id: z.string().regex(/^\d+-\d+$/),
  source: z.literal('sluice'),
  type: z.string(),
  time,
  subject: z.string().nullable(),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type EventRecord = z.output<typeof eventRecordSchema>;

/** What an Idempotency-Key stands for. */
export const idempotencyRecordSchema = z.strictObject({ migrationId: z.string(), bodyHash: z.string() });
export type IdempotencyRecord = z.output<typeof idempotencyRecordSchema>;

const TERMINAL: readonly string[] = ['completed', 'aborted', 'failed'];
export const isTerminal = (phase: string): boolean => TERMINAL.includes(phase);
