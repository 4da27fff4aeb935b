/**
 * What a guest is, written down where every host of its lab can read it, so that a destination can start the same
 * machine as the source without being told more than its name.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { GuestFailure } from './guest-failure.ts';
import { type GuestSpec, guestSpecSchema } from './guest-spec.ts';
import type { GuestImage } from './image.ts';

const imageSchema = z.strictObject({
  kernelPath: z.string(),
  initrdPath: z.string(),
  kernelPackage: z.string(),
  kernelVersion: z.string(),
  hash: z.string(),
  built: z.boolean(),
});
const machineFileSchema = z.strictObject({
  version: z.literal(1),
  spec: guestSpecSchema,
  image: imageSchema,
});

export interface MachineFile {
  readonly spec: GuestSpec;
  readonly image: GuestImage;
}

export function writeMachineFile(folder: string, { spec, image }: MachineFile): void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${spec.vmId}.json`);
  writeFileSync(`${path}.new`, `${JSON.stringify({ version: 1, spec, image })}\n`);
  renameSync(`${path}.new`, path);
}

/** @throws GuestFailure `unknown_guest` with the names that are there */
export function readMachineFile(folder: string, vmId: string): MachineFile {
  const path = join(folder, `${vmId}.json`);
  if (!existsSync(path)) throw new GuestFailure({ code: 'unknown_guest', vmId, known: namesIn(folder) });
  return machineFileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}

const namesIn = (folder: string): readonly string[] =>
  (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length));
