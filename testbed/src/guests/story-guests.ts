/** The VMs of a story as real guests on the hosts of a lab, instead of emulated ones. */
import { readFileSync } from 'node:fs';
import { bytes } from '@sluice/units';
import type { StoryVm } from '../story/index.ts';
import type { GuestVerdict } from './control.ts';
import { GuestFailure } from './guest-failure.ts';
import { guestFiles } from './guest-files.ts';
import { findRecord } from './guest-record.ts';
import { type GuestSpec, parseGuestSpec } from './guest-spec.ts';
import { buildGuestImage } from './image.ts';
import { findAnswering, guestsFolderOf, startLabGuest, stopLabGuest } from './lab-guests.ts';
import { ramForWorkload } from './ram.ts';
import { loadOfPhase, playWorkload } from './workload-player.ts';

export interface StoryGuestsOptions {
  readonly prefix: string;
  readonly vms: readonly StoryVm[];
  /** Of the one network that hosts and VMs share. */
  readonly prefixLength: number;
  /** Every guest gets a disk of this size; absent: none. */
  readonly diskBytes?: number;
  readonly note?: (line: string) => void;
}

export interface StoryGuests {
  /** Lets the phases of every guest's workload run from now on. */
  playWorkloads(): void;
  /** Each guest reads all its memory. */
  verify(): Promise<ReadonlyMap<string, GuestVerdict>>;
  /** What guests could not be told. */
  problems(): readonly string[];
  close(): Promise<void>;
}

/** Boots them all and waits until each answers. @throws GuestFailure */
export async function startStoryGuests(options: StoryGuestsOptions): Promise<StoryGuests> {
  const { prefix, vms, prefixLength, diskBytes, note = () => undefined } = options;
  const image = await buildGuestImage({ note });
  const players: ReturnType<typeof playWorkload>[] = [];
  const started: string[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(players.map((player) => player.stop()));
    for (const name of started.splice(0)) await stopLabGuest(prefix, name).catch(() => undefined);
  };
  try {
    for (const vm of vms) {
      await startLabGuest({ prefix, host: vm.host, spec: specOf(vm, prefixLength, diskBytes), image });
      started.push(vm.name);
    }
    for (const vm of vms) await untilItAnswers(prefix, vm);
  } catch (cause) {
    await close();
    throw cause;
  }
  return {
    playWorkloads: () => {
      for (const { name, workload } of vms) players.push(playWorkload(prefix, name, workload));
    },
    verify: async () => {
      const verdicts = new Map<string, GuestVerdict>();
      for (const { name } of vms) verdicts.set(name, await verify(prefix, name));
      return verdicts;
    },
    problems: () => players.flatMap((player) => player.problems),
    close,
  };
}

/** The story's memory is what the guest program writes and checks; the machine has so much more for its kernel. */
export function specOf(vm: StoryVm, prefixLength: number, diskBytes?: number): GuestSpec {
  const [first] = vm.workload.phases;
  return parseGuestSpec({
    vmId: vm.name,
    memoryBytes: ramForWorkload(bytes(vm.memoryBytes)),
    mac: vm.mac,
    ip: vm.ip,
    prefixLength,
    guestPort: vm.service.port,
    workloadBytes: vm.memoryBytes,
    fillBytes: vm.memoryBytes,
    ...(diskBytes === undefined ? {} : { diskBytes }),
    ...(first === undefined ? {} : { load: loadOfPhase(first) }),
  });
}

/** A guest whose machine ends while it boots says why on its console. */
async function untilItAnswers(prefix: string, { name, host }: StoryVm): Promise<void> {
  const folder = guestsFolderOf(prefix, host);
  const control = await findAnswering(prefix, name).catch((cause: unknown) => {
    if (findRecord(folder, name) !== null) throw cause;
    throw new GuestFailure({ code: 'launch_failed', vmId: name, output: lastLines(folder, name) }, { cause });
  });
  control.close();
}

const lastLines = (folder: string, name: string): string =>
  readFileSync(guestFiles(folder, name).console, 'utf8').trim().split('\n').slice(-CONSOLE_LINES).join('\n');
const CONSOLE_LINES = 5;

async function verify(prefix: string, name: string): Promise<GuestVerdict> {
  const control = await findAnswering(prefix, name);
  try {
    return await control.verify();
  } finally {
    control.close();
  }
}
