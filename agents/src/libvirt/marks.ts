/**
 * Which VMs this agent is migrating away, written where its successor finds it: libvirt goes on with a migration
 * whose agent has died, and nothing in it says whose it was.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const markSchema = z.object({
  /** The domain's own downtime limit, to be put back. */
  limitBeforeMs: z.number().int().min(0),
});
export type Mark = z.output<typeof markSchema>;

export class Marks {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async set(vmId: string, mark: Mark): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const path = join(this.#folder, vmId);
    await writeFile(`${path}~`, JSON.stringify(mark));
    await rename(`${path}~`, path);
  }

  /** undefined: there is none, or none that can be read. */
  async find(vmId: string): Promise<Mark | undefined> {
    const text = await readFile(join(this.#folder, vmId), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    try {
      return markSchema.parse(JSON.parse(text));
    } catch {
      return undefined;
    }
  }

  /** Idempotent. */
  async remove(vmId: string): Promise<void> {
    await rm(join(this.#folder, vmId), { force: true });
  }

  /** Those of VMs that are not here any more mean nothing. */
  async keepOnly(vmIds: ReadonlySet<string>): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    for (const name of names) if (!vmIds.has(name)) await this.remove(name);
  }
}
