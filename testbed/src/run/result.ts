/** What a run of a story yields, as it is written to a file: the schema is the documentation. Rates are wire rates. */
import { z } from 'zod';

const amount = z.number().min(0);
const goodputs = {
  /** Payload that arrived, over the window before the first migration, and from its start to the end of the last. */
  applicationGoodputBeforeBitsPerSec: amount,
  applicationGoodputDuringBitsPerSec: amount,
};

const roundSchema = z.strictObject({
  migrationId: z.string(),
  round: z.number().int().min(0),
  phase: z.enum(['precopy', 'stop_and_copy', 'postcopy']),
  /** null in an unmanaged run. */
  reservedBitsPerSec: amount.nullable(),
  /** From the counters that `measuredFrom` names, layer 2; null when they could not be read. */
  measuredBitsPerSec: amount.nullable(),
  measuredFrom: z.enum(['queue', 'meter', 'nic']).nullable(),
  durationSec: amount,
  transferredBytes: amount,
  /** Still to send at the end of the round: what the VM dirtied meanwhile. */
  remainingBytes: amount,
  dirtyRateBytesPerSec: amount,
  /** Computed: P(R) = k0 · R^alpha over the round. */
  energyJoule: amount,
});
export type RoundResult = z.output<typeof roundSchema>;

const migrationSchema = z.strictObject({
  id: z.string(),
  vm: z.string(),
  source: z.string(),
  destination: z.string(),
  policy: z.string(),
  outcome: z.enum(['completed', 'aborted', 'failed', 'refused']),
  /** Why it did not complete; null when it did. */
  reason: z.string().nullable(),
  totalTimeSec: amount.nullable(),
  /** Pause at the source until the destination ran, by the hypervisor's clock. */
  downtimeSec: amount.nullable(),
  /** Longest silence that the prober at the client saw; null without a prober for this VM. */
  proberDowntimeSec: amount.nullable(),
  transferredBytes: amount,
  energyJoule: amount,
  downtimeLimitSec: amount,
  deadlineSec: amount.nullable(),
  deadlineMet: z.boolean().nullable(),
  downtimeLimitMet: z.boolean().nullable(),
  /**
   * Pages that were compared: at the destination before the VM ran there, or, in a real guest, by its own program
   * after the run. null: nobody has compared any.
   */
  checkedPages: z.number().int().min(0).nullable(),
  imageIntact: z.boolean(),
  rounds: z.array(roundSchema),
});
export type MigrationResult = z.output<typeof migrationSchema>;

const flowSchema = z.strictObject({
  name: z.string(),
  kind: z.enum(['guest', 'udp', 'tcp']),
  /** Of a guest's flow: whether its VM sends or receives; null for others. */
  direction: z.enum(['download', 'upload']).nullable(),
  /** What the sender offered; null = as fast as it goes. */
  rateBitsPerSec: amount.nullable(),
  goodputBeforeBitsPerSec: amount,
  goodputDuringBitsPerSec: amount,
  lossFractionBefore: amount,
  lossFractionDuring: amount,
});
export type FlowResult = z.output<typeof flowSchema>;

const runResultSchema = z.strictObject({
  story: z.string(),
  /** real: measured on Open vSwitch, Redis and Mininet. simulate: computed in virtual time. */
  mode: z.enum(['real', 'simulate']),
  outcome: z.enum(['completed', 'aborted', 'failed', 'refused']),
  /** From the first migration's admission to the last one's end. */
  totalTimeSec: amount,
  /** The longest of all migrations. */
  downtimeSec: amount.nullable(),
  proberDowntimeSec: amount.nullable(),
  transferredBytes: amount,
  energyJoule: amount,
  ...goodputs,
  applicationLossFraction: amount,
  applicationLossFractionBefore: amount,
  /** Round trip seen by the prober, 95th percentile; null in a simulation, which has no queues to wait in. */
  roundTripBeforeSec: amount.nullable(),
  roundTripDuringSec: amount.nullable(),
  deadlineMet: z.boolean().nullable(),
  downtimeLimitMet: z.boolean().nullable(),
  imageIntact: z.boolean(),
  checkedPages: z.number().int().min(0).nullable(),
  /** Of all migrations, in order of their ends within a migration. */
  rounds: z.array(roundSchema),
  flows: z.array(flowSchema),
  migrations: z.array(migrationSchema),
  /** What did not go as it should, in sentences; empty after a good run. */
  problems: z.array(z.string()),
});
export type RunResult = z.output<typeof runResultSchema>;

export const storyResultSchema = z.strictObject({
  unmanaged: runResultSchema.optional(),
  sluice: runResultSchema.optional(),
});
/** Both runs of a story, or the one that was asked for. */
export type StoryResult = z.output<typeof storyResultSchema>;
export type RunName = keyof StoryResult & string;
export const RUN_NAMES = ['unmanaged', 'sluice'] as const satisfies readonly RunName[];
