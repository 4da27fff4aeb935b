/** What a guest is: its memory, its NIC, its services and its workload. Read from JSON; every problem is told at once. */
import { type Bytes, bytes } from '@sluice/units';
import { z } from 'zod';
import { GuestFailure } from './guest-failure.ts';
import { guestRam, workloadMax } from './ram.ts';

export const PAGE_BYTES = 4096;
/** The guest program keeps its numbers in 64 bits; no emulated processor writes this many pages. */
const PAGES_PER_SEC_MAX = 10_000_000;
/** Each write waits for the disk. */
const DISK_BLOCKS_PER_SEC_MAX = 10_000;
/** Control sockets are named after the guest and their paths may have 107 characters. */
const VM_ID_LENGTH_MAX = 24;

const mac = z
  .string()
  .regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/, 'six lower-case hex bytes with colons')
  .refine(
    (text) => (Number.parseInt(text.slice(0, 2), 16) & 1) === 0,
    'a unicast address has an even first byte',
  );
const port = z.number().int().min(1).max(65_535);

/** What the guest writes into its memory; also what can be changed while it runs. */
export const guestLoadSchema = z.strictObject({
  pagesPerSec: z.number().int().min(0).max(PAGES_PER_SEC_MAX).default(0),
  workingSetBytes: z.number().int().min(0).multipleOf(PAGE_BYTES).default(0),
  /** `hot_cold`: nine writes of ten go to a tenth of the working set. */
  pattern: z.enum(['cyclic', 'random', 'hot_cold']).default('cyclic'),
  /** Bytes changed at the head of each page that is written. */
  writeBytes: z.number().int().min(8).max(PAGE_BYTES).multipleOf(8).default(PAGE_BYTES),
  /** Blocks of 4 KiB written to the disk per second, in random order. */
  diskBlocksPerSec: z.number().int().min(0).max(DISK_BLOCKS_PER_SEC_MAX).default(0),
});
export type GuestLoad = z.output<typeof guestLoadSchema>;

export const guestSpecSchema = z
  .strictObject({
    vmId: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'letters, digits, dot, dash and underscore')
      .max(VM_ID_LENGTH_MAX),
    /** Of the machine; rounded down to a size that migrates unharmed. */
    memoryBytes: z.number().int().positive(),
    mac,
    ip: z.ipv4(),
    prefixLength: z.number().int().min(1).max(32).default(24),
    gateway: z.ipv4().nullable().default(null),
    /** TCP and UDP: what clients use. */
    guestPort: port.default(5000),
    /** UDP: the control protocol, beside the serial line that the host uses. */
    controlPort: port.default(7000),
    /** Memory of the guest program, whose content is checked; null: all that the machine can spare. */
    workloadBytes: z.number().int().positive().multipleOf(PAGE_BYTES).nullable().default(null),
    /** How much of it is filled with random content at the start; the rest is zero pages, which cost nothing to send. */
    fillBytes: z.number().int().min(0).multipleOf(PAGE_BYTES).default(0),
    load: guestLoadSchema.prefault({}),
    /** A disk of this size, empty at the first start; null: none. */
    diskBytes: z.number().int().positive().multipleOf(512).nullable().default(null),
  })
  .superRefine((spec, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: path.split('.'), message });
    const ram = guestRam(bytes(spec.memoryBytes));
    if (!ram.ok) return refuse('memoryBytes', `${ram.problem}: ${ram.sentence}`);
    const spare = workloadMax(ram.ram);
    const workload = spec.workloadBytes ?? spare;
    if (workload > spare) refuse('workloadBytes', `a machine of this size can spare ${spare} bytes`);
    if (spec.fillBytes > workload)
      refuse('fillBytes', `more than the ${workload} bytes of the guest program`);
    if (spec.load.workingSetBytes > workload)
      refuse('load.workingSetBytes', `more than the ${workload} bytes of the guest program`);
    if (spec.load.pagesPerSec > 0 && spec.load.workingSetBytes === 0)
      refuse('load.workingSetBytes', 'a rate needs a working set');
    if (spec.load.diskBlocksPerSec > 0 && spec.diskBytes === null)
      refuse('load.diskBlocksPerSec', 'a rate needs a disk');
  });
export type GuestSpec = z.output<typeof guestSpecSchema>;
export type GuestSpecInput = z.input<typeof guestSpecSchema>;

/** @throws GuestFailure `bad_guest` with every problem and its path */
export function parseGuestSpec(input: unknown): GuestSpec {
  const parsed = guestSpecSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new GuestFailure({ code: 'bad_guest', problems: specProblems(parsed.error) });
}

/** One sentence per problem, with where it is. */
export const specProblems = ({ issues }: z.ZodError): readonly string[] =>
  issues.map(({ path, message }) => `${path.join('.') || '(top)'}: ${message}`);

/** The machine's memory, and a sentence when it is not what was asked for. */
export function ramOf(spec: GuestSpec): { readonly ram: Bytes; readonly note: string | null } {
  const answer = guestRam(bytes(spec.memoryBytes));
  if (!answer.ok) throw new GuestFailure({ code: 'bad_guest', problems: [answer.sentence] });
  return answer;
}

/** What init and the guest program read: `sluice.` words of the kernel command line. */
export function kernelCommandLine(spec: GuestSpec): string {
  const { ram } = ramOf(spec);
  const words: Readonly<Record<string, string | number>> = {
    address: `${spec.ip}/${spec.prefixLength}`,
    ...(spec.gateway === null ? {} : { gateway: spec.gateway }),
    memory: spec.workloadBytes ?? workloadMax(ram),
    fill: spec.fillBytes,
    rate: spec.load.pagesPerSec,
    set: spec.load.workingSetBytes,
    pattern: spec.load.pattern,
    write: spec.load.writeBytes,
    ...(spec.load.diskBlocksPerSec === 0 ? {} : { disk_rate: spec.load.diskBlocksPerSec }),
    service: spec.guestPort,
    control: spec.controlPort,
  };
  const own = Object.entries(words).map(([key, value]) => `sluice.${key}=${value}`);
  return [...KERNEL_WORDS, ...own].join(' ');
}

/**
 * `no_timer_check`: on a busy host the emulated timer is late, and the kernel would take it for broken.
 * `transparent_hugepage=never`: the kernel would keep a third of a small machine's memory free for huge pages.
 */
const KERNEL_WORDS = ['console=ttyS0', 'quiet', 'panic=-1', 'no_timer_check', 'transparent_hugepage=never'];
