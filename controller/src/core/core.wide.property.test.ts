/**
 * What other streams of inputs leave out: every objective, shadow mode, a solver that runs out of work, VMs of all sizes
 * that write nothing or more than any link carries, quotas, weights, throttled guests, disks, interrupted post-copies,
 * counters that cannot be read. `World` checks the promises of the core after every input; each request is quoted first,
 * and must be answered as it was quoted.
 */
import type { HostId } from '@sluice/topology';
import { bitsPerSec, instant, millis } from '@sluice/units';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  activeMigrations,
  type Effect,
  explain,
  isActive,
  type Migration,
  type MigrationRequest,
  OBJECTIVES,
  quote,
  RATE_POLICIES,
  reservations,
  type VmId,
} from './index.ts';
import { drain, network, plan } from './testing/random-world.ts';
import { profile, request, World } from './testing/world.ts';

/** Of a busy machine. */
const TIME_LIMIT_MS = 180_000;
const HOSTS = 5;
const VMS = 8;

const setting = fc.record({
  plan,
  scale: fc.constantFrom(0.01, 1, 1000),
  objective: fc.constantFrom(...OBJECTIVES),
  shadow: fc.constantFrom(false, false, false, true),
  allocationWorkMax: fc.constantFrom(1_000_000, 10, 1),
  headroomFraction: fc.constantFrom(0.1, 0, 0.5),
  reverseFraction: fc.constantFrom(0.03, 0.001, 0.3),
  migrationsMax: fc.constantFrom(256, 3),
  canPostcopy: fc.boolean(),
  memories: fc.array(fc.constantFrom(4096, 1e6, 1e8, 1e8, 64e9), { minLength: VMS, maxLength: VMS }),
  dirtyRates: fc.array(fc.constantFrom(0, 1, 1e4, 1e5, 1e6, 2e7, 1e9), { minLength: VMS, maxLength: VMS }),
  workingSets: fc.array(fc.constantFrom(0, 1, 4e6, 1e8, 1e12), { minLength: VMS, maxLength: VMS }),
});
type Setting = typeof setting extends fc.Arbitrary<infer T> ? T : never;

const rates = fc.option(fc.constantFrom(1, 1e6, 7e6, 2e7, 5e7, 4e11), { freq: 2 });
const time = (...values: readonly number[]) => fc.constantFrom(...values).map((value) => millis(value));
const asked = fc.record({
  policy: fc.constantFrom(...RATE_POLICIES),
  deadline: fc.option(time(1, 5000, 60_000, 200_000), { freq: 2 }),
  downtimeLimit: time(30, 31, 300, 300, 3000, 3000),
  rateMin: rates,
  rateMax: rates,
  applicationFloor: fc.option(fc.constantFrom(0, 1, 1e6, 3e7), { freq: 2 }),
  roundsMax: fc.constantFrom(1, 4, 30),
  tenant: fc.constantFrom(null, 't1', 't2', 'unknown'),
  priority: fc.nat(9),
  weight: fc.constantFrom(1, 0.001, 1000),
  startAt: fc.option(time(0, 1, 700, 5000), { freq: 2 }),
  holdFor: fc.oneof(fc.constant(null), fc.constant(null), time(1, 20, 3000)),
  mayPreempt: fc.boolean(),
  mechanisms: fc.subarray(['precopy', 'postcopy', 'hybrid'] as const, { minLength: 1 }),
  throttleMax: fc.constantFrom(null, 0.5),
  isTogether: fc.boolean(),
});
type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

const KINDS = ['ask', 'ask', 'commit', 'link', 'load', 'pass', 'network_fails', 'fail'] as const;
const MORE = ['postcopy_state', 'storage', 'explain', 'abort'] as const;
const RUN = ['run', 'run', 'run', 'run', 'run', 'run', 'run', 'run', 'run', 'run'] as const;
const turn = fc.record({
  kind: fc.constantFrom(...KINDS, ...MORE, ...RUN, ...RUN),
  pick: fc.nat(1000),
  other: fc.nat(1000),
  amount: fc.nat(1000).map((thousandths) => thousandths / 1000),
  asked,
});
type Turn = typeof turn extends fc.Arbitrary<infer T> ? T : never;

const seen = new Map<string, number>();
const saw = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);

