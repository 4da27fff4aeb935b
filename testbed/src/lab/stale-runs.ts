/**
 * Removes what a run owns: by process identity, by the run's variable in the environment of its descendants, by the
 * namespaces that bear its prefix, and by its prefix in the kernel's tables. Nothing else is touched.
 */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run, runOrEmpty } from './command.ts';
import { LabFailure } from './lab-failure.ts';
import { withMachineLock } from './machine-lock.ts';
import { poll } from './poll.ts';
import {
  isAlive,
  type ProcessIdentity,
  processesInNamespaces,
  processesWithVariable,
  signal,
} from './process-identity.ts';
import {
  isLive,
  manifestPath,
  RUN_VARIABLE,
  type RunManifest,
  readManifests,
  runDir,
} from './run-manifest.ts';
import { restoreSysctls } from './sysctl.ts';

const NETNS_DIR = '/run/netns';
/** A second does it on an idle machine; the kernel takes its time with namespaces on a loaded one. */
const REMOVE_TIMEOUT_MS = 20_000;

export interface StaleRun {
  readonly prefix: string;
  readonly label: string;
  readonly ended: number;
}

/** Cleans up after every run whose owner is dead; says which. */
export const cleanStaleRuns = (): Promise<readonly StaleRun[]> =>
  withMachineLock(async () => {
    const cleaned: StaleRun[] = [];
    for (const manifest of readManifests().filter((one) => !isLive(one)))
      cleaned.push({
        prefix: manifest.prefix,
        label: manifest.label,
        ended: await removeRun(manifest),
      });
    return cleaned;
  });

/**
 * Ends and removes everything of one run; says how many processes it had to end. The manifest goes last and only when
 * nothing else is left, so that the next start tries again.
 */
export async function removeRun(manifest: RunManifest): Promise<number> {
  const ended = new Set<number>();
  const gone = await poll('the end of the run', REMOVE_TIMEOUT_MS, async () => {
    for (const who of await sweep(manifest)) ended.add(who.pid);
    return (await remainsOf(manifest)).length === 0 ? true : null;
  }).catch(isTimedOut);
  restoreSysctls(manifest);
  if (gone) rmSync(manifestPath(manifest.prefix), { force: true });
  return ended.size;
}

/** Only the deadline may leave something for the next start; anything else is a fault, and is told. */
function isTimedOut(error: unknown): false {
  if (error instanceof LabFailure && error.detail.code === 'timed_out') return false;
  throw error;
}

/** One pass; a process that was just starting another may need a second. */
async function sweep(manifest: RunManifest): Promise<readonly ProcessIdentity[]> {
  const processes = processesOf(manifest);
  for (const who of processes) signal(who, 'SIGKILL');
  if (processes.some(isAlive)) return processes;
  for (const name of namespacesOf(manifest.prefix)) await runOrEmpty('ip', ['netns', 'delete', name]);
  for (const name of await devicesOf(manifest.prefix)) await runOrEmpty('ip', ['link', 'delete', name]);
  rmSync(runDir(manifest.prefix), { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  return processes;
}

/** Names of what is still there; empty when the run has left no trace but its manifest. */
export async function remainsOf(manifest: RunManifest): Promise<readonly string[]> {
  return [
    ...processesOf(manifest).map((who) => `process ${who.pid}`),
    ...namespacesOf(manifest.prefix).map((name) => `namespace ${name}`),
    ...(await devicesOf(manifest.prefix)).map((name) => `device ${name}`),
    ...(existsSync(runDir(manifest.prefix)) ? [`directory ${runDir(manifest.prefix)}`] : []),
  ];
}

function processesOf(manifest: RunManifest): readonly ProcessIdentity[] {
  const found = [
    ...manifest.processes.filter(isAlive),
    ...processesWithVariable(RUN_VARIABLE, manifest.prefix),
    ...processesInNamespaces(namespaceInodes(manifest.prefix)),
  ];
  return [...new Map(found.map((who) => [who.pid, who])).values()];
}

/** Namespaces that `ip netns` knows under names of this run. */
export const namespacesOf = (prefix: string): readonly string[] =>
  (existsSync(NETNS_DIR) ? readdirSync(NETNS_DIR) : []).filter((name) => name.startsWith(`${prefix}-`));

function namespaceInodes(prefix: string): ReadonlySet<number> {
  const own = statSync('/proc/self/ns/net').ino;
  // The network's own process deletes namespaces, too, once its owner is dead; a name may be gone by now.
  const inodes = namespacesOf(prefix).map((name) => inodeOf(join(NETNS_DIR, name)));
  return new Set(inodes.filter((inode): inode is number => inode !== null && inode !== own));
}

const inodeOf = (path: string): number | null => statSync(path, { throwIfNoEntry: false })?.ino ?? null;

/** Devices of the root namespace that bear this run's prefix. */
export async function devicesOf(prefix: string): Promise<readonly string[]> {
  const links: unknown = JSON.parse(await run('ip', ['-json', 'link', 'show']));
  if (!Array.isArray(links)) return [];
  return links
    .map((link: { ifname?: unknown }) => String(link.ifname))
    .filter((name) => name.startsWith(prefix));
}
