/**
 * What a VM writes to its memory: at a constant rate, in phases, in bursts, or as it was recorded. Whatever is written
 * in the file, what comes out are phases.
 */
import { z } from 'zod';

export const PAGE_BYTES = 4096;
/** A recorded day with a line every second, or a story by hand many times over. */
export const PHASES_MAX = 100_000;
/** Longer stories are experiments, not stories. */
export const STORY_SEC_MAX = 3600;

const rate = z.number().min(0);
/** The part of memory that is written, from its beginning. */
const workingSetBytes = z.number().int().min(PAGE_BYTES);
/** cyclic: page after page, round and round. random: any page of the working set, each time. */
const pattern = z.enum(['cyclic', 'random']).default('cyclic');

const phaseSchema = z.strictObject({
  durationSec: z.number().positive(),
  /** Memory written per second. */
  dirtyRateBytesPerSec: rate,
  workingSetBytes,
  pattern,
});
export type WorkloadPhase = z.output<typeof phaseSchema>;

const constantSchema = z.strictObject({ dirtyRateBytesPerSec: rate, workingSetBytes, pattern });

const burstsSchema = z.strictObject({
  /** Between the bursts. */
  baseRateBytesPerSec: rate,
  /** During them; they come first in each period. */
  burstRateBytesPerSec: z.number().positive(),
  periodSec: z.number().positive(),
  /** Share of the period that is burst. */
  dutyFraction: z.number().gt(0).lt(1),
  workingSetBytes,
  pattern,
});

export const WORKLOAD_KINDS = ['constant', 'phases', 'bursts'] as const;

export const workloadSchema = z
  .strictObject({
    /** true: after the last phase comes the first again; false: the last one stays. */
    repeat: z.boolean().default(false),
    constant: constantSchema.optional(),
    phases: z.array(phaseSchema).min(1).max(PHASES_MAX).optional(),
    bursts: burstsSchema.optional(),
  })
  .transform(
    ({ repeat, constant, phases, bursts }, context): { repeat: boolean; phases: WorkloadPhase[] } => {
      const given = [constant, phases, bursts].filter((kind) => kind !== undefined).length;
      if (given !== 1)
        context.addIssue({
          code: 'custom',
          message: `exactly one of ${WORKLOAD_KINDS.join(', ')} or trace says what is written; here are ${given}`,
        });
      if (constant) return { repeat: false, phases: [{ durationSec: STORY_SEC_MAX, ...constant }] };
      if (bursts) {
        if (bursts.burstRateBytesPerSec <= bursts.baseRateBytesPerSec)
          context.addIssue({
            code: 'custom',
            path: ['bursts', 'burstRateBytesPerSec'],
            message: `a burst writes more than baseRateBytesPerSec ${bursts.baseRateBytesPerSec}`,
          });
        return { repeat: true, phases: burstPhases(bursts) };
      }
      return { repeat, phases: phases ?? [] };
    },
  );

function burstPhases(bursts: z.output<typeof burstsSchema>): WorkloadPhase[] {
  const { periodSec, dutyFraction } = bursts;
  const shared = { workingSetBytes: bursts.workingSetBytes, pattern: bursts.pattern };
  const burstSec = periodSec * dutyFraction;
  return [
    { durationSec: burstSec, dirtyRateBytesPerSec: bursts.burstRateBytesPerSec, ...shared },
    { durationSec: periodSec - burstSec, dirtyRateBytesPerSec: bursts.baseRateBytesPerSec, ...shared },
  ];
}
