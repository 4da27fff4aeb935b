/** Reports of one host's agent to the controller. Durations are measured on the agent's monotonic clock. */
import { z } from 'zod';

const id = z.string().min(1).max(64);
const count = z.number().int().min(0);
const amount = z.number().min(0);

export const vmProfileSchema = z.strictObject({
  vmId: id,
  state: z.enum(['running', 'paused', 'incoming']),
  memoryBytes: count,
  pageBytes: count,
  mac: z.string(),
  ip: z.string(),
  /** Memory dirtied per second, each page counted once per sampling window. */
  dirtyRateBytesPerSec: amount,
  workingSetBytes: amount,
  /** The VM's own traffic at its virtual NIC. */
  txBitsPerSec: amount,
  rxBitsPerSec: amount,
});
export type VmProfile = z.output<typeof vmProfileSchema>;

const roundFinishedSchema = z.strictObject({
  kind: z.literal('round_finished'),
  migrationId: id,
  /** Round 0 sends all memory. */
  round: count,
  /** Payload bytes of this round, page headers included. */
  transferredBytes: count,
  /** First byte of the round until the destination has acknowledged its last. */
  durationSec: amount,
  /** Bytes of this migration that left the source NIC in this round, from the NIC's counters, layer 2. */
  wireBytes: count,
  /** Memory dirtied since the round began: what the next round (or stop-and-copy) has to send. */
  remainingBytes: count,
  /** remainingBytes over the time since the dirty bitmap was last read. */
  dirtyRateBytesPerSec: amount,
});
export type RoundFinished = z.output<typeof roundFinishedSchema>;

export const agentReportSchema = z.discriminatedUnion('kind', [
  /** First report after a start, and again whenever the set of VMs changes. */
  z.strictObject({
    kind: z.literal('host_profile'),
    nic: z.strictObject({
      device: z.string(),
      mac: z.string(),
      ip: z.string(),
      capacityBitsPerSec: z.number().positive(),
    }),
    vms: z.array(vmProfileSchema),
    /** What this host's hypervisor may be asked for beyond pre-copy: names of `mechanism` and of commands. */
    capabilities: z.array(z.string().max(64)).max(64).optional(),
  }),
  /** The heartbeat: load of the NIC per direction since the last report, and the VMs' present profile. */
  z.strictObject({
    kind: z.literal('nic_load'),
    txBitsPerSec: amount,
    rxBitsPerSec: amount,
    intervalSec: amount,
    vms: z.array(vmProfileSchema),
  }),
  /** Destination: listens at this address. */
  z.strictObject({
    kind: z.literal('incoming_prepared'),
    migrationId: id,
    ip: z.string(),
    port: z.number().int().min(1).max(65_535),
    /** Where the disks are taken in; only when they are moved, too. */
    storagePort: z.number().int().min(1).max(65_535).optional(),
  }),
  /** Source: connected, round 0 begins. */
  z.strictObject({ kind: z.literal('migration_started'), migrationId: id }),
  roundFinishedSchema,
  z.strictObject({
    kind: z.literal('rate_cap_applied'),
    migrationId: id,
    rateCapBitsPerSec: z.number().positive().nullable(),
  }),
  /** Source: the VM is paused (QEMU's STOP); this much is still to send. */
  z.strictObject({ kind: z.literal('vm_stopped'), migrationId: id, remainingBytes: count }),
  /** Destination: the image is intact and the VM runs here (QEMU's RESUME). */
  z.strictObject({ kind: z.literal('vm_resumed'), migrationId: id, vm: vmProfileSchema }),
  /** Source: its disks are being copied, every second; the memory follows. */
  z.strictObject({
    kind: z.literal('storage_progress'),
    migrationId: id,
    copiedBytes: count,
    totalBytes: count,
  }),
  /** Source, every second: post-copy runs, or it was interrupted and waits to be recovered. */
  z.strictObject({
    kind: z.literal('postcopy_state'),
    migrationId: id,
    state: z.enum(['running', 'paused']),
    remainingBytes: count,
  }),
  /** Source: the destination has confirmed; the VM is gone from here. */
  z.strictObject({
    kind: z.literal('migration_completed'),
    migrationId: id,
    totalTimeSec: amount,
    /** Pause at the source until the destination's confirmation arrived, on the source's clock. */
    downtimeSec: amount,
    transferredBytes: count,
    /** The stop-and-copy as a round: what was sent while the VM was paused. */
    stopAndCopy: z.strictObject({ transferredBytes: count, durationSec: amount, wireBytes: count }),
    /** Pages whose checksum was compared at the destination before it resumed; null: the hypervisor compares none. */
    checkedPages: count.nullable(),
  }),
  /** Either side: it ended without success. `vmRunning` says whether the VM runs on this host now. */
  z.strictObject({
    kind: z.literal('migration_failed'),
    migrationId: id,
    side: z.enum(['source', 'destination']),
    code: z.enum([
      'unknown_vm',
      'unknown_migration',
      'busy',
      'connect_failed',
      'connection_lost',
      'integrity',
      'cancelled',
      'agent_lost',
      'unsupported',
      'internal',
    ]),
    detail: z.string(),
    vmRunning: z.boolean(),
  }),
]);
export type AgentReport = z.output<typeof agentReportSchema>;

export const reportEnvelopeSchema = z.strictObject({
  hostId: id,
  /** A new one at every start of the agent; with `seq` it makes duplicates and strays recognisable. */
  bootId: id,
  seq: count,
  report: agentReportSchema,
});
export type ReportEnvelope = z.output<typeof reportEnvelopeSchema>;
