/**
 * The controller's configuration: schema, documentation and defaults in one value. The only reader of process.env.
 * Precedence: environment (SLUICE_*), then the file, then the defaults. All problems are reported at once.
 */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Inventory, inventorySchema } from '@sluice/topology';
import { bitsPerSec, fromSeconds, type Millis, millis, toSeconds } from '@sluice/units';
import { z } from 'zod';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import { type ConfigFile, readConfigText } from './config-file.ts';
import { type CoreConfig, DEFAULT_CORE_CONFIG, OBJECTIVES } from './core/index.ts';

/** Largest configuration or inventory file; a topology of thousands of links is a tenth of it. */
const FILE_BYTES_MAX = 4 << 20;

const port = z.int().min(0).max(65_535);
const host = z.string().min(1).max(255);
const fraction = (max: number) => z.number().min(0).max(max).optional();
const seconds = z.number().positive().max(3600).optional();
/** What a tenant may have at any instant; null = no limit. */
const tenantQuota = z
  .strictObject({
    migrationsMax: z.int().min(0).nullable().default(null),
    rateMaxBitsPerSec: z.number().min(0).nullable().default(null),
  })
  .transform(({ migrationsMax, rateMaxBitsPerSec }) => ({
    migrationsMax,
    rateMax: rateMaxBitsPerSec === null ? null : bitsPerSec(rateMaxBitsPerSec),
  }));

export const configSchema = z
  .strictObject({
    /** Switches, hosts and links of record; this or inventoryFile. */
    inventory: inventorySchema,
    http: z
      .strictObject({
        host: host.default('127.0.0.1'),
        /** 0 = any free port. */
        port: port.default(8470),
        /** Names under which browsers may reach it, beside localhost; guards against DNS rebinding. */
        allowedHosts: z.array(host).max(100).default([]),
        /** The API knows no users: to listen beyond loopback is a decision. */
        allowRemote: z.boolean().default(false),
      })
      .prefault({}),
    openflow: z.strictObject({ host: host.default('127.0.0.1'), port: port.default(6653) }).prefault({}),
    ovsdb: z
      .strictObject({
        /** `unix:/run/openvswitch/db.sock` or `tcp:127.0.0.1:6640`; one may serve several bridges. */
        endpoints: z
          .array(z.string().regex(/^(unix:\/.+|(tcp|ssl):.+:\d+)$/, 'unix:/PATH or tcp:HOST:PORT'))
          .max(1000)
          .default(['unix:/run/openvswitch/db.sock']),
      })
      .prefault({}),
    redis: z
      .union(
        [
          z.strictObject({ url: z.string().regex(/^rediss?:\/\/.+/) }),
          z.strictObject({ socketPath: z.string().startsWith('/') }),
        ],
        'either { url: redis://HOST:PORT } or { socketPath: /PATH }',
      )
      .default({ url: 'redis://127.0.0.1:6379' }),
    /** Separates installations that share one Redis. */
    prefix: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/, 'up to 32 letters, digits, _ or -')
      .default('sluice'),
    /** What differs from the core's own defaults; see CoreConfig for the meaning. */
    core: z
      .strictObject({
        headroomFraction: fraction(0.9),
        migrationShareMin: fraction(1),
        rateCapFraction: z.number().positive().max(1).optional(),
        /** Above 0: acknowledgements are never nothing. */
        reverseFraction: z.number().positive().max(0.5).optional(),
        agentLeaseSec: seconds,
        stepTimeoutSec: seconds,
        progressTimeoutSec: seconds,
        migrationsMax: z.int().min(1).max(10_000).optional(),
        energy: z.strictObject({ k0: z.number().positive(), alpha: z.number().min(1).max(10) }).optional(),
        speedup: z.number().min(1).max(1000).optional(),
        switchoverOverheadSec: z.number().min(0).max(60).optional(),
        deadlineMargin: fraction(0.9),
        tenantQuotas: z.record(z.string().min(1).max(64), tenantQuota).optional(),
        stallRatio: z.number().positive().max(10).optional(),
        stallWeight: z.number().positive().max(1).optional(),
        stallRoundsMax: z.int().min(1).max(1000).optional(),
      })
      .prefault({})
      .transform(coreConfig),
    /** How the rates of all migrations are divided; see docs/control-loop.md. */
    allocation: z
      .strictObject({
        /** What is made least or most: each migration's own model, time, net rate, or max-min fairness. */
        objective: z.enum(OBJECTIVES).default(DEFAULT_CORE_CONFIG.objective),
        /** What a second of remaining time costs beside the joules of minimum-energy. */
        secondsCostJoule: z.number().positive().max(1e6).default(DEFAULT_CORE_CONFIG.secondsCostJoule),
        /** Mid-round changes smaller than this share of the rate wait for the next boundary. */
        reallocationMin: z.number().min(0).max(0.5).default(DEFAULT_CORE_CONFIG.reallocationMin),
        /** How long a sender may take to lower its cap before the network is lowered all the same. */
        lowerTimeoutSec: z.number().positive().max(60).default(toSeconds(DEFAULT_CORE_CONFIG.lowerTimeout)),
        /** Work of one reallocation, in the solver's units; then its last feasible point is used. */
        workMax: z.int().min(1).default(DEFAULT_CORE_CONFIG.allocationWorkMax),
      })
      .prefault({})
      .transform(({ lowerTimeoutSec, workMax, ...same }) => ({
        ...same,
        lowerTimeout: fromSeconds(lowerTimeoutSec),
        allocationWorkMax: workMax,
      })),
    /** Decide, answer and tell what would be done, but send nothing to hosts and connect no switch. */
    shadow: z.boolean().default(false),
    /** How often the core is told that time has passed; leases and timeouts are only as fine as this. */
    tickMs: z.int().min(10).max(250).default(100).transform(millis),
    /** Checks every promise of the core after each input; costs little, and stops a bug before it reaches a switch. */
    checkInvariants: z.boolean().default(true),
    logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  })
  .superRefine((config, context) => {
    const complain = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    if (!isLoopback(config.http.host) && !config.http.allowRemote)
      complain(
        ['http', 'host'],
        `${config.http.host} is reachable by others and the API knows no users; set http.allowRemote: true if that is meant`,
      );
  });
