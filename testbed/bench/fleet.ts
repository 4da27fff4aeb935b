/** A data centre in which VMs keep moving: a fat-tree of hypervisors, and every VM migrates again and again. */

import type { Story, StoryMigration, StoryVm } from '@sluice/testbed';
import { fatTree, inventorySchema } from '@sluice/topology';
import { bitsPerSec } from '@sluice/units';

export interface Fleet {
  /** Fat-tree with k³/4 hypervisors. */
  readonly k: number;
  readonly vms: number;
  readonly migrationsPerVm: number;
  /** Time from a VM's migration to its next. */
  readonly periodSec: number;
  /** Rounds of every migration, round 0 included. */
  readonly rounds: number;
}

const MEMORY_BYTES = 256 * 1024 ** 2;
const NIC_BITS_PER_SEC = 25e9;
const TRUNK_BITS_PER_SEC = 40e9;
const FLOOR_BITS_PER_SEC = 1e9;
const RATE_MAX_BITS_PER_SEC = 1e9;
/** At four tenths of the rate, every round is four tenths of the one before. */
const DEADLINE_SEC = 10;
const DIRTY_BYTES_PER_SEC = 47e6;

export function fleetStory(fleet: Fleet): Story {
  const network = inventorySchema.parse(
    fatTree({
      k: fleet.k,
      nic: bitsPerSec(NIC_BITS_PER_SEC),
      capacity: bitsPerSec(TRUNK_BITS_PER_SEC),
      floor: bitsPerSec(FLOOR_BITS_PER_SEC),
    }),
  );
  const hosts = network.hosts.map((host) => host.name);
  const hostAt = (index: number): string => hosts[index % hosts.length] ?? '';
  const vms = Array.from({ length: fleet.vms }, (_, index) => vmOf(index, hostAt(index)));
  const migrations = vms.flatMap((vm, index) =>
    Array.from({ length: fleet.migrationsPerVm }, (_, turn) =>
      migrationOf(vm.name, {
        // Another host each time, in another pod more often than not.
        destination: hostAt(index + (turn + 1) * 37),
        atSec: (index / fleet.vms + turn) * fleet.periodSec,
        policy: index % 2 === 0 ? 'bda' : 'minimum-energy',
        rounds: fleet.rounds,
      }),
    ),
  );
  return {
    name: 'fleet',
    description: '',
    network,
    controller: { migrationsMax: fleet.vms },
    vms,
    flows: [],
    prober: null,
    migrations,
    warmupSec: 1,
    cooldownSec: 1,
    timeoutSec: fleet.migrationsPerVm * fleet.periodSec + 60,
  };
}

const vmOf = (index: number, host: string): StoryVm => ({
  name: `vm${index + 1}`,
  host,
  ip: `10.1.${index >> 8}.${index & 0xff}`,
  mac: `02:01:00:00:${hex(index >> 8)}:${hex(index & 0xff)}`,
  memoryBytes: MEMORY_BYTES,
  service: { port: 5000 },
  workload: {
    repeat: false,
    phases: [
      {
        durationSec: 3600,
        dirtyRateBytesPerSec: DIRTY_BYTES_PER_SEC,
        workingSetBytes: MEMORY_BYTES / 2,
        pattern: 'cyclic',
      },
    ],
  },
});

const migrationOf = (
  vm: string,
  {
    destination,
    atSec,
    policy,
    rounds,
  }: Pick<StoryMigration, 'destination' | 'atSec' | 'policy'> & { readonly rounds: number },
): StoryMigration => ({
  vm,
  destination,
  atSec,
  policy,
  // So short that the number of rounds decides when the VM stops.
  downtimeLimitSec: 0.034,
  deadlineSec: policy === 'minimum-energy' ? DEADLINE_SEC : null,
  rateMinBitsPerSec: null,
  rateMaxBitsPerSec: RATE_MAX_BITS_PER_SEC,
  roundsMax: rounds - 1,
  applicationFloorBitsPerSec: null,
  tenant: null,
  priority: 5,
  weight: 1,
  startAtSec: null,
  holdForSec: null,
  mayPreempt: false,
  mechanisms: ['precopy'],
  throttleMax: null,
  togetherWith: [],
});

const hex = (value: number): string => value.toString(16).padStart(2, '0');
