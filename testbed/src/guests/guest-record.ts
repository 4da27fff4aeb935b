/**
 * What is written down about a guest's QEMU process: one file per process in its host's folder. The host's agent reads
 * it to find the guest; whoever ends the process removes it. A record whose process is gone is no guest.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isAlive } from '../lab/process-identity.ts';
import { guestFiles } from './guest-files.ts';

export const guestRecordSchema = z.looseObject({
  version: z.literal(1),
  vmId: z.string(),
  pid: z.number().int(),
  /** With the pid it says which process; field 22 of /proc/PID/stat. */
  startTicks: z.number().int(),
  qmpSocket: z.string(),
  urgentPipe: z.string(),
  /** The tap, in the host's namespace. */
  netDevice: z.string().nullable(),
  /** Length of the machine's memory. */
  memoryBytes: z.number().int(),
  mac: z.string(),
  ip: z.string(),
  prefixLength: z.number().int(),
  guestPort: z.number().int(),
  controlPort: z.number().int(),
  /** Names of its block devices in QEMU. */
  disks: z.array(z.string()),
  /** What it was launched as; whether it runs now, QEMU knows. */
  state: z.enum(['running', 'incoming']),
});
export type GuestRecord = z.output<typeof guestRecordSchema>;

export function writeRecord(folder: string, record: GuestRecord): void {
  mkdirSync(folder, { recursive: true });
  const path = guestFiles(folder, record.vmId).record;
  writeFileSync(`${path}.new`, `${JSON.stringify(record)}\n`);
  renameSync(`${path}.new`, path);
}

/** Records of guests whose process runs, by name. Files that are none are left alone. */
export function readRecords(folder: string): readonly GuestRecord[] {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  return names
    .sort()
    .map((name) => readRecord(join(folder, name)))
    .filter((record) => record !== null)
    .filter(isAlive);
}

export const findRecord = (folder: string, vmId: string): GuestRecord | null =>
  readRecords(folder).find((record) => record.vmId === vmId) ?? null;

/** Takes the record and what a dead process left beside it; console and log stay to be read. */
export function removeRecord(folder: string, vmId: string): void {
  const files = guestFiles(folder, vmId);
  const pipes = [`${files.urgent}.in`, `${files.urgent}.out`];
  for (const path of [files.record, files.qmp, ...pipes, files.labQmp, files.control, files.pid])
    rmSync(path, { force: true });
}

function readRecord(path: string): GuestRecord | null {
  try {
    return guestRecordSchema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? null;
  } catch {
    return null;
  }
}
