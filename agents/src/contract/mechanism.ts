/**
 * How memory is moved, as far as it is asked for. Both sides are told the same before a migration begins: a
 * hypervisor that lacks something asked for refuses by its name, and nothing is left out in silence.
 */
import { z } from 'zod';

const percent = z.number().int().min(1).max(99);

export const mechanismSchema = z.strictObject({
  /** Post-copy may follow: by `start_postcopy`, never by itself. */
  postcopy: z.boolean().optional(),
  /** Slows the guest's processors down until the migration converges. */
  autoConverge: z
    .strictObject({
      initialPercent: percent.default(20),
      incrementPercent: percent.default(10),
      maxPercent: percent.default(99),
    })
    .optional(),
  /** `throttle_guest` may follow; by itself nothing slows the guest down. */
  throttle: z.boolean().optional(),
  /** Sends the difference to what was sent of a page before, out of a cache of this size (a power of two). */
  xbzrle: z.strictObject({ cacheBytes: z.number().int().min(4096) }).optional(),
  /** Compresses pages at the source. */
  compress: z
    .strictObject({ threads: z.number().int().min(1).max(255), level: z.number().int().min(0).max(9) })
    .optional(),
  /** Sends memory over several connections to the same port. */
  multifd: z.strictObject({ channels: z.number().int().min(1).max(255) }).optional(),
  /** Where pages of zeroes are recognised; left out: as the hypervisor does by itself. */
  zeroPages: z.enum(['none', 'legacy', 'multifd']).optional(),
  /** Slows down the processors that dirty more than this, and no others. */
  dirtyLimit: z.strictObject({ mebibytesPerSec: z.number().int().min(1) }).optional(),
  /** Self-announcements (RARP) after the guest resumed; rounds 0: none. */
  announce: z
    .strictObject({
      initialMs: z.number().int().min(1).max(100_000).default(50),
      maxMs: z.number().int().min(1).max(100_000).default(550),
      rounds: z.number().int().min(0).max(1000).default(5),
      stepMs: z.number().int().min(1).max(10_000).default(100),
    })
    .optional(),
  /**
   * Copies the VM's own disks before its memory, to `storagePort` of the destination. Left out: if the VM has some;
   * false: both hosts see the same disks already.
   */
  storage: z.boolean().optional(),
});
export type Mechanism = z.output<typeof mechanismSchema>;
