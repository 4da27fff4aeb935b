/** Where kernels and images of guests are kept between runs. Whole folders appear at once or not at all. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** `$SLUICE_CACHE_DIR`, else `sluice` in the user's cache directory. */
export function defaultCacheFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  if (env.SLUICE_CACHE_DIR) return env.SLUICE_CACHE_DIR;
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'sluice');
}

/**
 * Makes the folder by filling another beside it and renaming that, so that a build that is killed leaves nothing that
 * looks finished. When two make the same one, the second's work is thrown away.
 */
export async function makeWhole(folder: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  mkdirSync(dirname(folder), { recursive: true });
  const temporary = mkdtempSync(`${folder}.new-`);
  try {
    await fill(temporary);
    if (!existsSync(folder)) renameSync(temporary, folder);
  } catch (cause) {
    // Renaming onto a folder that was finished meanwhile is refused; then that one is as good as ours.
    if (!existsSync(folder)) throw cause;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
