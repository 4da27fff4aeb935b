/** The answers of QEMU that we read, beside query-migrate; members we do not name are dropped. */
import { z } from 'zod';

export const runStateSchema = z.object({ status: z.string(), running: z.boolean() });

export const kvmSchema = z.object({ enabled: z.boolean() });

export const memorySizeSchema = z.object({
  'base-memory': z.number().int().min(0),
  'plugged-memory': z.number().int().min(0).default(0),
});

/** Scalars only: a list among the parameters (block-bitmap-mapping) is none of ours and stays as it is. */
export const parametersSchema = z
  .record(z.string(), z.unknown())
  .transform((all) =>
    Object.fromEntries(
      Object.entries(all).filter(
        (entry): entry is [string, number | string | boolean] => typeof entry[1] !== 'object',
      ),
    ),
  );

export const dirtyRateSchema = z.object({
  status: z.enum(['unstarted', 'measuring', 'measured']),
  /** Whole MiB/s. */
  'dirty-rate': z.number().min(-1).optional(),
  'calc-time': z.number().min(0),
});

export const blockJobsSchema = z.array(
  z.object({
    device: z.string(),
    type: z.string(),
    len: z.number(),
    offset: z.number(),
    ready: z.boolean().default(false),
    status: z.string().default(''),
  }),
);
