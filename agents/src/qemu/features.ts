/**
 * What the QEMU at hand can do, asked of QEMU itself: names of its commands, migration capabilities and parameters.
 * Nothing is concluded from a version number; it only stands in the refusal.
 */
import { z } from 'zod';
import { DriverFailure } from '../hypervisor.ts';
import { type QemuVersion, type QmpClient, versionText } from './qmp/index.ts';

/** The features we use or tell of, each with what has to be there for it. */
const FEATURES = {
  announce: { parameters: ['announce-initial', 'announce-max', 'announce-rounds', 'announce-step'] },
  auto_converge: {
    capability: 'auto-converge',
    parameters: ['cpu-throttle-initial', 'max-cpu-throttle', 'throttle-trigger-threshold'],
  },
  /** From 8.2: how fast the stop-and-copy will be is told, no longer guessed from what was measured. */
  avail_switchover_bandwidth: { parameters: ['avail-switchover-bandwidth'] },
  /** From 8.2: a mirror changes from asynchronous to synchronous while it runs. */
  block_job_change: { commands: ['block-job-change'] },
  calc_dirty_rate: { commands: ['calc-dirty-rate', 'query-dirty-rate'] },
  compress: { capability: 'compress', parameters: ['compress-threads', 'compress-level'] },
  dirty_limit: { capability: 'dirty-limit', parameters: ['vcpu-dirty-limit'] },
  events: { capability: 'events' },
  max_postcopy_bandwidth: { parameters: ['max-postcopy-bandwidth'] },
  multifd: { capability: 'multifd', parameters: ['multifd-channels'] },
  pause_before_switchover: { capability: 'pause-before-switchover', commands: ['migrate-continue'] },
  postcopy_ram: { capability: 'postcopy-ram', commands: ['migrate-start-postcopy'] },
  postcopy_recovery: { commands: ['migrate-pause', 'migrate-recover'] },
  return_path: { capability: 'return-path' },
  storage: { commands: ['nbd-server-start', 'nbd-server-add', 'drive-mirror', 'block-job-cancel'] },
  switchover_ack: { capability: 'switchover-ack' },
  xbzrle: { capability: 'xbzrle', parameters: ['xbzrle-cache-size'] },
  zero_page_detection: { parameters: ['zero-page-detection'] },
} as const satisfies Readonly<Record<string, Requirement>>;

interface Requirement {
  readonly capability?: string;
  readonly parameters?: readonly string[];
  readonly commands?: readonly string[];
}

export type QemuFeature = keyof typeof FEATURES;

export interface QemuFeatures {
  readonly version: QemuVersion;
  has(feature: QemuFeature): boolean;
  /** @throws DriverFailure 'unsupported' that names feature and version */
  require(feature: QemuFeature): void;
  readonly names: readonly QemuFeature[];
}

export async function queryFeatures(client: QmpClient): Promise<QemuFeatures> {
  const [commands, capabilities, schema] = await Promise.all([
    client.execute('query-commands', {}, commandsSchema),
    client.execute('query-migrate-capabilities', {}, capabilitiesSchema),
    client.execute('query-qmp-schema', {}, introspectionSchema),
  ]);
  return featuresFrom({
    version: client.version,
    commands: new Set(commands.map(({ name }) => name)),
    capabilities: new Set(capabilities.map(({ capability }) => capability)),
    parameters: argumentsOf(schema, 'migrate-set-parameters'),
  });
}

export function featuresFrom(found: {
  readonly version: QemuVersion;
  readonly commands: ReadonlySet<string>;
  readonly capabilities: ReadonlySet<string>;
  readonly parameters: ReadonlySet<string>;
}): QemuFeatures {
  const isThere = ({ capability, parameters = [], commands = [] }: Requirement): boolean =>
    (capability === undefined || found.capabilities.has(capability)) &&
    parameters.every((name) => found.parameters.has(name)) &&
    commands.every((name) => found.commands.has(name));
  // Object.keys forgets the keys' type.
  const names = (Object.keys(FEATURES) as QemuFeature[]).filter((name) => isThere(FEATURES[name]));
  const has = (feature: QemuFeature): boolean => names.includes(feature);
  return {
    version: found.version,
    names,
    has,
    require(feature) {
      if (has(feature)) return;
      throw new DriverFailure('unsupported', `QEMU ${versionText(found.version)} has no ${feature}`);
    },
  };
}

const commandsSchema = z.array(z.object({ name: z.string() }));
const capabilitiesSchema = z.array(z.object({ capability: z.string(), state: z.boolean() }));
const introspectionSchema = z.array(
  z.object({
    name: z.string(),
    'arg-type': z.string().optional(),
    members: z.array(z.union([z.object({ name: z.string() }), z.unknown()])).optional(),
  }),
);

/** Names of a command's arguments. Types have made-up names in the introspection; only references are reliable. */
function argumentsOf(schema: z.output<typeof introspectionSchema>, command: string): ReadonlySet<string> {
  const type = schema.find(({ name }) => name === command)?.['arg-type'];
  const members = schema.find(({ name }) => name === type)?.members ?? [];
  return new Set(members.map((member) => memberSchema.parse(member).name));
}
const memberSchema = z.object({ name: z.string() });