describe('the core', () => {
  it(
    'keeps its promises whatever it is asked, by whom and how it is set up, and answers as it quoted',
    () => {
      fc.assert(
        fc.property(setting, fc.array(turn, { minLength: 20, maxLength: 80, size: 'max' }), (how, turns) => {
          const world = worldOf(how);
          for (const [index, one] of turns.entries()) play(world, one, index);
          drain(world);
          for (const { outcome } of world.state.migrations.values()) saw(outcome ?? 'active');
          if (how.shadow) return;
          expect(reservations(world.state)).toEqual([]);
          for (const migration of world.state.migrations.values()) expect(isActive(migration)).toBe(false);
        }),
        { numRuns: 600 },
      );
      // A property that never gets anywhere proves nothing.
      for (const what of MUST_BE_SEEN) expect(seen.get(what) ?? 0, what).toBeGreaterThan(0);
    },
    TIME_LIMIT_MS,
  );
});

const MUST_BE_SEEN = [
  'offered',
  'will_not_converge',
  'deadline_infeasible',
  'downtime_infeasible',
  'insufficient_capacity',
  'rate_too_low',
  'quota_exceeded',
  'migration_held',
  'migration_scheduled',
  'would_run',
  'rescue',
  'postcopy_ordered',
  'completed',
  'aborted',
  'failed',
];

function worldOf(how: Setting): World {
  const { scale, canPostcopy, memories, dirtyRates, workingSets, plan: plan_, ...config } = how;
  const scaled = { ...plan_, rates: plan_.rates.map((rate) => rate * scale) };
  const world = new World(network(scaled), {
    ...config,
    tenantQuotas: {
      t1: { migrationsMax: 1, rateMax: null },
      t2: { migrationsMax: null, rateMax: bitsPerSec(5e6) },
    },
  });
  const capabilities = canPostcopy ? ['postcopy'] : [];
  for (const hostId of world.state.hosts.keys()) {
    const here = Array.from({ length: VMS }, (_, index) => index).filter(
      (index) => hostId === `h${index % HOSTS}`,
    );
    const vms = here.map((index) =>
      profile(`vm${index}`, {
        mac: `02:00:00:00:01:0${index}`,
        memoryBytes: memories[index] ?? 0,
        dirtyRateBytesPerSec: dirtyRates[index] ?? 0,
        workingSetBytes: workingSets[index] ?? 0,
      }),
    );
    world.hostProfile(hostId, vms, { capabilities });
  }
  return world;
}

function play(world: World, { kind, pick, other, amount, asked: wanted }: Turn, index: number): void {
  world.wait([0, 1, 20, 100][other % 4] ?? 0);
  const active = activeMigrations(world.state);
  const migration = active[pick % Math.max(1, active.length)];
  switch (kind) {
    case 'ask':
      ask(world, requestOf(wanted, { pick, other, index }));
      break;
    case 'link': {
      const links = [...world.state.topology.links.keys()];
      const [down] = world.state.linksDown;
      const link = down ?? links[pick % links.length];
      if (link) world.send({ kind: down === undefined ? 'link_went_down' : 'link_came_up', link });
      break;
    }
    case 'load': {
      const links = [...world.state.topology.links.values()];
      const link = links[pick % links.length];
      if (link) world.loads({ [link.id]: link.capacity * amount * 3 });
      break;
    }
    case 'pass':
      note(world.pass(amount < 0.9 ? 700 : 20_000, amount < 0.95 ? [] : [`h${pick % HOSTS}`]));
      break;
    case 'run':
      for (const step of [0, 1, 2, 3])
        if (migration)
          runOn(world, migration, { other: other + 5 * step, amount: (amount + 0.23 * step) % 1 });
      break;
    default:
      if (migration) note(touch(world, migration, { kind, other, amount }));
  }
}

function runOn(world: World, { id }: Migration, how: Pick<Turn, 'other' | 'amount'>): void {
  const migration = world.state.migrations.get(id);
  if (migration !== undefined && isActive(migration)) note(goOn(world, migration, how));
}

