/** A small world for the core's tests: two sites, two ways between them, and an engineer's vocabulary. Checks every promise after every input. */
import type { AgentReport, VmProfile } from '@sluice/agents/contract';
import {
  buildTopology,
  type HostId,
  inventorySchema,
  type LinkId,
  nodeName,
  type Topology,
} from '@sluice/topology';
import { bitsPerSec, bytes, instant, millis } from '@sluice/units';
import {
  type CoreConfig,
  checkInvariants,
  DEFAULT_CORE_CONFIG,
  type Effect,
  type Input,
  initialState,
  type Migration,
  type MigrationId,
  type MigrationRequest,
  type NetworkOperation,
  REQUEST_DEFAULTS,
  type ReservationId,
  type State,
  step,
  type VmId,
} from '../index.ts';

type WithoutNow<T> = T extends unknown ? Omit<T, 'now'> : never;

/** h1, h2 at s1 and h3, h4 at s4; s1–s2–s4 is the wide way, s1–s3–s4 the narrow one. NICs of 100 Mbit/s. */
export function twoSites(
  changes: { readonly nic?: number; readonly wide?: number; readonly narrow?: number } = {},
): Topology {
  const { nic = 100e6, wide = 100e6, narrow = 50e6 } = changes;
  const host = (index: number, at: string, port: number) => ({
    name: `h${index}`,
    kind: 'hypervisor',
    mac: `02:00:00:00:00:0${index}`,
    ip: `10.0.0.${index}`,
    switch: at,
    port,
    nicBitsPerSec: nic,
    floorBitsPerSec: nic / 10,
  });
  const link = (a: string, portA: number, b: string, portB: number, capacity: number) => ({
    a: { switch: a, port: portA },
    b: { switch: b, port: portB },
    capacityBitsPerSec: capacity,
    floorBitsPerSec: capacity / 10,
  });
  return buildTopology(
    inventorySchema.parse({
      switches: [1, 2, 3, 4].map((index) => ({ name: `s${index}`, dpid: `000000000000000${index}` })),
      hosts: [host(1, 's1', 1), host(2, 's1', 2), host(3, 's4', 1), host(4, 's4', 2)],
      links: [
        link('s1', 3, 's2', 1, wide),
        link('s2', 2, 's4', 3, wide),
        link('s1', 4, 's3', 1, narrow),
        link('s3', 2, 's4', 4, narrow),
      ],
    }),
  );
}

export const profile = (vmId: string, changes: Partial<VmProfile> = {}): VmProfile => ({
  vmId,
  state: 'running',
  memoryBytes: 100e6,
  pageBytes: 4096,
  mac: `02:00:00:00:01:${(vmId.charCodeAt(0) % 256).toString(16).padStart(2, '0')}`,
  ip: '10.0.0.101',
  dirtyRateBytesPerSec: 1e6,
  workingSetBytes: 40e6,
  txBitsPerSec: 0,
  rxBitsPerSec: 0,
  ...changes,
});

export const request = (id: string, changes: Partial<MigrationRequest> = {}): MigrationRequest => ({
  ...REQUEST_DEFAULTS,
  id: id as MigrationId,
  vmId: 'web' as VmId,
  source: null,
  destination: 'h3' as HostId,
  policy: 'bda',
  deadline: null,
  downtimeLimit: millis(300),
  rateMin: null,
  rateMax: null,
  roundsMax: 30,
  applicationFloor: null,
  ...changes,
});

export class World {
  state: State;
  now = 1000;
  /** Effects of the last input. */
  effects: readonly Effect[] = [];
  /** All inputs so far, to play them again. */
  readonly inputs: Input[] = [];

  constructor(topology: Topology = twoSites(), config: Partial<CoreConfig> = {}) {
    this.state = initialState(topology, { ...DEFAULT_CORE_CONFIG, ...config });
  }