/** Parsed and frozen, with the units in the types. */
export type Config = z.output<typeof configSchema>;
/** As it is written: defaults may be left out. */
export type ConfigInput = z.input<typeof configSchema>;

export const isLoopback = (name: string): boolean =>
  /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/.test(name);

/** @throws ConfigError with every problem */
export function parseConfig(input: unknown): Config {
  const parsed = configSchema.safeParse(input);
  if (parsed.success) return deepFreeze(parsed.data);
  throw new ConfigError(parsed.error.issues.flatMap((issue) => problemsOf(issue, null)));
}

/**
 * Reads YAML or JSON. `inventoryFile` is relative to the file that names it.
 * @throws ConfigError with every problem and its file, line and column
 */
export async function loadConfig(file: string, env: NodeJS.ProcessEnv = process.env): Promise<Config> {
  const main = await open(file);
  const { input, inventory, problems } = await withInventory(main);
  const parsed = configSchema.safeParse(withEnvironment(input, env));
  if (parsed.success && problems.length === 0) return deepFreeze(parsed.data);
  const issues = parsed.error?.issues ?? [];
  throw new ConfigError([
    ...problems,
    ...issues.flatMap((issue) =>
      inventory && issue.path[0] === 'inventory'
        ? problemsOf({ ...issue, path: issue.path.slice(1) }, inventory)
        : problemsOf(issue, main),
    ),
  ]);
}

/** Reads and checks an inventory file on its own. */
export async function loadInventory(file: string): Promise<Inventory> {
  const opened = await open(file);
  const parsed = inventorySchema.safeParse(opened.value);
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.flatMap((issue) => problemsOf(issue, opened)));
}

async function open(file: string): Promise<ConfigFile> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ConfigError([{ file, line: null, column: null, path: '', message }]);
  }
  if (text.length > FILE_BYTES_MAX)
    throw new ConfigError([
      { file, line: null, column: null, path: '', message: `larger than ${FILE_BYTES_MAX} bytes` },
    ]);
  return readConfigText(file, text);
}

interface WithInventory {
  readonly input: unknown;
  readonly inventory: ConfigFile | null;
  readonly problems: readonly ConfigProblem[];
}

/** Puts the content of `inventoryFile` in the place of `inventory`. */
async function withInventory(main: ConfigFile): Promise<WithInventory> {
  const value = main.value;
  if (typeof value !== 'object' || value === null || !('inventoryFile' in value))
    return { input: value, inventory: null, problems: [] };
  const { inventoryFile, ...rest } = value;
  const problem = (message: string) => ({ ...main.place(['inventoryFile']), path: 'inventoryFile', message });
  if ('inventory' in rest)
    return {
      input: rest,
      inventory: null,
      problems: [problem('inventory is given, too; keep one of the two')],
    };
  if (typeof inventoryFile !== 'string')
    return { input: rest, inventory: null, problems: [problem('the name of a file')] };
  const inventory = await open(resolve(dirname(main.file), inventoryFile));
  return { input: { ...rest, inventory: inventory.value }, inventory, problems: [] };
}

