/**
 * How a launcher tells the agent of a QEMU process on this host: one file `VMID.json` per process in the guests'
 * directory, written when the QMP socket is there. A record whose process is gone stands for no guest.
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { identify } from '../emulated/process-identity.ts';

/** A host runs some dozens of guests; a directory with more files than this is another one. */
export const GUESTS_MAX = 1000;

const path = z.string().startsWith('/').max(4096);

export const guestRecordSchema = z.object({
  version: z.literal(1),
  vmId: z
    .string()
    .max(32)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/),
  pid: z.number().int().min(2),
  /** Field 22 of /proc/PID/stat: tells this process from a later one with the same number. */
  startTicks: z.union([z.number().int().min(0), z.string().regex(/^\d+$/)]).transform(String),
  qmpSocket: path,
  /** Named pipes PATH.in and PATH.out with another monitor at them, for an interrupted post-copy; null: none. */
  urgentPipe: path.nullable().default(null),
  /** The guest's tap in the agent's network namespace; null: no network. */
  netDevice: z.string().min(1).max(15).nullable(),
  memoryBytes: z.number().int().positive(),
  mac: z.string(),
  ip: z.string(),
  /** As it was launched; what it does now is asked of QEMU. */
  state: z.enum(['running', 'incoming']),
  /** Block devices that belong to the VM, by the names they have on both sides. */
  disks: z.array(z.string().min(1)).max(32).default([]),
});
export type GuestRecord = z.output<typeof guestRecordSchema>;

/** Beside a record: which migration its QEMU is in. */
export const ongoingFile = (recordFile: string): string => recordFile.replace(/\.json$/, '.migration');

export interface FoundRecord {
  readonly file: string;
  readonly record: GuestRecord;
}

/** Records of processes that live. What is no record of a guest is passed over: it may be half written. */
export async function liveGuests(guestsDir: string): Promise<readonly FoundRecord[]> {
  // An empty array has no type.
  const names = await readdir(guestsDir).catch(() => [] as string[]);
  const files = names.filter((name) => name.endsWith('.json')).slice(0, GUESTS_MAX);
  const found = await Promise.all(files.map((name) => readRecord(join(guestsDir, name))));
  const records = found.filter((entry) => entry !== undefined);
  const alive = await Promise.all(records.map(({ record }) => isAlive(record)));
  return records.filter((_, index) => alive[index]);
}

async function readRecord(file: string): Promise<FoundRecord | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return { file, record: guestRecordSchema.parse(JSON.parse(text)) };
  } catch {
    return undefined;
  }
}

export async function isAlive({ pid, startTicks }: GuestRecord): Promise<boolean> {
  return (await identify(pid))?.startTime === startTicks;
}

/**
 * Takes away what a guest that has ended leaves on disk, unless that is a new one's by now. A record that is not there
 * may be about to come: the socket at its place belongs to the machine that has just been started.
 */
export async function removeRecord({ file, record }: FoundRecord): Promise<void> {
  const present = await readRecord(file);
  if (present?.record.pid !== record.pid) return;
  const pipes = record.urgentPipe === null ? [] : [`${record.urgentPipe}.in`, `${record.urgentPipe}.out`];
  const left = [file, ongoingFile(file), record.qmpSocket, ...pipes];
  await Promise.all(left.map((path) => rm(path, { force: true })));
}
