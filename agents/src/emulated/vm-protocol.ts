/** What can be asked of a VM process over its control socket, and what its files say. */
import { z } from 'zod';
import { dirtyProfileSchema, vmConfigSchema } from '../config.ts';
import { processIdentitySchema } from './process-identity.ts';

export const hostNetworkSchema = z.strictObject({ namespace: z.string(), bridge: z.string() });

/** What the destination needs besides memory to be the VM: its identity, its network and where its dirtier stood. */
export const deviceStateSchema = z.strictObject({
  vm: vmConfigSchema,
  position: z.strictObject({
    elapsedMs: z.number().min(0),
    carryPages: z.number().min(0),
    cursor: z.number().int().min(0),
    random: z.number().int().min(1),
  }),
  sample: z.strictObject({ dirtyRateBytesPerSec: z.number().min(0), workingSetBytes: z.number().min(0) }),
  guest: processIdentitySchema.nullable(),
  /** Namespace that holds the host's end of the veth. */
  hostNamespace: z.string().nullable(),
});
export type DeviceState = z.output<typeof deviceStateSchema>;

/** Command line of a VM process (JSON). */
export const vmProcessOptionsSchema = z.strictObject({
  dir: z.string(),
  memoryBytes: z.number().int(),
  host: hostNetworkSchema.nullable(),
  /** null: an incoming VM, which learns who it is from the device state. */
  boot: z.strictObject({ vm: vmConfigSchema, guest: processIdentitySchema.nullable() }).nullable(),
});
export type VmProcessOptions = z.output<typeof vmProcessOptionsSchema>;

/** `vm.json` in the VM's directory: written by the VM process when it becomes the VM, read by agents that adopt it. */
export const vmRecordSchema = z.strictObject({
  vm: vmConfigSchema,
  process: processIdentitySchema,
  guest: processIdentitySchema.nullable(),
  host: hostNetworkSchema.nullable(),
});
export type VmRecord = z.output<typeof vmRecordSchema>;

export const vmStatusSchema = z.strictObject({
  state: z.enum(['running', 'paused', 'incoming']),
  /** true after the point of no return of a switchover: this copy may not run again unless it is taken back. */
  handedOver: z.boolean(),
  memoryBytes: z.number(),
  dirtyRateBytesPerSec: z.number(),
  workingSetBytes: z.number(),
  vm: vmConfigSchema.nullable(),
  guest: processIdentitySchema.nullable(),
});
export type VmStatus = z.output<typeof vmStatusSchema>;

const id = z.number().int().min(0);
export const vmRequestSchema = z.discriminatedUnion('op', [
  z.strictObject({ id, op: z.literal('status') }),
  /** Answer's body: the dirty bitmap, which is then empty. */
  z.strictObject({ id, op: z.literal('sync_bitmap') }),
  /** Body: u32 page numbers, little-endian. Answer's body: page records. */
  z.strictObject({ id, op: z.literal('read_pages') }),
  /** Body: page records. Only while incoming. */
  z.strictObject({ id, op: z.literal('write_pages') }),
  /** Held by the connection that asks: if it closes before `hand_over`, the VM goes on by itself. */
  z.strictObject({ id, op: z.literal('pause') }),
  z.strictObject({ id, op: z.literal('resume') }),
  /** Answer: device state and digest of the image; only while paused. */
  z.strictObject({ id, op: z.literal('export_state') }),
  z.strictObject({ id, op: z.literal('digest') }),
  z.strictObject({ id, op: z.literal('verify') }),
  /** From now on this paused copy does not run again, whatever happens to the connection. */
  z.strictObject({ id, op: z.literal('hand_over') }),
  /** Undoes `hand_over`: the destination has promised never to run the VM. */
  z.strictObject({ id, op: z.literal('take_back') }),
  /** Incoming copy: be the VM; fetch its network, go on. */
  z.strictObject({ id, op: z.literal('activate'), state: deviceStateSchema }),
  /** Slows the guest down by this share; ends with the connection that asked for it. */
  z.strictObject({ id, op: z.literal('throttle'), share: z.number().min(0).max(1) }),
  z.strictObject({ id, op: z.literal('set_dirty_profile'), dirty: dirtyProfileSchema }),
  /** Ends the process; guest service and network stay. */
  z.strictObject({ id, op: z.literal('quit') }),
]);
export type VmRequest = z.output<typeof vmRequestSchema>;

export const vmReplySchema = z.looseObject({ id, error: z.string().optional() });