  /** All agents are up; `vms` says which VM runs where. */
  static started(
    vms: Readonly<Record<string, readonly VmProfile[]>> = { h1: [profile('web')] },
    topology?: Topology,
    config?: Partial<CoreConfig>,
  ): World {
    const world = new World(topology, config);
    for (const hostId of world.state.hosts.keys()) world.hostProfile(hostId, vms[hostId] ?? []);
    return world;
  }

  send(input: WithoutNow<Input>): readonly Effect[] {
    const whole = { ...input, now: instant(this.now) } as Input;
    this.inputs.push(whole);
    const result = step(this.state, whole);
    this.state = result.state;
    this.effects = result.effects;
    checkInvariants(this.state);
    return this.effects;
  }

  wait(ms: number): this {
    this.now += ms;
    return this;
  }

  /** Time passes while agents go on reporting every half second. */
  pass(ms: number, silent: readonly string[] = []): readonly Effect[] {
    const effects: Effect[] = [];
    for (const end = this.now + ms; this.now < end; ) {
      this.now = Math.min(end, this.now + 500);
      for (const hostId of this.state.hosts.keys())
        if (!silent.includes(hostId)) effects.push(...this.heartbeat(hostId));
      effects.push(...this.send({ kind: 'tick' }));
    }
    return effects;
  }

  report(hostId: string, report: AgentReport): readonly Effect[] {
    return this.send({ kind: 'agent_reported', hostId: hostId as HostId, report });
  }

  hostProfile(
    hostId: string,
    vms: readonly VmProfile[],
    more: { readonly capabilities?: string[] } = {},
  ): readonly Effect[] {
    const [link] =
      this.state.topology.outgoing.get(nodeName({ kind: 'host', hostId: hostId as HostId })) ?? [];
    return this.report(hostId, {
      kind: 'host_profile',
      nic: {
        device: 'eth0',
        mac: '02:00:00:00:00:01',
        ip: '10.0.0.1',
        capacityBitsPerSec: link?.capacity ?? 0,
      },
      vms: [...vms],
      ...more,
    });
  }

  /** Lists the VMs that the state places there. */
  heartbeat(hostId: string): readonly Effect[] {
    const vms = [...this.state.vms.values()].filter((vm) => vm.hostId === hostId);
    return this.report(hostId, {
      kind: 'nic_load',
      txBitsPerSec: 0,
      rxBitsPerSec: 0,
      intervalSec: 0.5,
      vms: vms.map((vm) =>
        profile(vm.id, {
          mac: vm.mac,
          memoryBytes: vm.memory,
          dirtyRateBytesPerSec: vm.dirtyRate,
          workingSetBytes: vm.workingSet,
        }),
      ),
    });
  }

  ask(wanted: MigrationRequest): readonly Effect[] {
    return this.send({ kind: 'migration_requested', request: wanted });
  }

  migration(id: string): Migration {
    const migration = this.state.migrations.get(id as MigrationId);
    if (!migration) throw new RangeError(`no migration ${id}`);
    return migration;
  }

  reservationId(id: string): ReservationId {
    const found = this.migration(id).reservationId;
    if (found === null) throw new RangeError(`${id} has no reservation`);
    return found;
  }

  prepared(id: string, port = 4444): readonly Effect[] {
    const { destination } = this.migration(id);
    const ip = this.state.hosts.get(destination)?.host.ip ?? '';
    return this.report(destination, { kind: 'incoming_prepared', migrationId: id, ip, port });
  }

  networkDone(id: string, operation: NetworkOperation): readonly Effect[] {
    return this.send({ kind: 'network_done', reservationId: this.reservationId(id), operation });
  }

  networkFailed(id: string, operation: NetworkOperation, code = 'timed_out'): readonly Effect[] {
    const reservationId = this.reservationId(id);
    return this.send({ kind: 'network_failed', reservationId, operation, code, detail: 's2 did not answer' });
  }

