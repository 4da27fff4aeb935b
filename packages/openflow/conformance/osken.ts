/**
 * os-ken (Debian package python3-os-ken), a second implementation: messages that it builds, and what it reads in
 * messages of others.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { WireVersion } from './ovs-ofctl.ts';

/** Debian's interpreter: another Python on the path would not see Debian's packages. */
const PYTHON = '/usr/bin/python3';
const PROGRAM = fileURLToPath(new URL('./osken.py', import.meta.url));
const RUN_MS_MAX = 120_000;
const OUTPUT_BYTES_MAX = 256 * 1024 * 1024;

export interface OskenMessage {
  readonly version: WireVersion;
  readonly text: string;
  readonly hex: string;
}

/** What os-ken says to one message: its JSON form, or why there is none. */
export type OskenReading =
  | { readonly ok: true; readonly json: Readonly<Record<string, unknown>> | null }
  | { readonly ok: false; readonly error: string };

export const hasOsken = (): boolean =>
  spawnSync(PYTHON, ['-c', 'import os_ken.ofproto.ofproto_v1_5'], { stdio: 'ignore' }).status === 0;

export function oskenMessages(): readonly OskenMessage[] {
  return run('build', '').map((line) => JSON.parse(line) as OskenMessage);
}

/** One answer for each message, in order. */
export function oskenReadings(hex: readonly string[]): readonly OskenReading[] {
  const lines = run('parse', `${hex.join('\n')}\n`);
  if (lines.length !== hex.length)
    throw new Error(`os-ken answered ${lines.length} of ${hex.length} messages`);
  return lines.map((line) => JSON.parse(line) as OskenReading);
}

function run(mode: 'build' | 'parse', input: string): readonly string[] {
  const { stdout, stderr, status } = spawnSync(PYTHON, [PROGRAM, mode], {
    input,
    encoding: 'utf8',
    timeout: RUN_MS_MAX,
    maxBuffer: OUTPUT_BYTES_MAX,
    // Byte code beside the source would be a stray file of the repository.
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  if (status !== 0) throw new Error(`os-ken ended with ${status}: ${stderr.slice(-300)}`);
  return stdout.split('\n').filter((line) => line !== '');
}
