/** What the story says, as the lab's network, the controller's and the agents' configuration. Pure. */
import type { AgentConfigInput } from '@sluice/agents';
import type { ConfigInput } from '@sluice/controller';
import { bitsPerSec } from '@sluice/units';
import type { NetworkSpec } from '../lab/index.ts';
import type { Story } from '../story/index.ts';

/** All hosts and VMs of a story share one layer-2 network; checked when the story is read. */
export const PREFIX_LENGTH = 16;

export const networkSpecOf = ({ network }: Story): NetworkSpec => ({
  switches: network.switches,
  hosts: network.hosts.map((host) => ({
    name: host.name,
    kind: host.kind,
    ip: `${host.ip}/${PREFIX_LENGTH}`,
    mac: host.mac,
    switch: host.switch,
    port: host.port,
    capacity: bitsPerSec(host.nicBitsPerSec),
    floor: bitsPerSec(host.floorBitsPerSec),
  })),
  links: network.links.map(({ a, b, capacityBitsPerSec, floorBitsPerSec }) => ({
    a,
    b,
    capacity: bitsPerSec(capacityBitsPerSec),
    floor: bitsPerSec(floorBitsPerSec),
  })),
});

/**
 * Beside copying, the downtime of an emulated VM has freezing it, comparing every page, moving its network to the other
 * host and starting it there: 70 to 130 ms in the lab on two idle cores, 180 ms on busy ones.
 */
const SWITCHOVER_OVERHEAD_SEC = 0.2;
/** Of a real guest: device state, its hypervisor's last words, and the agent's answer in between: 25 to 50 ms. */
const GUEST_SWITCHOVER_OVERHEAD_SEC = 0.06;

/** Parts of the lab that the configurations refer to. */
export interface Surroundings {
  /** Begins every name in the kernel. */
  readonly prefix: string;
  /** Short and on a file system that all hosts see. */
  readonly stateDir: string;
  /** Separates the runs in the one Redis. */
  readonly redisPrefix: string;
  readonly redisSocket: string;
  readonly ovsdb: string;
  /** Address under which the switches reach the controller. */
  readonly controllerIp: string;
}

export const controllerConfigOf = (
  story: Story,
  { redisPrefix, redisSocket, ovsdb, controllerIp }: Surroundings,
  { realGuests = false }: { readonly realGuests?: boolean } = {},
): ConfigInput => ({
  inventory: story.network,
  http: { host: '127.0.0.1', port: 0 },
  openflow: { host: controllerIp, port: 0 },
  ovsdb: { endpoints: [ovsdb] },
  redis: { socketPath: redisSocket },
  prefix: redisPrefix,
  ...coreSettings(story.controller, realGuests ? GUEST_SWITCHOVER_OVERHEAD_SEC : SWITCHOVER_OVERHEAD_SEC),
});

/** The objective is a setting of its own; everything else that a story may change is the core's. */
const coreSettings = (
  { objective, shadow: _, ...core }: Story['controller'],
  switchoverOverheadSec: number,
): Pick<ConfigInput, 'core' | 'allocation'> => ({
  core: { ...core, switchoverOverheadSec },
  ...(objective === undefined ? {} : { allocation: { objective } }),
});

export interface HypervisorPlace {
  readonly name: string;
  readonly namespace: string;
  readonly device: string;
  readonly bridge: string;
}

export function agentConfigOf(story: Story, place: HypervisorPlace, around: Surroundings): AgentConfigInput {
  const host = story.network.hosts.find((one) => one.name === place.name);
  if (!host) throw new RangeError(`the story has no host ${place.name}`);
  return {
    hostId: host.name,
    redis: { socketPath: around.redisSocket },
    prefix: around.redisPrefix,
    nic: {
      device: place.device,
      capacityBitsPerSec: host.nicBitsPerSec,
      ip: host.ip,
      bridge: place.bridge,
      shaping: 'htb',
    },
    stateDir: `${around.stateDir}/${host.name}`,
    networkNamespace: place.namespace,
    vms: story.vms
      .map((vm, index) => ({ vm, index }))
      .filter(({ vm }) => vm.host === host.name)
      .map(({ vm, index }) => ({
        vmId: vm.name,
        memoryBytes: vm.memoryBytes,
        mac: vm.mac,
        ip: vm.ip,
        prefixLength: PREFIX_LENGTH,
        network: {
          namespace: `${around.prefix}-vm${index + 1}`,
          hostDevice: `${around.prefix}v${index + 1}`,
          gateway: null,
          neighbours: [],
        },
        guestPort: vm.service.port,
        dirty: { repeat: vm.workload.repeat, burst: null, phases: vm.workload.phases },
      })),
    destroyVmsOnClose: true,
  };
}
