/** Commands of the controller to one host's agent. An agent refuses an epoch lower than the highest it has seen. */
import { z } from 'zod';
import { mechanismSchema } from './mechanism.ts';

const id = z.string().min(1).max(64);
const port = z.number().int().min(1).max(65_535);
/** Payload rate the sender may use; null = uncapped, what a hypervisor does by default. */
const rateCapBitsPerSec = z.number().positive().nullable();
/** Wire rate of the migration's class on the source NIC (the reservation); null = no class, the NIC is shared. */
const nicRateBitsPerSec = z.number().positive().nullable();
/**
 * What this host's VMs keep on its NIC, outbound, as long as the migration uses it; the largest of all migrations'
 * counts. Left out: nothing.
 */
const nicFloorBitsPerSec = z.number().min(0).optional();

export const agentCommandSchema = z.discriminatedUnion('kind', [
  /** To the destination: allocate the image, listen, answer with `incoming_prepared`. */
  z.strictObject({
    kind: z.literal('prepare_incoming'),
    migrationId: id,
    vmId: id,
    memoryBytes: z.number().int().positive(),
    sourceHostId: id,
    /**
     * Wire rate kept on the destination's NIC for the acknowledgements; null = none, the NIC is one queue (an
     * unmanaged migration); left out = 3 % of the NIC.
     */
    wayBackBitsPerSec: z.number().positive().nullable().optional(),
    nicFloorBitsPerSec,
    /** The same for both sides; left out: pre-copy as the hypervisor does it by itself. */
    mechanism: mechanismSchema.optional(),
  }),
  /** To the source: begin round 0 towards the address the destination reported. */
  z.strictObject({
    kind: z.literal('start_migration'),
    migrationId: id,
    vmId: id,
    destination: z
      .strictObject({ ip: z.string(), port, storagePort: port.optional() })
      .refine(
        (to) => to.storagePort === undefined || to.storagePort === (to.port ^ 1),
        'disks are taken in at the port that differs in the last bit',
      ),
    rateCapBitsPerSec,
    nicRateBitsPerSec,
    nicFloorBitsPerSec,
    mechanism: mechanismSchema.optional(),
  }),
  /** To the source, answering `round_finished`: copy what was dirtied meanwhile, as round `round`, at this cap. */
  z.strictObject({
    kind: z.literal('next_round'),
    migrationId: id,
    round: z.number().int().min(1),
    rateCapBitsPerSec,
    nicRateBitsPerSec,
  }),
  /** To the source, answering `round_finished`: pause the VM and send the rest at this cap. */
  z.strictObject({
    kind: z.literal('begin_switchover'),
    migrationId: id,
    rateCapBitsPerSec,
    nicRateBitsPerSec,
    /**
     * For a sender that does not wait at round ends: pause as soon as what remains can be sent at this payload rate
     * (what is reserved for it) within this limit. Left out: at once, whatever remains.
     */
    switchover: z
      .strictObject({ rateBitsPerSec: z.number().positive(), downtimeLimitSec: z.number().positive() })
      .optional(),
  }),
  /** To the source, in pre-copy of a migration that was started with `postcopy`: the VM moves now, its memory after. */
  z.strictObject({
    kind: z.literal('start_postcopy'),
    migrationId: id,
    rateCapBitsPerSec,
    nicRateBitsPerSec,
  }),
  /**
   * To the source (of a QEMU guest: if the migration was started with `throttle`): the guest loses this share of its CPU time at most,
   * from now until the migration has ended. 0 = none. The copy at the destination is never slowed.
   */
  z.strictObject({ kind: z.literal('throttle_guest'), migrationId: id, share: z.number().min(0).max(0.99) }),
  /** To either side: interrupt the post-copy, so that it can be taken up again over another connection. */
  z.strictObject({ kind: z.literal('pause_postcopy'), migrationId: id }),
  /** To the destination of an interrupted post-copy: listen again, answer with `incoming_prepared`. */
  z.strictObject({ kind: z.literal('prepare_recovery'), migrationId: id }),
  /** To the source of an interrupted post-copy: go on towards the address the destination reported. */
  z.strictObject({
    kind: z.literal('recover_postcopy'),
    migrationId: id,
    destination: z.strictObject({ ip: z.string(), port }),
    rateCapBitsPerSec,
    nicRateBitsPerSec,
  }),
  /** To the source, at any time: a new cap within the round; answered with `rate_cap_applied`. */
  z.strictObject({ kind: z.literal('set_rate_cap'), migrationId: id, rateCapBitsPerSec, nicRateBitsPerSec }),
  /** To either side: give up; the source VM goes on, the destination's image is thrown away. Idempotent. */
  z.strictObject({ kind: z.literal('cancel_migration'), migrationId: id, reason: z.string().max(500) }),
]);
export type AgentCommand = z.output<typeof agentCommandSchema>;

export const commandEnvelopeSchema = z.strictObject({
  /** Unique per command; an agent that meets one twice carries it out once. */
  commandId: id,
  /** Fencing token of the controller that sent it. */
  epoch: z.number().int().min(0),
  command: agentCommandSchema,
});
export type CommandEnvelope = z.output<typeof commandEnvelopeSchema>;
