/** The agent's configuration as it is written in its JSON file. Every problem is reported at once, with its path. */
import { z } from 'zod';
import { HEARTBEAT_PERIOD_MS } from './contract/index.ts';

export const PAGE_BYTES = 4096;
/** A VM's image is one Buffer; Node's largest is well above this, the machine's memory usually is not. */
export const VM_MEMORY_BYTES_MAX = 16 * 1024 ** 3;
/** Kernel limit: IFNAMSIZ is 16 with the closing zero. */
const DEVICE_NAME_MAX = 15;
/** Control sockets lie under the state directory, and a unix socket's path may have 107 characters. */
const STATE_DIR_LENGTH_MAX = 50;

/** Names that end up in `ip` and `tc` argument lists and in paths. */
const name = z
  .string()
  .min(1)
  .max(32)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    'letters, digits, dot, dash and underscore, not starting with a dash',
  );
const deviceName = name.max(DEVICE_NAME_MAX);
const mac = z
  .string()
  .regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/, 'six lower-case hex bytes with colons')
  .refine(
    (text) => (Number.parseInt(text.slice(0, 2), 16) & 1) === 0,
    'a unicast address has an even first byte',
  );

const phaseSchema = z.strictObject({
  durationSec: z.number().positive(),
  dirtyRateBytesPerSec: z.number().min(0),
  workingSetBytes: z.number().int().min(PAGE_BYTES),
  pattern: z.enum(['cyclic', 'random']).default('cyclic'),
});

const burstSchema = z.strictObject({
  periodSec: z.number().positive(),
  durationSec: z.number().positive(),
  /** On top of the phase's rate. */
  dirtyRateBytesPerSec: z.number().positive(),
});

export const dirtyProfileSchema = z.strictObject({
  phases: z.array(phaseSchema).min(1).max(100),
  /** true: after the last phase comes the first again; false: the last one stays. */
  repeat: z.boolean().default(false),
  burst: burstSchema.nullable().default(null),
});
export type DirtyProfile = z.output<typeof dirtyProfileSchema>;

export const vmConfigSchema = z
  .strictObject({
    vmId: name,
    memoryBytes: z.number().int().min(PAGE_BYTES).max(VM_MEMORY_BYTES_MAX).multipleOf(PAGE_BYTES),
    mac,
    ip: z.ipv4(),
    prefixLength: z.number().int().min(1).max(32).default(24),
    /** null: a VM without a network (it still has memory and can be migrated); needs no root. */
    network: z
      .strictObject({
        /** Network namespace of the VM, created with it. */
        namespace: name,
        /** Host end of the VM's veth; unique on the machine because it moves between hosts' namespaces. */
        hostDevice: deviceName,
        gateway: z.ipv4().nullable().default(null),
        /** TCP congestion control of the VM's namespace, if allowed on this machine; null: what it inherits. */
        congestionControl: name.nullable().default(null),
        /** Permanent neighbour entries inside the VM. */
        neighbours: z.array(z.strictObject({ ip: z.ipv4(), mac })).default([]),
      })
      .nullable(),
    /** TCP and UDP port of the guest service; null: no guest service. */
    guestPort: z.number().int().min(0).max(65_535).nullable().default(5000),
    dirty: dirtyProfileSchema,
  })
  .refine(
    (vm) => vm.dirty.phases.every((phase) => phase.workingSetBytes <= vm.memoryBytes),
    'a working set cannot be larger than memoryBytes',
  );
export type VmConfig = z.output<typeof vmConfigSchema>;

/** Ports on which migrations are taken in. */
const portsSchema = z
  .strictObject({ first: z.number().int().min(1024), last: z.number().int().max(65_535) })
  .refine(({ first, last }) => last > first, 'last has to be above first');

const absolutePath = z.string().startsWith('/').max(4096);

/** A connection as libvirt writes it: driver, transport, host, path. Never an option of virsh. */
const libvirtUri = z
  .string()
  .max(1024)
  .regex(/^[a-z][a-z0-9+.-]*:\/\/\S*$/, 'a libvirt URI such as qemu:///system');

