/**
 * Which migration a QEMU is in, in a file beside the guest's record: an agent that is started anew finds there what
 * its predecessor had begun. It counts for the process it was written for only.
 */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { type FoundRecord, ongoingFile } from './guest-record.ts';

const ongoingSchema = z.object({
  version: z.literal(1),
  migrationId: z.string().min(1).max(64),
  side: z.enum(['source', 'destination']),
  pid: z.number().int(),
  startTicks: z.string(),
  /** Destination: its disks are exported until the guest may run. */
  hasExport: z.boolean(),
});
export type Ongoing = Pick<z.output<typeof ongoingSchema>, 'migrationId' | 'side' | 'hasExport'>;

export async function noteOngoing({ file, record }: FoundRecord, ongoing: Ongoing): Promise<void> {
  const { pid, startTicks } = record;
  const path = ongoingFile(file);
  await writeFile(`${path}.new`, JSON.stringify({ version: 1, pid, startTicks, ...ongoing }));
  await rename(`${path}.new`, path);
}

export async function readOngoing({ file, record }: FoundRecord): Promise<Ongoing | undefined> {
  const text = await readFile(ongoingFile(file), 'utf8').catch(() => '');
  try {
    const noted = ongoingSchema.parse(JSON.parse(text));
    return noted.pid === record.pid && noted.startTicks === record.startTicks ? noted : undefined;
  } catch {
    return undefined; // There is none, or its writer died over it.
  }
}

export const forgetOngoing = ({ file }: FoundRecord): Promise<void> => rm(ongoingFile(file), { force: true });
