/**
 * A lab on real parts: its own Open vSwitch and Redis, networks in Mininet, processes in their hosts. Everything it
 * starts is written down first and removed by `close`, or by the next start when this process was killed.
 */
import { mkdirSync } from 'node:fs';
import { LabFailure } from './lab-failure.ts';
import { type LabProcess, type SpawnOptions, startProcess } from './lab-process.ts';
import { withMachineLock } from './machine-lock.ts';
import { buildNetwork, type Network } from './mininet-network.ts';
import type { NetworkSpec } from './network-spec.ts';
import { type PrivateRedis, startPrivateRedis } from './private-redis.ts';
import { type PrivateSwitchd, startPrivateSwitchd } from './private-switchd.ts';
import {
  isLive,
  newManifest,
  RUN_VARIABLE,
  type RunManifest,
  readManifests,
  runDir,
  writeManifest,
} from './run-manifest.ts';
import { cleanStaleRuns, remainsOf, removeRun } from './stale-runs.ts';
import { makeSwitchNamespace, type SwitchNamespace } from './switch-namespace.ts';
import { applySysctls, claimSysctls } from './sysctl.ts';

export interface LabOptions {
  /** Said by `cleanStaleRuns` when it removes what a killed run left. */
  readonly label: string;
  readonly note?: (line: string) => void;
}

export interface Lab {
  /** Begins every name the lab makes in the kernel. */
  readonly prefix: string;
  /** For sockets and logs; removed at the end. */
  readonly dir: string;
  /** Where the controller must listen, so that the switches reach it from their namespace. */
  readonly controllerIp: string;
  /** Holds the switches' devices. */
  readonly switchNamespace: string;
  readonly switchd: PrivateSwitchd;
  readonly redis: PrivateRedis;
  buildNetwork(
    spec: NetworkSpec,
    controller: { readonly ip: string; readonly port: number },
  ): Promise<Network>;
  /** A process that ends with the lab; also its descendants, which inherit the run's variable. */
  spawn(options: SpawnOptions): LabProcess;
  /** A Node program, in a host's namespace or in the root namespace. */
  spawnNode(options: Omit<SpawnOptions, 'command'> & { readonly entry: string }): LabProcess;
  /** Ends and removes everything; throws LabFailure `left_behind` when something stays. Idempotent. */
  close(): Promise<void>;
}

export async function openLab({ label, note = () => undefined }: LabOptions): Promise<Lab> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new LabFailure({
      code: 'not_permitted',
      what: 'a lab on real parts needs root on Linux',
      fix: 'run it with sudo, or use --simulate',
    });
  for (const stale of await cleanStaleRuns())
    note(`removed what a killed run left: ${stale.label} (${stale.prefix})`);
  const run = await beginRun(label);
  try {
    const start = run.start;
    const namespace = await makeSwitchNamespace(run.prefix);
    const switchd = await startPrivateSwitchd({ namespace: namespace.name, dir: run.dir, start });
    const redis = await startPrivateRedis({ dir: run.dir, start });
    return labOf(run, namespace, switchd, redis);
  } catch (cause) {
    await endRun(run);
    throw cause;
  }
}

/** The part of a lab that exists before its servers: manifest, directory, settings, processes. */
interface Run {
  readonly prefix: string;
  readonly dir: string;
  readonly manifest: () => RunManifest;
  readonly processes: readonly LabProcess[];
  readonly start: (options: SpawnOptions) => LabProcess;
}

const beginRun = (label: string): Promise<Run> =>
  withMachineLock(async () => {
    const others = readManifests().filter(isLive);
    const fresh = newManifest(label);
    let manifest: RunManifest = { ...fresh, sysctls: claimSysctls(others) };
    writeManifest(manifest);
    applySysctls(manifest.sysctls);
    const dir = runDir(manifest.prefix);
    mkdirSync(dir, { recursive: true, mode: 0o755 });
    const processes: LabProcess[] = [];
    const start = (options: SpawnOptions): LabProcess => {
      const process = startProcess(options, { [RUN_VARIABLE]: manifest.prefix });
      processes.push(process);
      const known = [...manifest.processes, { name: options.name, ...process.identity }];
      manifest = { ...manifest, processes: known.filter((one) => isRunning(one.pid, processes)) };
      writeManifest(manifest);
      return process;
    };
    return { prefix: manifest.prefix, dir, manifest: () => manifest, processes, start };
  });

const isRunning = (pid: number, processes: readonly LabProcess[]): boolean =>
  processes.some((process) => process.pid === pid && process.running);

function labOf(run: Run, namespace: SwitchNamespace, switchd: PrivateSwitchd, redis: PrivateRedis): Lab {
  const networks: Network[] = [];
  const own = new Set<LabProcess>();
  const spawn = (options: SpawnOptions): LabProcess => {
    const process = run.start(options);
    own.add(process);
    return process;
  };
  const shutDown = async () => {
    for (const process of [...own].reverse()) await process.stop();
    for (const network of networks.reverse()) await network.close();
    await redis.close();
    await switchd.close();
    await endRun(run);
  };
  let closing: Promise<void> | null = null;
  return {
    prefix: run.prefix,
    dir: run.dir,
    controllerIp: namespace.controllerIp,
    switchNamespace: namespace.name,
    switchd,
    redis,
    buildNetwork: async (spec, controller) => {
      const network = await buildNetwork({
        prefix: run.prefix,
        namespace: namespace.name,
        spec,
        controller,
        switchd,
        start: run.start,
      });
      networks.push(network);
      return network;
    },
    spawn,
    spawnNode: ({ entry, args, ...rest }) =>
      spawn({ ...rest, command: process.execPath, args: [entry, ...args] }),
    close: () => {
      closing ??= shutDown();
      return closing;
    },
  };
}

async function endRun(run: Run): Promise<void> {
  for (const process of [...run.processes].reverse()) await process.stop();
  await withMachineLock(() => removeRun(run.manifest()));
  const things = await remainsOf(run.manifest());
  if (things.length > 0) throw new LabFailure({ code: 'left_behind', things });
}
