/**
 * Inputs a second that the core decides with 10,000 migrations under way on a fat-tree of 1,024 hosts: round reports on
 * links with room for everybody, so that what is measured is the core itself and not the allocation of scarce links.
 */
import {
  activeMigrations,
  checkInvariants,
  DEFAULT_CORE_CONFIG,
  type Input,
  initialState,
  type MigrationId,
  type MigrationRequest,
  REQUEST_DEFAULTS,
  type State,
  step,
  type VmId,
} from '@sluice/controller/core';
import { buildTopology, fatTree, type HostId } from '@sluice/topology';
import { bitsPerSec, bytes, instant, millis } from '@sluice/units';
import { profile } from '../src/core/testing/world.ts';

const MIGRATIONS = 10_000;
const ROUNDS = 3;
const TICKS = 20;
const GOAL_REPORTS_PER_SEC = 200_000;

export async function run(): Promise<{ name: string; lines: string[] }> {
  const world = new Counted(fabric());
  const began = performance.now();
  world.begin();
  const admitted = (performance.now() - began) / 1000;
  for (let index = 0; index < MIGRATIONS; index += 1) world.round(index);
  world.spent.clear();
  for (let turn = 0; turn < ROUNDS; turn += 1)
    for (let index = 0; index < MIGRATIONS; index += 1) world.round(index);
  const boundary = (world.spentMs * 1000) / (ROUNDS * MIGRATIONS);
  for (let index = 0; index < world.hosts.length; index += 1) world.heartbeat(index);
  for (let turn = 0; turn < TICKS; turn += 1) world.send({ kind: 'tick' });
  checkInvariants(world.state);
  const reports = world.perSecond('round_finished');
  const reached = reports >= GOAL_REPORTS_PER_SEC ? 'reached' : 'NOT reached';
  return {
    name: `core with ${activeMigrations(world.state).length} migrations, ${world.state.topology.links.size} links`,
    lines: [
      `round reports: ${reports}/s (goal ${GOAL_REPORTS_PER_SEC}/s: ${reached})`,
      ...[...world.spent.keys()].map((kind) => `  ${kind}: ${world.perSecond(kind)}/s`),
      `a whole boundary, report to decision: ${boundary.toFixed(1)} us`,
      `brought under way in ${admitted.toFixed(1)} s: admission, destination, network, start`,
    ],
  };
}

/** The least a caller must do to keep the core busy. */
class Counted {
  state: State;
  /** Inputs and the seconds they took, by kind; reports of agents by their own kind. */
  readonly spent = new Map<string, { inputs: number; ms: number }>();
  now = 1000;
  readonly hosts: readonly HostId[];

  constructor(state: State) {
    this.state = state;
    this.hosts = [...state.hosts.keys()];
  }

  send(input: { readonly kind: Input['kind'] } & Record<string, unknown>): void {
    const whole = { ...input, now: instant(this.now) } as Input;
    const kind = whole.kind === 'agent_reported' ? whole.report.kind : whole.kind;
    const began = performance.now();
    this.state = step(this.state, whole).state;
    const took = performance.now() - began;
    const { inputs, ms } = this.spent.get(kind) ?? { inputs: 0, ms: 0 };
    this.spent.set(kind, { inputs: inputs + 1, ms: ms + took });
  }

  get spentMs(): number {
    return [...this.spent.values()].reduce((sum, { ms }) => sum + ms, 0);
  }

  perSecond(kind: string): number {
    const { inputs, ms } = this.spent.get(kind) ?? { inputs: 0, ms: 1 };
    return Math.round((inputs * 1000) / ms);
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
      const vms = vmsAt(index, this.hosts.length);
      this.report(hostId, { kind: 'nic_load', txBitsPerSec: 0, rxBitsPerSec: 0, intervalSec: 0.5, vms });
    }
    for (let index = 0; index < MIGRATIONS; index += 1) {
      const id = `m${index}`;
      this.send({
        kind: 'migration_requested',
        request: requestOf(id, index, this.host(index + 1 + ((index * 7919) % (this.hosts.length - 1)))),
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
      transferredBytes: 500e6,
      durationSec: 1,
      wireBytes: 525e6,
      remainingBytes: 250e6,
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

/** 1,024 hosts, 6,144 directed links. */
const fabric = (): State =>
  initialState(
    buildTopology(
      fatTree({ k: 16, nic: bitsPerSec(10e9), capacity: bitsPerSec(40e9), floor: bitsPerSec(1e9) }),
    ),
    { ...DEFAULT_CORE_CONFIG, migrationsMax: MIGRATIONS },
  );

/** VM n is on host n modulo their number. */
const vmsAt = (host: number, hosts: number) =>
  Array.from({ length: Math.ceil((MIGRATIONS - host) / hosts) }, (_, turn) => {
    const index = host + turn * hosts;
    const mac = `02:01:00:${index
      .toString(16)
      .padStart(6, '0')
      .replace(/..(?=.)/g, '$&:')}`;
    return profile(`vm${index}`, { mac, dirtyRateBytesPerSec: 1e5 });
  });

const requestOf = (id: string, index: number, destination: HostId): MigrationRequest => ({
  ...REQUEST_DEFAULTS,
  id: id as MigrationId,
  vmId: `vm${index}` as VmId,
  source: null,
  destination,
  policy: index % 2 === 0 ? 'bda' : 'minimum-energy',
  deadline: millis(3_600_000),
  downtimeLimit: millis(1000),
  rateMin: null,
  rateMax: bitsPerSec(20e6),
  roundsMax: 1000,
  applicationFloor: null,
});
