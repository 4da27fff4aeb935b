/**
 * Random networks and random streams of requests, rounds, aborts, failures and lost links, for property tests. `World`
 * checks every promise of the core after every input.
 */
import { buildTopology, type HostId, inventorySchema, type LinkId, type Topology } from '@sluice/topology';
import { bitsPerSec, millis } from '@sluice/units';
import fc from 'fast-check';
import { activeMigrations, type Migration, type MigrationId, RATE_POLICIES, type VmId } from '../index.ts';
import { profile, request, type World } from './world.ts';

const HOSTS = 5;
const VMS = 8;

export interface Plan {
  readonly switches: number;
  readonly rates: readonly number[];
  readonly extraLinks: readonly (readonly [number, number])[];
}

/** A line of switches, so that it is connected, with extra links that make other ways. */
export function network(plan: Plan): Topology {
  const ports = new Map<string, number>();
  const port = (name: string) => {
    const next = (ports.get(name) ?? 0) + 1;
    ports.set(name, next);
    return next;
  };
  const rate = (index: number) => Math.round((plan.rates[index % plan.rates.length] ?? 100) * 1e4) * 100;
  const pairs: (readonly [number, number])[] = [];
  for (let index = 1; index < plan.switches; index += 1) pairs.push([index - 1, index]);
  for (const [a, b] of plan.extraLinks)
    if (a % plan.switches !== b % plan.switches) pairs.push([a % plan.switches, b % plan.switches]);
  const name = (index: number) => `s${index + 1}`;
  return buildTopology(
    inventorySchema.parse({
      switches: Array.from({ length: plan.switches }, (_, index) => ({
        name: name(index),
        dpid: `${index + 1}`.padStart(16, '0'),
      })),
      hosts: Array.from({ length: HOSTS }, (_, index) => ({
        name: `h${index}`,
        kind: 'hypervisor',
        mac: `02:00:00:00:00:0${index}`,
        ip: `10.0.0.${index + 1}`,
        switch: name(index % plan.switches),
        port: port(name(index % plan.switches)),
        nicBitsPerSec: rate(index),
        floorBitsPerSec: rate(index) / 20,
      })),
      links: pairs.map(([a, b], index) => ({
        a: { switch: name(a), port: port(name(a)) },
        b: { switch: name(b), port: port(name(b)) },
        capacityBitsPerSec: rate(index + 3),
        floorBitsPerSec: rate(index + 3) / 10,
      })),
    }),
  );
}

const ACTS = [
  'request',
  'request',
  'request',
  'request',
  'advance',
  'advance',
  'advance',
  'advance',
  'advance',
  'advance',
  'advance',
  'advance',
  'advance',
  'advance',
  'advance',
  'advance',
  'abort',
  'fail',
  'network_fails',
  'link',
  'load',
  'time',
] as const;

export const act = fc.record({
  kind: fc.constantFrom(...ACTS),
  pick: fc.nat(1000),
  other: fc.nat(1000),
  amount: fc.nat(1000).map((thousandths) => thousandths / 1000),
  policy: fc.constantFrom(...RATE_POLICIES),
  floor: fc.boolean(),
});
export type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

export const plan = fc.record({
  switches: fc.integer({ min: 1, max: 4 }),
  rates: fc.array(fc.integer({ min: 20, max: 300 }), { minLength: 1, maxLength: 5 }),
  extraLinks: fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { maxLength: 4 }),
});

export const vms = () => {
  const placed: Record<string, ReturnType<typeof profile>[]> = {};
  for (let index = 0; index < VMS; index += 1) {
    const host = `h${index % HOSTS}`;
    placed[host] = [
      ...(placed[host] ?? []),
      profile(`vm${index}`, { mac: `02:00:00:00:01:0${index}`, dirtyRateBytesPerSec: 5e4 * (index + 1) }),
    ];
  }
  return placed;
};