  counters(id: string, queueBytes: number | null, meterBytes: number | null = null): readonly Effect[] {
    return this.send({
      kind: 'counters_read',
      reservationId: this.reservationId(id),
      queueBytes: queueBytes === null ? null : bytes(queueBytes),
      meterBytes: meterBytes === null ? null : bytes(meterBytes),
    });
  }

  migrationStarted(id: string): readonly Effect[] {
    return this.report(this.migration(id).source, { kind: 'migration_started', migrationId: id });
  }

  /** The sender has gone down to the cap that it was asked for. */
  capApplied(id: string): readonly Effect[] {
    const { source, lowering } = this.migration(id);
    return this.report(source, {
      kind: 'rate_cap_applied',
      migrationId: id,
      rateCapBitsPerSec: lowering?.rateCapBitsPerSec ?? null,
    });
  }

  /** Admitted, installed, and round 0 under way. */
  begin(wanted: MigrationRequest): void {
    this.ask(wanted);
    this.prepared(wanted.id);
    if (wanted.policy !== 'unmanaged') {
      this.networkDone(wanted.id, 'install');
      this.counters(wanted.id, 0, 0);
    }
    this.migrationStarted(wanted.id);
  }

  round(
    id: string,
    changes: Partial<Extract<AgentReport, { kind: 'round_finished' }>> = {},
  ): readonly Effect[] {
    const migration = this.migration(id);
    return this.report(migration.source, {
      kind: 'round_finished',
      migrationId: id,
      round: migration.rounds.length,
      // More than is left, whatever is left: it gets somewhere unless a test says otherwise.
      transferredBytes: Math.max(10e6, 1.06 * (changes.remainingBytes ?? 0)),
      durationSec: 2,
      wireBytes: 10.5e6,
      remainingBytes: 8e6,
      dirtyRateBytesPerSec: 4e6,
      ...changes,
    });
  }

  stopped(id: string): readonly Effect[] {
    const { source } = this.migration(id);
    return this.report(source, { kind: 'vm_stopped', migrationId: id, remainingBytes: 1e6 });
  }

  resumed(id: string): readonly Effect[] {
    const { destination, vm } = this.migration(id);
    return this.report(destination, {
      kind: 'vm_resumed',
      migrationId: id,
      vm: profile(vm.id, { mac: vm.mac, memoryBytes: vm.memory }),
    });
  }

  completed(id: string): readonly Effect[] {
    return this.report(this.migration(id).source, {
      kind: 'migration_completed',
      migrationId: id,
      totalTimeSec: 12,
      downtimeSec: 0.15,
      transferredBytes: 120e6,
      stopAndCopy: { transferredBytes: 1e6, durationSec: 0.1, wireBytes: 1.05e6 },
      checkedPages: 24414,
    });
  }

  failed(id: string, side: 'source' | 'destination', vmRunning: boolean): readonly Effect[] {
    return this.report(this.migration(id)[side], {
      kind: 'migration_failed',
      migrationId: id,
      side,
      code: 'connection_lost',
      detail: 'reset by peer',
      vmRunning,
    });
  }

  loads(loads: Readonly<Record<string, number>>): readonly Effect[] {
    return this.send({
      kind: 'link_load_measured',
      loads: Object.entries(loads).map(([link, rate]) => ({
        link: link as LinkId,
        applicationRate: bitsPerSec(rate),
      })),
    });
  }
}

/** Short form of effects for comparison: what a reader would note down. */
export const told = (effects: readonly Effect[]): readonly string[] => effects.map(short);

function short(effect: Effect): string {
  switch (effect.kind) {
    case 'answer':
      return effect.answer.ok ? 'answer ok' : `answer ${effect.answer.refusal.kind}`;
    case 'send_command':
      return `${effect.command.kind} → ${effect.hostId}`;
    case 'announce':
      return `announce ${effect.event.type}`;
    default:
      return effect.kind;
  }
}
