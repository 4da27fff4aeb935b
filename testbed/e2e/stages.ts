/** The networks of these tests: two sites and one trunk, small VMs, so that a round takes seconds and not minutes. */
import { type Story, type StoryInput, storySchema } from '../src/story/index.ts';

const MEGA = 1e6;
const MEBI = 1024 * 1024;

export interface VmSetting {
  readonly name: string;
  readonly memoryMebibytes: number;
  /** Seconds, megabytes per second and mebibytes of each phase of its workload; the last one stays. */
  readonly phases: readonly (readonly [
    durationSec: number,
    dirtyMegabytesPerSec: number,
    workingSet: number,
  ])[];
}

/**
 * h1, c1, c3 at s1; h2, c2 at s2; one trunk between them. All VMs start on h1. The clients' cables are faster than
 * the trunk, so that they can fill it; c3's is slower than they, so that it can be filled on its own.
 */
export function twoSites(options: {
  readonly name: string;
  readonly trunkMegabits?: number;
  readonly trunkFloorMegabits: number;
  /** Of as many trunks, side by side from port 10 on. */
  readonly trunks?: number;
  readonly vms: readonly VmSetting[];
  readonly controller?: StoryInput['controller'];
}): Story {
  const [vm] = options.vms;
  if (!vm) throw new RangeError('a stage needs a VM');
  const host = (name: string, kind: 'hypervisor' | 'client', number: number, at: string, port: number) => ({
    ...{ name, kind, switch: at, port },
    mac: `02:00:00:00:00:${number.toString(16).padStart(2, '0')}`,
    ip: `10.0.0.${number}`,
    nicBitsPerSec: (name === 'c3' ? 40 : kind === 'client' ? 200 : 100) * MEGA,
    floorBitsPerSec: 10 * MEGA,
  });
  return storySchema.parse({
    name: options.name,
    network: {
      switches: [
        { name: 's1', dpid: '00000000000000e1' },
        { name: 's2', dpid: '00000000000000e2' },
      ],
      hosts: [
        host('h1', 'hypervisor', 1, 's1', 1),
        host('h2', 'hypervisor', 2, 's2', 1),
        host('c1', 'client', 17, 's1', 2),
        host('c3', 'client', 19, 's1', 3),
        host('c2', 'client', 18, 's2', 2),
      ],
      links: Array.from({ length: options.trunks ?? 1 }, (_, index) => ({
        a: { switch: 's1', port: 10 + index },
        b: { switch: 's2', port: 10 + index },
        capacityBitsPerSec: (options.trunkMegabits ?? 100) * MEGA,
        floorBitsPerSec: options.trunkFloorMegabits * MEGA,
      })),
    },
    ...(options.controller ? { controller: options.controller } : {}),
    vms: options.vms.map(({ name, memoryMebibytes, phases }, index) => ({
      ...{ name, host: 'h1' },
      ip: `10.0.1.${index + 1}`,
      mac: `02:00:00:00:01:0${index + 1}`,
      memoryBytes: memoryMebibytes * MEBI,
      workload: {
        phases: phases.map(([durationSec, dirty, workingSet]) => ({
          durationSec,
          dirtyRateBytesPerSec: dirty * MEGA,
          workingSetBytes: workingSet * MEBI,
        })),
      },
    })),
    prober: { client: 'c2', vm: vm.name },
    migrations: [{ vm: vm.name, destination: 'h2', downtimeLimitSec: 0.3 }],
  });
}
