/** Rules across the parts of a story. Each complaint has the path of the value to change, and says what would do. */
import type { Story } from './schema.ts';
import { PAGE_BYTES } from './workload.ts';

export interface Complaint {
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** The key itself is wrong, not its value. */
  readonly isAboutKey?: boolean;
}

/** A controller keeps this share of every link free when the story does not say otherwise. */
const HEADROOM_FRACTION_DEFAULT = 0.1;

export function checkStory(story: Story): readonly Complaint[] {
  return [
    ...namesAreKnownAndUnique(story),
    ...addressesAreUnique(story),
    ...vmsFit(story),
    ...migrationsMakeSense(story),
    ...floorsFit(story),
    ...guestsStayConsistent(story),
  ];
}

type Check = (story: Story) => Complaint[];

const namesAreKnownAndUnique: Check = (story) => {
  const complaints: Complaint[] = [];
  const hosts = new Set(story.network.hosts.map((host) => host.name));
  const hypervisors = new Set(
    story.network.hosts.filter((host) => host.kind === 'hypervisor').map((host) => host.name),
  );
  const vms = new Set(story.vms.map((vm) => vm.name));
  const known = (set: ReadonlySet<string>, value: string, what: string, path: Complaint['path']) => {
    if (!set.has(value)) complaints.push({ path, message: `no ${what} is named ${value}${choices(set)}` });
  };
  const unique = (what: string, names: readonly string[], list: string, taken: ReadonlySet<string>) =>
    names.forEach((name, index) => {
      if (names.indexOf(name) !== index || taken.has(name))
        complaints.push({
          path: [list, index, 'name'],
          message: `${name} is used twice; give each ${what} its own name`,
        });
    });
  unique('VM', [...story.vms.map((vm) => vm.name)], 'vms', hosts);
  unique('flow', [...story.flows.map((flow) => flow.name)], 'flows', new Set());
  story.vms.forEach((vm, index) => {
    if (!hosts.has(vm.host)) known(hosts, vm.host, 'host', ['vms', index, 'host']);
    else if (!hypervisors.has(vm.host))
      complaints.push({
        path: ['vms', index, 'host'],
        message: `${vm.host} is a client; a VM starts on a hypervisor${choices(hypervisors)}`,
      });
  });
  story.flows.forEach((flow, index) => {
    if (flow.kind === 'guest') {
      known(vms, flow.vm, 'VM', ['flows', index, 'vm']);
      known(hosts, flow.client, 'host', ['flows', index, 'client']);
      return;
    }
    known(hosts, flow.from, 'host', ['flows', index, 'from']);
    known(hosts, flow.to, 'host', ['flows', index, 'to']);
    if (flow.from === flow.to)
      complaints.push({
        path: ['flows', index, 'to'],
        message: `the flow ends where it begins, at ${flow.to}`,
      });
  });
  if (story.prober) {
    known(vms, story.prober.vm, 'VM', ['prober', 'vm']);
    known(hosts, story.prober.client, 'host', ['prober', 'client']);
  }
  story.migrations.forEach((migration, index) => {
    known(vms, migration.vm, 'VM', ['migrations', index, 'vm']);
    migration.togetherWith.forEach((vm, at) => {
      known(vms, vm, 'VM', ['migrations', index, 'togetherWith', at]);
    });
    if (!hosts.has(migration.destination))
      known(hosts, migration.destination, 'host', ['migrations', index, 'destination']);
    else if (!hypervisors.has(migration.destination))
      complaints.push({
        path: ['migrations', index, 'destination'],
        message: `${migration.destination} is a client; choose a hypervisor${choices(hypervisors)}`,
      });
  });
  return complaints;
};

const addressesAreUnique: Check = (story) => {
  const complaints: Complaint[] = [];
  for (const key of ['ip', 'mac'] as const) {
    const owners = new Map<string, string>(story.network.hosts.map((host) => [host[key], host.name]));
    story.vms.forEach((vm, index) => {
      const owner = owners.get(vm[key]);
      if (owner)
        complaints.push({ path: ['vms', index, key], message: `${vm[key]} already belongs to ${owner}` });
      owners.set(vm[key], vm.name);
    });
  }
  return complaints;
};

