/**
 * What the NIC holds for each migration, kept in a file: a migration that outlives its agent (a post-copy does) gets
 * its class back from the next one.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type BitsPerSec, bitsPerSec } from '@sluice/units';
import { z } from 'zod';
import type { Endpoint, NicShaper } from './shaping.ts';

const port = z.number().int().min(1).max(65_535);
const entrySchema = z.object({
  side: z.enum(['outgoing', 'incoming']),
  endpoint: z.object({ ip: z.string(), port, storagePort: port.optional() }).transform(plain),
  /** null: no class of its own; left out: the share that an incoming one gets by itself. */
  rateBitsPerSec: z.number().positive().nullable().optional(),
  /** What the host's VMs keep meanwhile. */
  floorBitsPerSec: z.number().min(0).optional(),
});
type Entry = z.output<typeof entrySchema>;
const fileSchema = z.record(z.string(), entrySchema);

export interface RememberingNic extends NicShaper {
  /** What an earlier agent had on the NIC for this migration is put there again; nothing, if it had nothing. */
  restore(migrationId: string): Promise<void>;
  /** Those that are on the NIC, at either end. */
  migrations(): readonly string[];
}

export async function rememberingNic(nic: NicShaper, path: string): Promise<RememberingNic> {
  /** Of earlier agents, until they are taken up or this one writes for the first time after its start. */
  const earlier = await read(path);
  const entries = new Map<string, Entry>();
  const floors = new Map<string, BitsPerSec>();
  let writing: Promise<void> = Promise.resolve();

  /** One after the other; a disk that is full costs the memory, not the migration. */
  const write = (): Promise<void> => {
    writing = writing.then(async () => {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(`${path}.new`, JSON.stringify(Object.fromEntries(entries)));
      await rename(`${path}.new`, path);
    });
    writing = writing.catch(() => undefined);
    return writing;
  };
  const enter = (migrationId: string, entry: Entry): Promise<void> => {
    const floor = floors.get(migrationId);
    entries.set(migrationId, floor === undefined ? entry : { ...entry, floorBitsPerSec: floor });
    return write();
  };

  const remembering: RememberingNic = {
    ...nic,
    async add(migrationId, destination, rate) {
      await nic.add(migrationId, destination, rate);
      await enter(migrationId, { side: 'outgoing', endpoint: plain(destination), rateBitsPerSec: rate });
    },
    async addIncoming(migrationId, listening, rate) {
      await nic.addIncoming(migrationId, listening, rate);
      await enter(migrationId, { side: 'incoming', endpoint: plain(listening), rateBitsPerSec: rate });
    },
    async keepFloor(migrationId, floor) {
      await nic.keepFloor(migrationId, floor);
      floors.set(migrationId, floor);
      const entry = entries.get(migrationId);
      if (entry !== undefined) await enter(migrationId, entry);
    },
    async setRate(migrationId, rate) {
      await nic.setRate(migrationId, rate);
      const entry = entries.get(migrationId);
      if (entry !== undefined) await enter(migrationId, { ...entry, rateBitsPerSec: rate });
    },
    async remove(migrationId) {
      await nic.remove(migrationId);
      floors.delete(migrationId);
      if (entries.delete(migrationId)) await write();
    },
    migrations: () => [...entries.keys()],
    async restore(migrationId) {
      const entry = earlier.get(migrationId);
      if (entry === undefined || entries.has(migrationId)) return; // What has come since is newer.
      const { side, endpoint, rateBitsPerSec, floorBitsPerSec } = entry;
      if (floorBitsPerSec !== undefined)
        await remembering.keepFloor(migrationId, bitsPerSec(floorBitsPerSec));
      const rate = typeof rateBitsPerSec === 'number' ? bitsPerSec(rateBitsPerSec) : null;
      if (side === 'outgoing') await remembering.add(migrationId, endpoint, rate);
      else await remembering.addIncoming(migrationId, endpoint, rate ?? undefined);
    },
  };
  return remembering;
}

/** The contract's endpoints may carry more. */
function plain(endpoint: {
  readonly ip: string;
  readonly port: number;
  readonly storagePort?: number | undefined;
}): Endpoint {
  const { ip, port, storagePort } = endpoint;
  return storagePort === undefined ? { ip, port } : { ip, port, storagePort };
}

async function read(path: string): Promise<ReadonlyMap<string, Entry>> {
  const text = await readFile(path, 'utf8').catch(() => '{}');
  try {
    return new Map(Object.entries(fileSchema.parse(JSON.parse(text))));
  } catch {
    return new Map(); // Half written, or of another version: no class is better than a wrong one.
  }
}
