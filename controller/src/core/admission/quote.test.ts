/** A quote says what a later admission does, and what would pass when the answer is no. */
import type { HostId } from '@sluice/topology';
import { bitsPerSec, elapsed, millis } from '@sluice/units';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MigrationRequest, RATE_POLICIES, type VmId } from '../index.ts';
import { holdOf } from '../ledger/index.ts';
import { profile, request, twoSites, World } from '../testing/world.ts';
import { quote } from './quote.ts';
import type { Change } from './smallest-change.ts';

const loaded = fc.record({
  rate: fc.option(fc.integer({ min: 1e6, max: 70e6 })),
  deadlineMs: fc.option(fc.integer({ min: 5000, max: 100_000 })),
  startAtMs: fc.option(fc.integer({ min: 0, max: 60_000 })),
});
const asked = fc.record({
  policy: fc.constantFrom(...RATE_POLICIES),
  deadlineMs: fc.option(fc.integer({ min: 2000, max: 200_000 })),
  downtimeMs: fc.integer({ min: 31, max: 2000 }),
  rateMin: fc.option(fc.integer({ min: 1e6, max: 90e6 })),
  rateMax: fc.option(fc.integer({ min: 1e6, max: 90e6 })),
  startAtMs: fc.option(fc.integer({ min: 0, max: 60_000 })),
  floor: fc.option(fc.integer({ min: 0, max: 60e6 })),
  dirtyRateBytesPerSec: fc.integer({ min: 0, max: 12e6 }),
});
type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

const time = (ms: number | null) => (ms === null ? null : millis(ms));
const rate = (value: number | null) => (value === null ? null : bitsPerSec(value));

function worldWith(load: typeof loaded extends fc.Arbitrary<infer T> ? T : never, wanted: Asked): World {
  const { dirtyRateBytesPerSec } = wanted;
  const world = World.started({
    h1: [profile('web', { dirtyRateBytesPerSec })],
    h2: [profile('mail')],
  });
  world.ask(
    request('other', {
      vmId: 'mail' as VmId,
      rateMin: rate(load.rate),
      deadline: time(load.deadlineMs),
      startAt: time(load.startAtMs),
    }),
  );
  return world;
}

const requestOf = (wanted: Asked): MigrationRequest =>
  request('m1', {
    policy: wanted.policy,
    deadline: time(wanted.deadlineMs),
    downtimeLimit: millis(wanted.downtimeMs),
    rateMin: rate(wanted.rateMin),
    rateMax: rate(wanted.rateMax),
    startAt: time(wanted.startAtMs),
    applicationFloor: rate(wanted.floor),
  });

