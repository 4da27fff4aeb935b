/** A process by pid and start time, so that a pid that was given to another process is never signalled. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

export const processIdentitySchema = z.strictObject({
  pid: z.number().int().min(2),
  /** Clock ticks since boot, field 22 of /proc/PID/stat. */
  startTime: z.string(),
});
export type ProcessIdentity = z.output<typeof processIdentitySchema>;

/** undefined when there is no such process. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The second field is the name in parentheses and may hold spaces; the third begins after the last parenthesis.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const startTime = fields?.[19];
  if (startTime === undefined || fields?.[0] === 'Z') return undefined;
  return { pid, startTime };
}

export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await identify(identity.pid))?.startTime === identity.startTime;
}

/** Returns whether the signal was sent; a process that is gone is no error. */
export async function signal(identity: ProcessIdentity, name: NodeJS.Signals): Promise<boolean> {
  if (!(await isAlive(identity))) return false;
  try {
    return process.kill(identity.pid, name);
  } catch {
    return false;
  }
}