/** Which hypervisor runs this host's VMs. */
const hypervisorSchema = z.discriminatedUnion('kind', [
  /** Our own, described by `vms`. */
  z.strictObject({ kind: z.literal('emulated') }),
  /** Guests that run in QEMU, started by somebody else. */
  z.strictObject({
    kind: z.literal('qemu'),
    /** One `VMID.json` per QEMU process of this host. */
    guestsDir: absolutePath,
    /**
     * Command that starts a QEMU with `-incoming defer` and the machine of the VM whose id is added as the last
     * argument; prints the guest's record and exits with 0. null: such a guest has to be there already.
     */
    launchIncoming: z.array(z.string().min(1)).min(1).max(64).nullable().default(null),
    /** Memory on the even ones, disks on the odd ones. */
    ports: portsSchema.default({ first: 49_152, last: 49_407 }),
    /** A stream on which nothing moves for this long is given up in pre-copy and paused in post-copy. */
    stallLimitMs: z.number().int().min(500).max(600_000).default(5000),
    /** How often a running guest's dirty rate is sampled; 0: never, it is known from migrations alone. */
    dirtyRatePeriodMs: z.number().int().min(0).max(3_600_000).default(15_000),
  }),
  /** Domains of a libvirt daemon, defined and started by somebody else. */
  z.strictObject({
    kind: z.literal('libvirt'),
    /** This host's daemon. */
    uri: libvirtUri.default('qemu:///system'),
    /** Another host's daemon as this host's daemon reaches it; `{ip}`: the address that host takes migrations in at. */
    destinationUri: libvirtUri.default('qemu+ssh://{ip}/system'),
    /** virsh, and what has to stand before its own arguments. */
    virsh: z.array(z.string().min(1)).min(1).max(64).default(['virsh']),
    /**
     * exact: caps are given to QEMU itself by `qemu-monitor-command`, to the byte per second; libvirt then marks the
     * domain as tainted. mebibytes: in libvirt's own words, whole MiB/s (8.4 Mbit/s), rounded down.
     */
    rates: z.enum(['exact', 'mebibytes']).default('exact'),
    /** Above those that libvirt takes by itself, 49152 to 49215. */
    ports: portsSchema.default({ first: 49_216, last: 49_407 }),
    stallLimitMs: z.number().int().min(500).max(600_000).default(5000),
    dirtyRatePeriodMs: z.number().int().min(0).max(3_600_000).default(15_000),
  }),
]);
export type HypervisorConfig = z.output<typeof hypervisorSchema>;
export type QemuConfig = Extract<HypervisorConfig, { kind: 'qemu' }>;

export const agentConfigSchema = z
  .strictObject({
    hostId: name,
    redis: z.union([
      z.strictObject({ url: z.string().regex(/^rediss?:\/\//, 'redis:// or rediss://') }),
      z.strictObject({ socketPath: z.string().startsWith('/') }),
    ]),
    prefix: name.default('sluice'),
    nic: z.strictObject({
      device: deviceName,
      capacityBitsPerSec: z.number().positive(),
      /** Address on which the destination listens for migrations. */
      ip: z.ipv4(),
      bridge: deviceName.default('br0'),
      /** htb: one class per migration on the device (root only). none: the device is left as it is. */
      shaping: z.enum(['htb', 'none']).default('htb'),
    }),
    /** Absolute; one per host. What lies in it outlives the agent, and a restarted agent adopts it. */
    stateDir: z.string().startsWith('/').max(STATE_DIR_LENGTH_MAX),
    /** Name (`ip netns`) of the network namespace the agent runs in; null only when no VM has a network. */
    networkNamespace: name.nullable().default(null),
    hypervisor: hypervisorSchema.default({ kind: 'emulated' }),
    /** Of the emulated hypervisor. Started at the first start with this state directory, and never a second time: they may have moved away. */
    vms: z.array(vmConfigSchema).default([]),
    /**
     * Migrations that can be taken back are ended when neither Redis nor a controller has been heard for so long. A
     * controller takes an agent for lost earlier (`core.agentLeaseSec`).
     */
    leaseMs: z.number().int().min(500).max(600_000).default(5000),
    heartbeatMs: z.number().int().min(50).max(60_000).default(HEARTBEAT_PERIOD_MS),
    /** Whether `close()` and SIGTERM end the VMs, too. */
    destroyVmsOnClose: z.boolean().default(false),
    logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  })
  .refine(
    (config) => config.networkNamespace !== null || config.vms.every((vm) => vm.network === null),
    'a VM with a network needs networkNamespace, the name of the namespace the agent runs in',
  )
  .refine(
    (config) => config.hypervisor.kind === 'emulated' || config.vms.length === 0,
    'vms are for the emulated hypervisor; others find theirs',
  )
  .refine(
    (config) => new Set(config.vms.map((vm) => vm.vmId)).size === config.vms.length,
    'two VMs have the same vmId',
  );
/** After parsing: every default filled in. */
export type AgentConfig = z.output<typeof agentConfigSchema>;
/** As written by a user or the lab: defaults may be left out. */
export type AgentConfigInput = z.input<typeof agentConfigSchema>;

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: readonly { readonly path: string; readonly message: string }[]) {
    super(
      `configuration: ${problems.map(({ path, message }) => `${path || '(top)'}: ${message}`).join('; ')}`,
    );
  }
}

/** @throws ConfigError naming every problem, each with its path. */
export function parseAgentConfig(input: unknown): AgentConfig {
  const parsed = agentConfigSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
  );
}
