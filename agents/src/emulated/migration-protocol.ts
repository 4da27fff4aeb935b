/**
 * The migration connection between a sender and a receiver, and what both tell their agents.
 *
 *   sender                              receiver
 *   hello ->                            <- welcome | refused
 *   pages* round_end(n) ->              <- round_ack(n)          once per round
 *   pages* device_state ->              <- intact | refused      the VM is paused at the source
 *   go ->                               <- resumed | not_resumed
 *
 * `go` is the point of no return: before it the source resumes on any failure, after it never by itself. When the
 * answer to `go` is lost, the sender connects again and asks with `resolve`; the receiver answers `resumed`, or
 * `not_resumed`, which is its promise never to run the VM, and the source takes the VM back. What remains: if the
 * destination cannot be reached for RESOLVE_LIMIT_MS, both copies stay as they are (the source's paused), because
 * two running copies would be worse than none.
 */
import { z } from 'zod';
import { vmConfigSchema } from '../config.ts';
import { deviceStateSchema } from './vm-protocol.ts';

/** Nothing sent and nothing heard for this long: the connection is taken for lost. */
export const STALL_LIMIT_MS = 15_000;
/** How long a sender keeps asking what became of its `go`. */
export const RESOLVE_LIMIT_MS = 10_000;
/** How long a receiver stays to be asked; longer than the sender asks. */
export const RESOLVE_LINGER_MS = RESOLVE_LIMIT_MS + 5_000;
/** How long a destination waits for its source to connect: admission and installation lie in between. */
export const INCOMING_CONNECT_LIMIT_MS = 60_000;

const id = z.string().min(1).max(64);
const round = z.number().int().min(0);

export const toReceiverSchema = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('hello'),
    migrationId: id,
    vmId: id,
    memoryBytes: z.number().int().positive(),
  }),
  /** Body: page records. */
  z.strictObject({ op: z.literal('pages') }),
  z.strictObject({ op: z.literal('round_end'), round }),
  z.strictObject({ op: z.literal('device_state'), state: deviceStateSchema, digest: z.string() }),
  z.strictObject({ op: z.literal('go') }),
  z.strictObject({ op: z.literal('resolve'), migrationId: id }),
]);
export type ToReceiver = z.output<typeof toReceiverSchema>;

export const toSenderSchema = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('welcome') }),
  z.strictObject({
    op: z.literal('refused'),
    code: z.enum(['unknown_migration', 'integrity', 'internal']),
    detail: z.string(),
  }),
  z.strictObject({ op: z.literal('round_ack'), round }),
  z.strictObject({ op: z.literal('intact'), checkedPages: z.number().int().min(0) }),
  z.strictObject({ op: z.literal('resumed') }),
  z.strictObject({ op: z.literal('not_resumed'), detail: z.string() }),
]);
export type ToSender = z.output<typeof toSenderSchema>;

const rateCapBitsPerSec = z.number().positive().nullable();

export const senderOptionsSchema = z.strictObject({
  migrationId: id,
  vmId: id,
  vmSocket: z.string(),
  destination: z.strictObject({ ip: z.string(), port: z.number().int() }),
  rateCapBitsPerSec,
});
export type SenderOptions = z.output<typeof senderOptionsSchema>;

/** Agent to sender, over IPC. */
export const senderCommandSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('next_round'), round, rateCapBitsPerSec }),
  z.strictObject({ kind: z.literal('begin_switchover'), rateCapBitsPerSec }),
  z.strictObject({ kind: z.literal('set_rate_cap'), rateCapBitsPerSec }),
  z.strictObject({ kind: z.literal('throttle'), share: z.number().min(0).max(1) }),
  z.strictObject({ kind: z.literal('cancel'), reason: z.string() }),
]);
export type SenderCommand = z.output<typeof senderCommandSchema>;

const failureCodeSchema = z.enum([
  'unknown_vm',
  'unknown_migration',
  'connect_failed',
  'connection_lost',
  'integrity',
  'cancelled',
  'agent_lost',
  'internal',
]);
export type FailureCode = z.output<typeof failureCodeSchema>;

const failedSchema = z.strictObject({
  kind: z.literal('failed'),
  code: failureCodeSchema,
  detail: z.string(),
  vmRunning: z.boolean(),
});

/** Sender to agent; times on the sender's monotonic clock. */
export const senderEventSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({ kind: z.literal('started') }),
  z.strictObject({
    kind: z.literal('round_finished'),
    round,
    transferredBytes: z.number(),
    durationSec: z.number(),
    remainingBytes: z.number(),
    dirtyRateBytesPerSec: z.number(),
  }),
  z.strictObject({ kind: z.literal('rate_cap_applied'), rateCapBitsPerSec }),
  z.strictObject({ kind: z.literal('vm_stopped'), remainingBytes: z.number() }),
  z.strictObject({
    kind: z.literal('completed'),
    totalTimeSec: z.number(),
    downtimeSec: z.number(),
    transferredBytes: z.number(),
    stopAndCopy: z.strictObject({ transferredBytes: z.number(), durationSec: z.number() }),
    checkedPages: z.number(),
  }),
  failedSchema,
]);
export type SenderEvent = z.output<typeof senderEventSchema>;

export const receiverOptionsSchema = z.strictObject({
  migrationId: id,
  vmId: id,
  memoryBytes: z.number().int().positive(),
  listenIp: z.string(),
  vmDir: z.string(),
  vmLogFile: z.string(),
  host: z.strictObject({ namespace: z.string(), bridge: z.string() }).nullable(),
});
export type ReceiverOptions = z.output<typeof receiverOptionsSchema>;

export const receiverEventSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready'), port: z.number().int() }),
  z.strictObject({ kind: z.literal('resumed'), vm: vmConfigSchema }),
  failedSchema,
]);
export type ReceiverEvent = z.output<typeof receiverEventSchema>;

/** Why one side gave up; becomes its `failed` event. */
export class MigrationFailure extends Error {
  override readonly name = 'MigrationFailure';
  constructor(
    readonly code: FailureCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export const asMigrationFailure = (error: unknown, code: FailureCode): MigrationFailure =>
  error instanceof MigrationFailure
    ? error
    : new MigrationFailure(code, error instanceof Error ? error.message : String(error), { cause: error });