export function play(world: World, { kind, pick, other, amount, policy, floor }: Act, index: number): void {
  world.wait(20);
  const active = activeMigrations(world.state);
  const migration = active[pick % Math.max(1, active.length)];
  switch (kind) {
    case 'request':
      world.ask(
        request(`m${index}`, {
          vmId: `vm${pick % VMS}` as VmId,
          destination: `h${other % HOSTS}` as HostId,
          policy,
          downtimeLimit: millis(200 + amount * 2000),
          rateMin: pick % 3 === 0 ? bitsPerSec(2e6) : null,
          rateMax: pick % 4 === 0 ? bitsPerSec(Math.ceil(3e6 + amount * 20e6)) : null,
          roundsMax: 4,
          applicationFloor: floor ? bitsPerSec(Math.ceil(amount * 10e6)) : null,
        }),
      );
      break;
    case 'link': {
      const links = [...world.state.topology.links.keys()];
      // Links that are down come up again more often than others go, or nothing would get anywhere.
      const down = [...world.state.linksDown];
      const link = (down[pick % (down.length + 1)] ?? links[other % links.length]) as LinkId;
      const isDown = world.state.linksDown.has(link);
      world.send({ kind: isDown ? 'link_came_up' : 'link_went_down', link });
      break;
    }
    case 'load': {
      const links = [...world.state.topology.links.values()];
      const link = links[pick % links.length];
      if (link) world.loads({ [link.id]: link.capacity * amount });
      break;
    }
    case 'time':
      world.pass(amount < 0.9 ? 500 : 3000, amount < 0.9 ? [] : [`h${pick % HOSTS}`]);
      for (const hostId of world.state.hosts.keys()) world.heartbeat(hostId);
      break;
    default:
      if (migration) touch(world, migration, kind, { other, amount });
  }
}

function touch(
  world: World,
  migration: Migration,
  kind: 'advance' | 'abort' | 'fail' | 'network_fails',
  { other, amount }: { readonly other: number; readonly amount: number },
): void {
  const { id } = migration;
  if (kind === 'abort') world.send({ kind: 'abort_requested', migrationId: id, reason: 'test' });
  else if (kind === 'fail') {
    if (amount < 0.2) world.failed(id, other % 2 === 0 ? 'source' : 'destination', other % 3 === 0);
  } else if (kind === 'network_fails' && migration.networkPending !== null && amount < 0.4)
    world.networkFailed(id, migration.networkPending);
  else advance(world, migration, amount);
}

/** Whatever comes next in the life of a healthy migration; sometimes a report overtakes what it should wait for. */
function advance(world: World, migration: Migration, amount: number): void {
  const { id, phase, networkPending, boundary, lowering } = migration;
  if (phase === 'preparing' && migration.listening === null) world.prepared(id);
  else if (lowering !== null && amount > 0.2) world.capApplied(id);
  else if (networkPending !== null && amount > 0.15) world.networkDone(id, networkPending);
  else if (migration.countersPending > 0 && amount > 0.1) world.counters(id, Math.round(world.now * 1000));
  else if (phase === 'releasing') world.networkDone(id, 'remove');
  else if (migration.startedAt === null) world.migrationStarted(id);
  else if (migration.resumedAt !== null) world.completed(id);
  else if (migration.stoppedAt !== null) world.resumed(id);
  else if (migration.postcopy !== null) world.stopped(id);
  else if (boundary === null && migration.rounds.length > 2) world.stopped(id);
  else
    world.round(id, {
      remainingBytes: Math.round(amount * 80e6),
      dirtyRateBytesPerSec: amount * 5e6,
      durationSec: 0.02 + amount,
    });
}

/** Every active migration is aborted or, once its VM has moved, brought to its end. */
export function drain(world: World): void {
  for (const { id } of activeMigrations(world.state)) {
    world.send({ kind: 'abort_requested', migrationId: id, reason: 'the end' });
    const current = () => world.state.migrations.get(id as MigrationId);
    if (current()?.phase === 'postcopy') moveOn(world, id);
    if (current()?.phase === 'stop_and_copy' || current()?.phase === 'precopy') world.completed(id);
    if (current()?.networkPending === 'remove') world.networkDone(id, 'remove');
  }
}

/** The VM of a post-copy arrives, and then the rest of its memory. */
function moveOn(world: World, id: MigrationId): void {
  if (world.migration(id).stoppedAt === null) world.stopped(id);
  if (world.migration(id).resumedAt === null) world.resumed(id);
  world.completed(id);
}

/** Everything that is under way comes to its answer; nobody finishes a round. */
export function quiesce(world: World): void {
  for (let turn = 0; turn < QUIET_TURNS_MAX; turn += 1) {
    const waiting = activeMigrations(world.state).filter((migration) => answerOne(world, migration));
    if (waiting.length === 0) return;
  }
  throw new Error('the world does not come to rest');
}
const QUIET_TURNS_MAX = 200;

function answerOne(world: World, { id }: Migration): boolean {
  const { phase, networkPending, lowering, countersPending, listening, startedAt } = world.migration(id);
  if (phase === 'preparing' && listening === null) world.prepared(id);
  else if (lowering !== null) world.capApplied(id);
  else if (networkPending !== null) world.networkDone(id, networkPending);
  else if (countersPending > 0) world.counters(id, null);
  else if (phase === 'installing' && startedAt === null) world.migrationStarted(id);
  else return false;
  return true;
}
