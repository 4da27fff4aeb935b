/**
 * What a run of the lab owns, written down before it exists, so that the next start can remove what a killed one
 * left. One file per run in /run/sluice; names of everything in the kernel begin with the run's prefix.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { identityOf, isAlive } from './process-identity.ts';

/** A short path, because a unix socket's is at most 108 bytes. */
export const RUNS_DIR = '/run/sluice';
/** Environment variable that every process of a run carries, and its descendants with it. */
export const RUN_VARIABLE = 'SLUICE_LAB_RUN';

const identitySchema = z.strictObject({ pid: z.number().int(), startTicks: z.number().int() });
const manifestSchema = z.strictObject({
  version: z.literal(1),
  prefix: z.string().regex(/^sl[0-9a-f]{4}$/),
  label: z.string(),
  owner: identitySchema,
  startedAt: z.string(),
  processes: z.array(identitySchema.extend({ name: z.string() })),
  /** Kernel settings this run relies on, with the value to put back. */
  sysctls: z.array(z.strictObject({ name: z.string(), before: z.string(), raised: z.string() })),
});
export type RunManifest = z.output<typeof manifestSchema>;

export const manifestPath = (prefix: string): string => join(RUNS_DIR, `${prefix}.json`);
export const runDir = (prefix: string): string => join(RUNS_DIR, prefix);

/** A manifest for this process with a prefix that no other run uses. */
export function newManifest(label: string): RunManifest {
  mkdirSync(RUNS_DIR, { recursive: true, mode: 0o755 });
  const taken = new Set(readManifests().map((manifest) => manifest.prefix));
  let prefix = '';
  do prefix = `sl${randomBytes(2).toString('hex')}`;
  while (taken.has(prefix));
  const owner = identityOf(process.pid);
  if (owner === null) throw new Error('this process does not find itself in /proc');
  return {
    version: 1,
    prefix,
    label,
    owner,
    startedAt: new Date().toISOString(),
    processes: [],
    sysctls: [],
  };
}

/** Replaces the file as a whole, so that a reader never sees half of one. */
export function writeManifest(manifest: RunManifest): void {
  const path = manifestPath(manifest.prefix);
  writeFileSync(`${path}.new`, `${JSON.stringify(manifest)}\n`);
  renameSync(`${path}.new`, path);
}

/** Every readable manifest on this machine; a file that is not one of ours is left alone. */
export function readManifests(): readonly RunManifest[] {
  return listRunsDir()
    .filter((name) => /^sl[0-9a-f]{4}\.json$/.test(name))
    .map((name) => readManifest(join(RUNS_DIR, name)))
    .filter((manifest) => manifest !== null);
}

export const isLive = (manifest: RunManifest): boolean => isAlive(manifest.owner);

function readManifest(path: string): RunManifest | null {
  try {
    const parsed = manifestSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function listRunsDir(): readonly string[] {
  try {
    return readdirSync(RUNS_DIR);
  } catch {
    return [];
  }
}