const vmsFit: Check = (story) =>
  story.vms.flatMap((vm, index) => {
    const complaints: Complaint[] = [];
    if (vm.memoryBytes % PAGE_BYTES !== 0)
      complaints.push({
        path: ['vms', index, 'memoryBytes'],
        message: `memory comes in pages of ${PAGE_BYTES} bytes; the next multiple is ${
          Math.ceil(vm.memoryBytes / PAGE_BYTES) * PAGE_BYTES
        }`,
      });
    vm.workload.phases.forEach((phase, at) => {
      if (phase.workingSetBytes > vm.memoryBytes)
        complaints.push({
          path: ['vms', index, 'workload', 'phases', at, 'workingSetBytes'],
          message: `larger than the VM's memoryBytes ${vm.memoryBytes}`,
        });
    });
    return complaints;
  });

const migrationsMakeSense: Check = (story) => {
  const complaints: Complaint[] = [];
  const hostOf = new Map(story.vms.map((vm) => [vm.name, vm.host]));
  // Where a VM is later depends on how its first migration ends; then the controller says whether the next can be.
  const firstOf = new Map<string, number>();
  for (const { vm, atSec } of story.migrations)
    firstOf.set(vm, Math.min(atSec, firstOf.get(vm) ?? Number.POSITIVE_INFINITY));
  for (const [index, migration] of story.migrations.entries()) {
    const { rateMinBitsPerSec: least, rateMaxBitsPerSec: most } = migration;
    if (hostOf.get(migration.vm) === migration.destination && firstOf.get(migration.vm) === migration.atSec)
      complaints.push({
        path: ['migrations', index, 'destination'],
        message: `${migration.vm} starts on ${migration.destination}; choose another hypervisor`,
      });
    if (least !== null && most !== null && least > most)
      complaints.push({
        path: ['migrations', index, 'rateMinBitsPerSec'],
        message: `above rateMaxBitsPerSec ${most}`,
      });
    if (migration.deadlineSec !== null && migration.deadlineSec <= migration.downtimeLimitSec)
      complaints.push({
        path: ['migrations', index, 'deadlineSec'],
        message: `the limit on the total time must exceed downtimeLimitSec ${migration.downtimeLimitSec}`,
      });
    if (migration.startAtSec !== null && migration.startAtSec < migration.atSec)
      complaints.push({
        path: ['migrations', index, 'startAtSec'],
        message: `lies before it is asked for, at ${migration.atSec}`,
      });
    if (migration.atSec >= story.timeoutSec)
      complaints.push({
        path: ['migrations', index, 'atSec'],
        message: `the run is ended after timeoutSec ${story.timeoutSec}`,
      });
  }
  return complaints;
};

/** A floor is a promise; with the headroom it has to fit on its link. */
const floorsFit: Check = (story) => {
  const headroom = story.controller.headroomFraction ?? HEADROOM_FRACTION_DEFAULT;
  const check = (capacity: number, floor: number, path: Complaint['path']): Complaint[] => {
    const most = Math.floor(capacity * (1 - headroom));
    return floor <= most
      ? []
      : [{ path, message: `with ${headroom} of the link kept as headroom the floor can be at most ${most}` }];
  };
  return [
    ...story.network.hosts.flatMap((host, index) =>
      check(host.nicBitsPerSec, host.floorBitsPerSec, ['network', 'hosts', index, 'floorBitsPerSec']),
    ),
    ...story.network.links.flatMap((link, index) =>
      check(link.capacityBitsPerSec, link.floorBitsPerSec, ['network', 'links', index, 'floorBitsPerSec']),
    ),
  ];
};

/** Everything is one layer-2 network: all addresses of a story lie in one /16. */
const guestsStayConsistent: Check = (story) => {
  const network = (ip: string) => ip.split('.').slice(0, 2).join('.');
  const first = story.network.hosts[0];
  if (!first) return [];
  const wanted = network(first.ip);
  const outside = (ip: string, path: Complaint['path']): Complaint[] =>
    network(ip) === wanted ? [] : [{ path, message: `all hosts and VMs share one network ${wanted}.0.0/16` }];
  return [
    ...story.network.hosts.flatMap((host, index) => outside(host.ip, ['network', 'hosts', index, 'ip'])),
    ...story.vms.flatMap((vm, index) => outside(vm.ip, ['vms', index, 'ip'])),
  ];
};

const choices = (set: ReadonlySet<string>): string => (set.size ? ` (there is ${[...set].join(', ')})` : '');
