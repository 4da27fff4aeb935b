/** What a driver process is told, and how: the two sides' common language. */
import { z } from 'zod';

export const driverOptionsSchema = z.strictObject({
  guestsDir: z.string(),
  launchIncoming: z.array(z.string()).min(1),
  listenIp: z.ipv4(),
  ports: z.strictObject({ first: z.number().int(), last: z.number().int() }),
  stallLimitMs: z.number().int(),
  dirtyRatePeriodMs: z.number().int(),
});
export type DriverOptions = z.output<typeof driverOptionsSchema>;

const rateCap = z.number().positive().nullable();
const place = z.strictObject({
  ip: z.string(),
  port: z.number().int(),
  /** Where the disks go. */
  storagePort: z.number().int().optional(),
});

export const driverOrderSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('prepare_incoming'),
    id: z.number().int(),
    incoming: z.strictObject({ migrationId: z.string(), vmId: z.string(), memoryBytes: z.number().int() }),
  }),
  z.strictObject({
    kind: z.literal('start_migration'),
    id: z.number().int(),
    outgoing: z.strictObject({
      migrationId: z.string(),
      vmId: z.string(),
      destination: place,
      rateCapBitsPerSec: rateCap,
    }),
  }),
  z.strictObject({
    kind: z.literal('next_round'),
    id: z.number().int(),
    migrationId: z.string(),
    round: z.number().int(),
    rateCapBitsPerSec: rateCap,
  }),
  z.strictObject({
    kind: z.literal('begin_switchover'),
    id: z.number().int(),
    migrationId: z.string(),
    rateCapBitsPerSec: rateCap,
  }),
  z.strictObject({
    kind: z.literal('cancel'),
    id: z.number().int(),
    migrationId: z.string(),
    reason: z.string(),
  }),
]);
export type DriverOrder = z.output<typeof driverOrderSchema>;
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;
/** An order before its sender has numbered it. */
export type DriverWish = WithoutId<DriverOrder>;

/** Where a destination listens; where the VM's NIC will be is of no use without an agent. */
export const listeningSchema = place
  .extend({ vmPort: z.strictObject({ mac: z.string(), device: z.string() }).optional() })
  .transform(({ vmPort: _, ...listening }) => listening);

export const driverLineSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({ kind: z.literal('event'), event: z.unknown() }),
  z.strictObject({ kind: z.literal('answer'), id: z.number().int(), value: z.unknown() }),
  z.strictObject({ kind: z.literal('problem'), id: z.number().int(), problem: z.string() }),
]);
