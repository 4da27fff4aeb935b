/**
 * A story as a user writes it: a network, VMs, application flows and migrations. One value is the schema, the
 * defaults and the type. Numbers only; the unit is in the name of the key. `stories/README.md` explains it in prose.
 */
import {
  MECHANISMS,
  OBJECTIVES,
  PRIORITY_MAX,
  REQUEST_DEFAULTS,
  TOGETHER_MAX,
} from '@sluice/controller/core';
import { inventorySchema } from '@sluice/topology';
import { z } from 'zod';
import { PAGE_BYTES, STORY_SEC_MAX, workloadSchema } from './workload.ts';

/** Written by hand, or by a program for the simulator; what real parts can do is less (`real-limits.ts`). */
const VMS_MAX = 10_000;
const FLOWS_MAX = 10_000;
const MIGRATIONS_MAX = 100_000;

const name = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/, 'a name: a letter, then up to 31 letters, digits, _ or -');
const rateBitsPerSec = z.number().positive();
const second = z.number().min(0).max(STORY_SEC_MAX);

const vmSchema = z.strictObject({
  name,
  /** The hypervisor it starts on. */
  host: name,
  ip: z.ipv4(),
  mac: z
    .string()
    .regex(/^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/, 'a unicast MAC in lower case: 02:00:00:00:01:01'),
  memoryBytes: z.number().int().min(PAGE_BYTES),
  /** The service that the VM offers its clients. */
  service: z.strictObject({ port: z.number().int().min(1).max(65_535).default(5000) }).prefault({}),
  /** What it writes to its memory; the phases count from the VM's start. */
  workload: workloadSchema,
});

const flowSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('guest'),
    name,
    vm: name,
    /** The host that talks to the VM's service. */
    client: name,
    /** download: the VM sends; upload: the client sends. */
    direction: z.enum(['download', 'upload']).default('download'),
    /** Payload rate the sender paces itself to; null = as fast as TCP can. */
    rateBitsPerSec: rateBitsPerSec.nullable(),
  }),
  z.strictObject({ kind: z.literal('udp'), name, from: name, to: name, rateBitsPerSec }),
  z.strictObject({
    kind: z.literal('tcp'),
    name,
    from: name,
    to: name,
    rateBitsPerSec: rateBitsPerSec.nullable(),
  }),
]);

const tenant = z.string().min(1).max(64);

const migrationSchema = z.strictObject({
  vm: name,
  destination: name,
  /** Seconds after the warm-up. */
  atSec: second.default(0),
  /** What decides the rate of each round. The unmanaged run replaces it by `unmanaged`. */
  policy: z.enum(['bda', 'bda-robust', 'minimum-energy', 'unmanaged']).default('bda'),
  downtimeLimitSec: z.number().positive().max(60),
  /** Limit on the total time; null = none. */
  deadlineSec: z.number().positive().nullable().default(null),
  /** Limits on the reservation, layer-2 wire rate; null = none. */
  rateMinBitsPerSec: rateBitsPerSec.nullable().default(null),
  rateMaxBitsPerSec: rateBitsPerSec.nullable().default(null),
  /** Rounds after round 0 at which the VM is stopped even if the downtime limit is out of reach. */
  roundsMax: z.number().int().min(1).max(1000).default(30),
  /** Raises the application floor of every link of the path while the migration is active; null = as in network. */
  applicationFloorBitsPerSec: z.number().min(0).nullable().default(null),
  /** Whose quota it counts in; null = nobody's. */
  tenant: tenant.nullable().default(null),
  /** The higher goes first when not everything fits. */
  priority: z.number().int().min(0).max(PRIORITY_MAX).default(REQUEST_DEFAULTS.priority),
  /** Weight of its time against that of others of the same priority. */
  weight: z.number().positive().default(REQUEST_DEFAULTS.weight),
  /** Booked for then, in seconds after the warm-up; null = begins when it is asked for. */
  startAtSec: second.nullable().default(null),
  /** Only held, and let go after so long unless it is committed; null = admitted at once. */
  holdForSec: z.number().positive().nullable().default(null),
  /** Whether it may take from migrations of a lower priority what they were promised. */
  mayPreempt: z.boolean().default(false),
  /** How memory may be moved; more than `precopy` lets a migration that stalls be rescued. */
  mechanisms: z
    .array(z.enum(MECHANISMS))
    .min(1)
    .default([...REQUEST_DEFAULTS.mechanisms]),
  /** Share of its CPU time that the guest may lose so that it converges; null = none. */
  throttleMax: z.number().gt(0).lt(1).nullable().default(null),
  /** VMs of the same host that are asked for along with it: mechanisms are chosen for all of them at once. */
  togetherWith: z.array(name).max(TOGETHER_MAX).default([]),
});

const fraction = z.number().min(0).max(0.9);
/** Settings of the controller that a story may change; what it leaves out stays at the controller's default. */
const controllerSchema = z.strictObject({
  /** Share of each link never promised. */
  headroomFraction: fraction.optional(),
  /** Share of (capacity − headroom) that applications above their floor cannot take from migrations. */
  migrationShareMin: fraction.optional(),
  deadlineMargin: fraction.optional(),
  migrationsMax: z.number().int().min(1).max(1000).optional(),
  /** minimum-energy: least ratio of rate to dirty rate. */
  speedup: z.number().min(1).max(10).optional(),
  /** P(R) = k0 · (R in Mbit/s)^alpha, in watts. */
  /** What the joint allocation makes least or most; `own` = each migration's own model. */
  objective: z.enum(OBJECTIVES).optional(),
  /** Everything is decided and told, nothing is done: for the simulator. */
  shadow: z.boolean().optional(),
  /** What each tenant may have at any instant, by its name. */
  tenantQuotas: z
    .record(
      tenant,
      z.strictObject({
        migrationsMax: z.number().int().min(0).nullable().default(null),
        rateMaxBitsPerSec: z.number().min(0).nullable().default(null),
      }),
    )
    .optional(),
  energy: z.strictObject({ k0: z.number().positive(), alpha: z.number().min(1).max(4) }).optional(),
});

export const storySchema = z.strictObject({
  name,
  description: z.string().default(''),
  network: inventorySchema,
  controller: controllerSchema.default({}),
  vms: z.array(vmSchema).min(1).max(VMS_MAX),
  flows: z.array(flowSchema).max(FLOWS_MAX).default([]),
  /** Sends a datagram to the VM's service every period; the longest gap is the downtime that a client sees. */
  prober: z
    .strictObject({
      client: name,
      vm: name,
      periodSec: z.number().min(0.001).max(1).default(0.005),
    })
    .nullable()
    .default(null),
  migrations: z.array(migrationSchema).min(1).max(MIGRATIONS_MAX),
  /** From the start of the VMs to the first possible migration; its last part is the window "before". */
  warmupSec: z.number().min(1).max(STORY_SEC_MAX).default(6),
  /** From the end of the last migration to the end of the run. */
  cooldownSec: z.number().min(0).max(STORY_SEC_MAX).default(2),
  /** A run that has not ended by then is ended as failed. */
  timeoutSec: z.number().min(5).max(STORY_SEC_MAX).default(120),
});

export type Story = z.output<typeof storySchema>;
export type StoryInput = z.input<typeof storySchema>;
export type StoryVm = Story['vms'][number];
export type StoryFlow = Story['flows'][number];
export type StoryMigration = Story['migrations'][number];
export type StoryPhase = StoryVm['workload']['phases'][number];
