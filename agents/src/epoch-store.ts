/** The highest controller epoch this host has seen, kept over restarts: a deposed controller stays deposed. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { EpochStore } from './command-intake.ts';

export async function openEpochStore(path: string): Promise<EpochStore> {
  const text = await readFile(path, 'utf8').catch(() => '0');
  let highest = /^\d+$/.test(text) ? Number(text) : 0;
  return {
    get highest() {
      return highest;
    },
    async raise(epoch) {
      highest = Math.max(highest, epoch);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(`${path}.new`, String(highest));
      await rename(`${path}.new`, path);
    },
  };
}
