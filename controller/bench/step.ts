/** Inputs a second that the core decides with a hundred migrations under way, on a leaf-spine fabric. */
import { buildTopology, type HostId, leafSpine } from '@sluice/topology';
import { bitsPerSec, bytes, instant, millis } from '@sluice/units';
import {
  activeMigrations,
  checkInvariants,
  DEFAULT_CORE_CONFIG,
  type Input,
  initialState,
  type MigrationId,
  type MigrationRequest,
  type State,
  step,
  type VmId,
} from '../src/core/index.ts';
import { profile } from '../src/core/testing/world.ts';

const MIGRATIONS = 100;
const ROUNDS = 20;

export async function run(): Promise<{ name: string; lines: string[] }> {
  const world = new Counted(fabric());
  world.begin();
  measure(world, (index) => world.round(index), 2);
  const rounds = measure(world, (index) => world.round(index), ROUNDS);
  const beats = measure(world, (index) => world.heartbeat(index), ROUNDS);
  const ticks = measure(world, () => world.send({ kind: 'tick' }), 2);
  checkInvariants(world.state);
  return {
    name: `core with ${activeMigrations(world.state).length} migrations, ${world.state.topology.links.size} links`,
    lines: [
      `round boundaries: ${rounds.inputs} inputs/s (${rounds.calls} boundaries/s)`,
      `heartbeats: ${beats.inputs} inputs/s`,
      `ticks: ${ticks.inputs} inputs/s`,
    ],
  };
}

/** The least a caller must do to keep the core busy. */
class Counted {
  state: State;
  inputs = 0;
  now = 1000;
  readonly hosts: readonly HostId[];

  constructor(state: State) {
    this.state = state;
    this.hosts = [...state.hosts.keys()];
  }

  send(input: { readonly kind: Input['kind'] } & Record<string, unknown>): void {
    this.inputs += 1;
    this.state = step(this.state, { ...input, now: instant(this.now) } as Input).state;
  }

  report(hostId: HostId, report: object): void {
    this.send({ kind: 'agent_reported', hostId, report });
  }

  host(index: number): HostId {
    return this.hosts[index % this.hosts.length] as HostId;
  }

  heartbeat(index: number): void {
    const vms = [...this.state.vms.values()].filter((vm) => vm.hostId === this.host(index));
    this.report(this.host(index), {
      kind: 'nic_load',
      txBitsPerSec: 1e6,
      rxBitsPerSec: 1e6,
      intervalSec: 0.5,
      vms: vms.map((vm) => profile(vm.id, { mac: vm.mac })),
    });
  }

  begin(): void {
    for (const [index, hostId] of this.hosts.entries()) {
      const vms = index < MIGRATIONS ? vmsAt(index) : [];
      this.report(hostId, { kind: 'nic_load', txBitsPerSec: 0, rxBitsPerSec: 0, intervalSec: 0.5, vms });
    }
    for (let index = 0; index < MIGRATIONS; index += 1) {
      const id = `m${index}`;
      this.send({
        kind: 'migration_requested',
        request: requestOf(id, index, this.host(index + MIGRATIONS / 2)),
      });
      const { destination, source, reservationId } = this.migration(id);
      this.report(destination, { kind: 'incoming_prepared', migrationId: id, ip: '10.0.0.1', port: 4444 });
      this.send({ kind: 'network_done', reservationId, operation: 'install' });
      this.send({ kind: 'counters_read', reservationId, queueBytes: bytes(0), meterBytes: bytes(0) });
      this.report(source, { kind: 'migration_started', migrationId: id });
    }
  }

  migration(id: string) {
    const found = this.state.migrations.get(id as MigrationId);
    if (!found) throw new Error(`migration ${id} was refused`);
    return found;
  }

  /** Report, counters and, when the rate changes, the network's word. */
  round(index: number): void {
    const id = `m${index}`;
    const migration = this.migration(id);
    const { reservationId } = migration;
    this.now += 1;
    this.report(migration.source, {
      kind: 'round_finished',
      migrationId: id,
      round: migration.rounds.length,
      transferredBytes: 1e6,
      durationSec: 1,
      wireBytes: 1e6,
      remainingBytes: 500e6,
      dirtyRateBytesPerSec: 1e5 * (1 + ((index + migration.rounds.length) % 7)),
    });
    this.send({
      kind: 'counters_read',
      reservationId,
      queueBytes: bytes(this.now * 1e6),
      meterBytes: bytes(this.now * 1e6),
    });
    if (this.migration(id).networkPending === 'resize')
      this.send({ kind: 'network_done', reservationId, operation: 'resize' });
  }
}

/** 8 leaves with 16 hosts each, 4 spines: 320 directed links. */
const fabric = (): State =>
  initialState(
    buildTopology(
      leafSpine({
        leaves: 8,
        spines: 4,
        hostsPerLeaf: 16,
        nic: bitsPerSec(10e9),
        capacity: bitsPerSec(40e9),
        floor: bitsPerSec(1e9),
      }),
    ),
    DEFAULT_CORE_CONFIG,
  );

/** Inputs and calls a second. */
function measure(world: Counted, once: (index: number) => void, repeat: number) {
  const began = performance.now();
  const before = world.inputs;
  for (let turn = 0; turn < repeat; turn += 1)
    for (let index = 0; index < MIGRATIONS; index += 1) once(index);
  const seconds = (performance.now() - began) / 1000;
  return {
    inputs: Math.round((world.inputs - before) / seconds),
    calls: Math.round((repeat * MIGRATIONS) / seconds),
  };
}

const vmsAt = (index: number) => [
  profile(`vm${index}`, {
    mac: `02:00:00:00:02:${index.toString(16).padStart(2, '0')}`,
    dirtyRateBytesPerSec: 1e5,
  }),
];

const requestOf = (id: string, index: number, destination: HostId): MigrationRequest => ({
  id: id as MigrationId,
  vmId: `vm${index}` as VmId,
  source: null,
  destination,
  policy: index % 2 === 0 ? 'bda' : 'minimum-energy',
  deadline: millis(3_600_000),
  downtimeLimit: millis(1000),
  rateMin: null,
  rateMax: bitsPerSec(200e6),
  roundsMax: 1000,
  applicationFloor: null,
});
