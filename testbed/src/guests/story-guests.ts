/** The VMs of a story as real guests on the hosts of a lab, instead of emulated ones. */
import { bytes } from '@sluice/units';
import { poll } from '../lab/poll.ts';
import type { StoryVm } from '../story/index.ts';
import type { GuestVerdict } from './control.ts';
import { type GuestSpec, parseGuestSpec } from './guest-spec.ts';
import { buildGuestImage } from './image.ts';
import { findAnswering, startLabGuest, stopLabGuest } from './lab-guests.ts';
import { RAM_MIN, RAM_RESERVED } from './ram.ts';
import { loadOfPhase, playWorkload } from './workload-player.ts';

/** Two at once boot within eight seconds on two busy cores; many take their time. */
const BOOT_TIMEOUT_MS = 60_000;

export interface StoryGuestsOptions {
  readonly prefix: string;
  readonly vms: readonly StoryVm[];
  /** Of the one network that hosts and VMs share. */
  readonly prefixLength: number;
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
  const { prefix, vms, prefixLength, note = () => undefined } = options;
  const image = await buildGuestImage({ note });
  const players: ReturnType<typeof playWorkload>[] = [];
  const started: string[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(players.map((player) => player.stop()));
    for (const name of started.splice(0)) await stopLabGuest(prefix, name).catch(() => undefined);
  };
  try {
    for (const vm of vms) {
      await startLabGuest({ prefix, host: vm.host, spec: specOf(vm, prefixLength), image });
      started.push(vm.name);
    }
    for (const vm of vms) await untilItAnswers(prefix, vm.name);
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
export function specOf(vm: StoryVm, prefixLength: number): GuestSpec {
  const [first] = vm.workload.phases;
  return parseGuestSpec({
    vmId: vm.name,
    memoryBytes: Math.max(RAM_MIN, bytes(vm.memoryBytes + RAM_RESERVED + MARGIN)),
    mac: vm.mac,
    ip: vm.ip,
    prefixLength,
    guestPort: vm.service.port,
    workloadBytes: vm.memoryBytes,
    fillBytes: vm.memoryBytes,
    ...(first === undefined ? {} : { load: loadOfPhase(first) }),
  });
}
/** Rounding the machine's size down must not take from the guest program's memory. */
const MARGIN = 16 * 1024;

async function untilItAnswers(prefix: string, name: string): Promise<void> {
  await poll(`the boot of ${name}`, BOOT_TIMEOUT_MS, async () => {
    const control = await findAnswering(prefix, name).catch(() => null);
    control?.close();
    return control;
  });
}

async function verify(prefix: string, name: string): Promise<GuestVerdict> {
  const control = await findAnswering(prefix, name);
  try {
    return await control.verify();
  } finally {
    control.close();
  }
}