/** Environment variables that stand above the file. */
export const ENVIRONMENT = {
  SLUICE_HTTP_HOST: ['http', 'host'],
  SLUICE_HTTP_PORT: ['http', 'port'],
  SLUICE_OPENFLOW_HOST: ['openflow', 'host'],
  SLUICE_OPENFLOW_PORT: ['openflow', 'port'],
  SLUICE_REDIS_URL: ['redis', 'url'],
  SLUICE_REDIS_SOCKET: ['redis', 'socketPath'],
  SLUICE_PREFIX: ['prefix'],
  SLUICE_LOG_LEVEL: ['logLevel'],
} as const;

function withEnvironment(input: unknown, env: NodeJS.ProcessEnv): unknown {
  if (typeof input !== 'object' || input === null) return input;
  let result: Record<string, unknown> = { ...input };
  for (const [name, [section, field]] of Object.entries(ENVIRONMENT)) {
    const text = env[name];
    if (text === undefined || text === '') continue;
    const value = field === 'port' && /^\d+$/.test(text) ? Number(text) : text;
    if (field === undefined) result = { ...result, [section]: value };
    // A Redis is reached in one way: the environment's replaces the file's.
    else if (section === 'redis') result = { ...result, redis: { [field]: value } };
    else result = { ...result, [section]: { ...(result[section] as object | undefined), [field]: value } };
  }
  return result;
}

interface CoreInput {
  readonly headroomFraction?: number | undefined;
  readonly migrationShareMin?: number | undefined;
  readonly rateCapFraction?: number | undefined;
  readonly reverseFraction?: number | undefined;
  readonly agentLeaseSec?: number | undefined;
  readonly stepTimeoutSec?: number | undefined;
  readonly progressTimeoutSec?: number | undefined;
  readonly migrationsMax?: number | undefined;
  readonly energy?: { readonly k0: number; readonly alpha: number } | undefined;
  readonly speedup?: number | undefined;
  readonly switchoverOverheadSec?: number | undefined;
  readonly deadlineMargin?: number | undefined;
  readonly tenantQuotas?: CoreConfig['tenantQuotas'] | undefined;
  readonly stallRatio?: number | undefined;
  readonly stallWeight?: number | undefined;
  readonly stallRoundsMax?: number | undefined;
}

function coreConfig(input: CoreInput): CoreConfig {
  const fallback = DEFAULT_CORE_CONFIG;
  const time = (value: number | undefined, otherwise: Millis) =>
    value === undefined ? otherwise : fromSeconds(value);
  return {
    ...fallback,
    headroomFraction: input.headroomFraction ?? fallback.headroomFraction,
    migrationShareMin: input.migrationShareMin ?? fallback.migrationShareMin,
    rateCapFraction: input.rateCapFraction ?? fallback.rateCapFraction,
    reverseFraction: input.reverseFraction ?? fallback.reverseFraction,
    agentLease: time(input.agentLeaseSec, fallback.agentLease),
    stepTimeout: time(input.stepTimeoutSec, fallback.stepTimeout),
    progressTimeout: time(input.progressTimeoutSec, fallback.progressTimeout),
    migrationsMax: input.migrationsMax ?? fallback.migrationsMax,
    energy: input.energy ?? fallback.energy,
    speedup: input.speedup ?? fallback.speedup,
    switchoverOverhead: time(input.switchoverOverheadSec, fallback.switchoverOverhead),
    deadlineMargin: input.deadlineMargin ?? fallback.deadlineMargin,
    tenantQuotas: input.tenantQuotas ?? fallback.tenantQuotas,
    stallRatio: input.stallRatio ?? fallback.stallRatio,
    stallWeight: input.stallWeight ?? fallback.stallWeight,
    stallRoundsMax: input.stallRoundsMax ?? fallback.stallRoundsMax,
  };
}

function problemsOf(issue: z.core.$ZodIssue, file: ConfigFile | null): readonly ConfigProblem[] {
  const at = (path: readonly PropertyKey[], message: string): ConfigProblem => ({
    ...(file?.place(path) ?? { file: null, line: null, column: null }),
    path: path.map(String).join('.'),
    message,
  });
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) =>
      at([...issue.path, key], 'unknown setting; remove it or correct its spelling'),
    );
  return [at(issue.path, issue.message)];
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
