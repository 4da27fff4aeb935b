/** One lab at a time changes what all labs of a machine share: manifests and kernel settings. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { poll } from './poll.ts';
import { identityOf, isAlive } from './process-identity.ts';
import { RUNS_DIR } from './run-manifest.ts';

const LOCK_PATH = join(RUNS_DIR, 'lock');
/** Cleaning up after a killed run takes a second or two; nobody holds the lock longer. */
const LOCK_TIMEOUT_MS = 30_000;

/** Runs `work` while this process holds the lock; a lock whose owner is dead is taken over. */
export async function withMachineLock<T>(work: () => Promise<T>): Promise<T> {
  mkdirSync(RUNS_DIR, { recursive: true, mode: 0o755 });
  await poll('the lock of the lab', LOCK_TIMEOUT_MS, async () => (tryLock() ? true : null));
  try {
    return await work();
  } finally {
    rmSync(LOCK_PATH, { force: true });
  }
}

function tryLock(): boolean {
  const me = identityOf(process.pid);
  try {
    writeFileSync(LOCK_PATH, `${me?.pid} ${me?.startTicks}\n`, { flag: 'wx' });
    return true;
  } catch {
    if (!holderLives()) rmSync(LOCK_PATH, { force: true });
    return false;
  }
}

/** An empty file is a lock in the making: its writer is between two system calls. */
function holderLives(): boolean {
  try {
    const [pid, startTicks] = readFileSync(LOCK_PATH, 'utf8').trim().split(' ').map(Number);
    if (pid === undefined || startTicks === undefined || Number.isNaN(pid)) return true;
    return isAlive({ pid, startTicks });
  } catch {
    return true;
  }
}
