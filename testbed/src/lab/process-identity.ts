/**
 * Who a process is. A pid alone is not an identity, because the kernel gives it to somebody else later; pid and
 * start time together are. Everything the lab ends, it ends by this identity.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface ProcessIdentity {
  readonly pid: number;
  /** Start time in clock ticks since boot, field 22 of /proc/PID/stat. */
  readonly startTicks: number;
}

/** Null when no such process exists, or when it has ended and only waits for its parent. */
export function identityOf(pid: number): ProcessIdentity | null {
  const stat = readOrNull(`/proc/${pid}/stat`);
  return stat === null ? null : parseStat(pid, stat);
}

/** The command name may hold spaces and parentheses, so fields are counted from the last parenthesis. */
export function parseStat(pid: number, stat: string): ProcessIdentity | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  const startTicks = Number(fields[19]);
  if (state === undefined || state === 'Z' || state === 'X' || !Number.isInteger(startTicks)) return null;
  return { pid, startTicks };
}

export const isAlive = (who: ProcessIdentity): boolean => identityOf(who.pid)?.startTicks === who.startTicks;

/** Sends the signal if the process is still the same one; says whether it was. */
export function signal(who: ProcessIdentity, name: NodeJS.Signals): boolean {
  if (!isAlive(who)) return false;
  try {
    process.kill(who.pid, name);
    return true;
  } catch {
    return false;
  }
}

/** Every process of the machine whose environment holds exactly this variable, wherever its parents are gone. */
export function processesWithVariable(name: string, value: string): readonly ProcessIdentity[] {
  const wanted = `${name}=${value}`;
  return everyProcess().filter((who) =>
    (readOrNull(`/proc/${who.pid}/environ`) ?? '').split('\0').includes(wanted),
  );
}

/** Every process whose network namespace is one of these (inode numbers of the namespace files). */
export function processesInNamespaces(inodes: ReadonlySet<number>): readonly ProcessIdentity[] {
  if (inodes.size === 0) return [];
  return everyProcess().filter((who) => {
    const inode = /\[(\d+)\]/.exec(linkOrEmpty(`/proc/${who.pid}/ns/net`))?.[1];
    return inode !== undefined && inodes.has(Number(inode));
  });
}

function everyProcess(): readonly ProcessIdentity[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((name) => identityOf(Number(name)))
    .filter((who) => who !== null);
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function linkOrEmpty(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