const requestOf = (
  { isTogether, rateMin, rateMax, applicationFloor, ...same }: Asked,
  { pick, other, index }: { readonly pick: number; readonly other: number; readonly index: number },
): MigrationRequest =>
  request(`m${index}`, {
    ...same,
    vmId: `vm${pick % VMS}` as VmId,
    // Now and then where it is already.
    destination: `h${(pick + (other % 16 === 0 ? 0 : 1 + (other % 4))) % HOSTS}` as HostId,
    rateMin: rateMin === null ? null : bitsPerSec(Math.min(rateMin, rateMax ?? rateMin)),
    rateMax: rateMax === null ? null : bitsPerSec(rateMax),
    applicationFloor: applicationFloor === null ? null : bitsPerSec(applicationFloor),
    togetherWith: isTogether ? [`vm${other % VMS}` as VmId] : [],
  });

/** As it was quoted, with its tag or without. */
function ask(world: World, wanted: MigrationRequest): void {
  const quoted = quote({ ...world.state, now: instant(world.now) }, wanted);
  const effects = world.ask(world.now % 2 === 0 ? wanted : { ...wanted, etag: quoted.etag });
  const answers = effects.flatMap((effect) => (effect.kind === 'answer' ? [effect.answer] : []));
  expect(answers).toEqual([
    quoted.ok ? { ok: true, migrationId: wanted.id } : { ok: false, refusal: quoted.refusal },
  ]);
  saw(quoted.ok ? 'offered' : quoted.refusal.kind);
  note(effects);
}

function note(effects: readonly Effect[]): void {
  for (const effect of effects) if (effect.kind === 'announce') saw(effect.event.type);
}

function touch(
  world: World,
  migration: Migration,
  { kind, other, amount }: Pick<Turn, 'kind' | 'other' | 'amount'>,
): readonly Effect[] {
  const { id, source, networkPending } = migration;
  const remainingBytes = Math.round(amount * 1e8);
  switch (kind) {
    case 'commit':
      return world.send({ kind: 'commit_requested', migrationId: id });
    case 'abort':
      return world.send({ kind: 'abort_requested', migrationId: id, reason: 'enough' });
    case 'network_fails':
      return networkPending === null ? [] : world.networkFailed(id, networkPending);
    case 'fail':
      return amount < 0.2 ? world.failed(id, other % 2 === 0 ? 'source' : 'destination', amount < 0.05) : [];
    case 'postcopy_state': {
      const state = other % 2 === 0 ? 'running' : 'paused';
      return world.report(source, { kind: 'postcopy_state', migrationId: id, state, remainingBytes });
    }
    case 'storage': {
      const progress = { copiedBytes: remainingBytes, totalBytes: 1e8 };
      return world.report(source, { kind: 'storage_progress', migrationId: id, ...progress });
    }
    default:
      explain(world.state, id);
      return [];
  }
}

/** Whatever comes next for a healthy migration, and sometimes what should have waited for it. */
function goOn(
  world: World,
  migration: Migration,
  { other, amount }: Pick<Turn, 'other' | 'amount'>,
): readonly Effect[] {
  const { id, phase, networkPending, boundary, postcopy } = migration;
  if (phase === 'held' || phase === 'scheduled') return world.pass(500);
  if (phase === 'preparing' && migration.listening === null) return world.prepared(id);
  if (postcopy?.state === 'recovering' && networkPending === null) return world.prepared(id, 1000 + other);
  if (migration.lowering !== null && amount > 0.2) return world.capApplied(id);
  if (networkPending !== null && amount > 0.15) return world.networkDone(id, networkPending);
  if (migration.countersPending > 0 && amount > 0.1)
    return world.counters(id, amount < 0.8 ? Math.round(world.now * 1000) : null);
  if (phase === 'releasing') return networkPending === 'remove' ? world.networkDone(id, 'remove') : [];
  if (migration.startedAt === null) return world.migrationStarted(id);
  if (migration.resumedAt !== null) return world.completed(id);
  if (migration.stoppedAt !== null) return world.resumed(id);
  if (postcopy !== null || (boundary === null && migration.rounds.length > 6)) return world.stopped(id);
  // Some write as fast as they send, to the end.
  const isStalling = id.endsWith('1') || id.endsWith('2') || id.endsWith('3');
  const remainingBytes = isStalling ? 95e6 : ([0, Math.round(amount * 8e7), 95e6][other % 3] ?? 0);
  return world.round(id, {
    remainingBytes,
    transferredBytes: isStalling ? remainingBytes : Math.max(1e7, 1.06 * remainingBytes),
    dirtyRateBytesPerSec: [0, amount * 5e6, 2e7, 1e9][other % 4] ?? 0,
    durationSec: [0, amount, 5][other % 3] ?? 0,
  });
}
