/** QMP's messages (QEMU, docs/interop/qmp-spec), parsed at the door. Members that a newer QEMU adds are let through. */
import { z } from 'zod';

const versionSchema = z.object({
  qemu: z.object({
    major: z.number().int().min(0),
    minor: z.number().int().min(0),
    micro: z.number().int().min(0),
  }),
  package: z.string().default(''),
});

export const greetingSchema = z.object({
  QMP: z.object({ version: versionSchema, capabilities: z.array(z.unknown()).default([]) }),
});

export type Greeting = z.output<typeof greetingSchema>;

const errorReplySchema = z.object({
  error: z.object({ class: z.string(), desc: z.string() }),
  id: z.unknown().optional(),
});
const returnReplySchema = z.object({ return: z.unknown(), id: z.unknown().optional() });
const eventSchema = z.object({
  event: z.string(),
  data: z.record(z.string(), z.unknown()).default({}),
  /** The host's wall clock; both are -1 when QEMU could not read it. */
  timestamp: z.object({ seconds: z.number().int(), microseconds: z.number().int() }),
});

/** What follows the greeting. `return` last: its value may be anything, the key is what tells it. */
export const serverMessageSchema = z.union([
  eventSchema,
  errorReplySchema,
  returnReplySchema.refine((message) => 'return' in message, 'neither event nor error nor return'),
]);
export type ServerMessage = z.output<typeof serverMessageSchema>;

export interface QemuVersion {
  readonly major: number;
  readonly minor: number;
  readonly micro: number;
}

export const versionText = ({ major, minor, micro }: QemuVersion): string => `${major}.${minor}.${micro}`;

export interface QmpEvent {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Seconds since 1970 on the host's clock, to the microsecond. */
  readonly atSec: number;
}