describe('a quote', () => {
  it('is what admission then does: the same promise, or the same refusal', () => {
    const seen = { offers: 0, refusals: 0 };
    fc.assert(
      fc.property(loaded, asked, (load, wanted) => {
        const world = worldWith(load, wanted);
        const quoted = quote(world.state, requestOf(wanted));
        const [answer] = world
          .ask(requestOf(wanted))
          .flatMap((effect) => (effect.kind === 'answer' ? [effect.answer] : []));
        expect(answer?.ok).toBe(quoted.ok);
        if (!quoted.ok) {
          seen.refusals += 1;
          expect(answer).toEqual({ ok: false, refusal: quoted.refusal });
          return;
        }
        seen.offers += 1;
        const migration = world.migration('m1');
        expect([migration.path, migration.reversePath]).toEqual([quoted.path, quoted.reversePath]);
        if (migration.reservationId === null) {
          expect(quoted.guarantee).toBe(0);
          return;
        }
        const { guarantee, window } = holdOf(world.state.ledger, migration.reservationId);
        expect({ guarantee, window }).toEqual({ guarantee: quoted.guarantee, window: quoted.window });
      }),
      { numRuns: 500 },
    );
    expect(Math.min(seen.offers, seen.refusals)).toBeGreaterThan(50);
  });
  it('names changes that pass, each by itself, and none of which less would pass', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(loaded, asked, (load, wanted) => {
        const world = worldWith(load, wanted);
        const quoted = quote(world.state, requestOf(wanted));
        if (quoted.ok) return;
        const passes = (changed: Partial<MigrationRequest>) =>
          quote(world.state, { ...requestOf(wanted), ...changed }).ok;
        for (const change of quoted.changes) {
          seen.set(change.change, (seen.get(change.change) ?? 0) + 1);
          expect({ change, ok: passes(applied(change)) }).toEqual({ change, ok: true });
          if (change.change !== 'several')
            expect({ change, less: passes(applied(change, 1)) }).toEqual({ change, less: false });
        }
      }),
      { numRuns: 200 },
    );
    for (const change of ['rate_max', 'rate_min', 'deadline', 'downtime_limit', 'start_at', 'several'])
      expect([change, seen.get(change) ?? 0]).not.toEqual([change, 0]);
  });
  it('keeps its tag as long as the same is promised, and an admission that relies on it is refused after that', () => {
    const world = World.started({ h1: [profile('web')], h2: [profile('mail')] }, twoSites());
    const wanted = request('m1', { rateMin: bitsPerSec(30e6) });
    const first = quote(world.state, wanted);
    world.wait(100);
    expect(quote(world.state, wanted).etag).toBe(first.etag);
    const destination = 'h4' as HostId;
    world.ask(request('other', { vmId: 'mail' as VmId, destination, rateMin: bitsPerSec(60e6) }));
    const second = quote(world.state, wanted);
    expect(second.etag).not.toBe(first.etag);
    const refused = world.ask({ ...wanted, etag: first.etag })[0];
    expect(refused).toEqual({
      kind: 'answer',
      migrationId: 'm1',
      answer: { ok: false, refusal: { kind: 'quote_stale', etag: second.etag } },
    });
    world.ask({ ...wanted, etag: second.etag });
    expect(world.migration('m1').phase).toBe('preparing');
  });
  it('says what the migration takes, and between which bounds while its dirty rate moves about', () => {
    const world = World.started({ h1: [profile('web', { dirtyRateBytesPerSec: 2e6 })] });
    const quoted = quote(world.state, request('m1'));
    if (!quoted.ok) throw new Error('there is room');
    const { low, expected, high } = quoted;
    for (const key of ['totalTime', 'transferred', 'energy', 'costJoule'] as const) {
      expect(low[key]).toBeLessThan(expected[key]);
      expect(expected[key]).toBeLessThan(high[key]);
    }
    expect(quoted.transfers).toHaveLength(expected.rounds + 1);
    for (let beat = 0; beat < 60; beat += 1) world.wait(500).heartbeat('h1');
    const settled = quote(world.state, request('m1'));
    expect(settled.ok && [settled.low, settled.high]).toEqual(
      settled.ok && [settled.expected, settled.expected],
    );
  });
  it('counts the time until the start', () => {
    const world = World.started();
    const now = quote(world.state, request('m1'));
    const later = quote(world.state, request('m1', { startAt: millis(60_000) }));
    if (!now.ok || !later.ok) throw new Error('there is room');
    expect(later.expected.totalTime).toBe(now.expected.totalTime + 60_000);
    expect(elapsed(world.state.now, later.window.from)).toBe(60_000);
    expect([now.window.until, later.window.until === null]).toEqual([null, false]);
  });
  it('has no change to offer against a host that is not there', () => {
    const world = World.started();
    const quoted = quote(world.state, request('m1', { destination: 'h9' as HostId }));
    expect(quoted).toMatchObject({ ok: false, refusal: { kind: 'unknown_host' }, changes: [] });
  });
});

/** The request with the change, or with so many steps less of it: of a millisecond or a kbit/s. */
function applied(change: Change, less = 0): Partial<MigrationRequest> {
  const sooner = (seconds: number) => millis(Math.round(seconds * 1000) - less);
  switch (change.change) {
    case 'rate_max':
      return { rateMax: bitsPerSec(change.rateMaxBitsPerSec - 1000 * less) };
    case 'rate_min':
      return { rateMin: bitsPerSec(change.rateMinBitsPerSec + 1000 * less) };
    case 'deadline':
      return { deadline: sooner(change.deadlineSec) };
    case 'downtime_limit':
      return { downtimeLimit: sooner(change.downtimeLimitSec) };
    case 'application_floor':
      return { applicationFloor: bitsPerSec(change.applicationFloorBitsPerSec + 1000 * less) };
    case 'start_at':
      return {
        startAt: sooner(change.startAtSec),
        ...(change.deadlineSec === null ? {} : { deadline: sooner(change.deadlineSec) }),
      };
    default:
      return Object.assign({}, ...partsOf(change).map((part) => applied(part, less)));
  }
}

/** What is changed together, one by one. */
function partsOf(change: Extract<Change, { change: 'several' }>): readonly Change[] {
  const { rateMaxBitsPerSec, rateMinBitsPerSec, deadlineSec, downtimeLimitSec } = change;
  const { applicationFloorBitsPerSec } = change;
  return [
    ...(rateMaxBitsPerSec === undefined ? [] : [{ change: 'rate_max' as const, rateMaxBitsPerSec }]),
    ...(rateMinBitsPerSec === undefined ? [] : [{ change: 'rate_min' as const, rateMinBitsPerSec }]),
    ...(deadlineSec === undefined ? [] : [{ change: 'deadline' as const, deadlineSec }]),
    ...(downtimeLimitSec === undefined ? [] : [{ change: 'downtime_limit' as const, downtimeLimitSec }]),
    ...(applicationFloorBitsPerSec === undefined
      ? []
      : [{ change: 'application_floor' as const, applicationFloorBitsPerSec }]),
  ];
}
