/** What QEMU tells of a migration (qapi/migration.json: MigrationInfo), with the units it has there in the names. */
import { z } from 'zod';

const count = z.number().int().min(0);

const ramSchema = z.object({
  transferred: count,
  remaining: count,
  total: count,
  duplicate: count.default(0),
  'dirty-sync-count': count,
  /** Pages per second, renewed at most once per second. */
  'dirty-pages-rate': count.default(0),
  'page-size': count.default(4096),
  'precopy-bytes': count.default(0),
  'downtime-bytes': count.default(0),
  'postcopy-bytes': count.default(0),
  'postcopy-requests': count.default(0),
});

export const MIGRATION_STATUSES = [
  'none',
  'setup',
  'cancelling',
  'cancelled',
  'active',
  'postcopy-device',
  'postcopy-active',
  'postcopy-paused',
  'postcopy-recover-setup',
  'postcopy-recover',
  'completed',
  'failing',
  'failed',
  'colo',
  'pre-switchover',
  'device',
  'wait-unplug',
] as const;
/** `unknown`: a state that a newer QEMU has put in between; it passes. */
export type MigrationStatus = (typeof MIGRATION_STATUSES)[number] | 'unknown';

export const migrationInfoSchema = z.object({
  status: z
    .union([z.enum(MIGRATION_STATUSES), z.string().transform((): MigrationStatus => 'unknown')])
    .default('none'),
  ram: ramSchema.optional(),
  /** Milliseconds. */
  'total-time': count.optional(),
  downtime: count.optional(),
  'error-desc': z.string().optional(),
  'cpu-throttle-percentage': count.optional(),
  /** Where an incoming side listens. */
  'socket-address': z
    .array(z.object({ type: z.string(), host: z.string().optional(), port: z.string().optional() }))
    .optional(),
});

export interface Snapshot {
  readonly status: MigrationStatus;
  readonly transferredBytes: number;
  readonly remainingBytes: number;
  /** Bytes sent while the VM was stopped, where QEMU counts them. */
  readonly downtimeBytes: number;
  readonly dirtySyncCount: number;
  readonly totalTimeMs: number | null;
  readonly downtimeMs: number | null;
  readonly error: string | null;
}

export function snapshotOf(info: z.output<typeof migrationInfoSchema>): Snapshot {
  const { ram } = info;
  return {
    status: info.status,
    transferredBytes: ram?.transferred ?? 0,
    remainingBytes: ram?.remaining ?? 0,
    downtimeBytes: ram?.['downtime-bytes'] ?? 0,
    dirtySyncCount: ram?.['dirty-sync-count'] ?? 0,
    totalTimeMs: info['total-time'] ?? null,
    downtimeMs: info.downtime ?? null,
    error: info['error-desc'] ?? null,
  };
}

/** QEMU says `completed` some milliseconds before it writes the times down; until then they are 0. */
export const hasItsTimes = ({ totalTimeMs, downtimeMs }: Snapshot): boolean =>
  totalTimeMs !== null && totalTimeMs > 0 && downtimeMs !== null;

/** Whether the VM is stopped at the source for good or until the migration fails. */
export const isHandingOver = (status: MigrationStatus): boolean =>
  status === 'pre-switchover' || status === 'device';

export const isPostcopy = (status: MigrationStatus): boolean => status.startsWith('postcopy-');

const NOT_BEGUN: ReadonlySet<MigrationStatus> = new Set([
  'none',
  'setup',
  'cancelling',
  'cancelled',
  'failed',
]);
/** Whether memory moves, or has moved. */
export const hasBegun = (status: MigrationStatus): boolean => !NOT_BEGUN.has(status);

/** Later the destination may have the VM: taken back, it would run twice. */
export const isCancellable = (status: MigrationStatus): boolean =>
  status === 'setup' || status === 'active' || status === 'pre-switchover';
