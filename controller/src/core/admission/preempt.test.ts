/** Who concedes what to a request of a higher priority: as little as it takes, the lowest first. */
import { bitsPerSec, millis } from '@sluice/units';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Effect, MigrationRequest, VmId } from '../index.ts';
import { holdOf } from '../ledger/index.ts';
import { profile, request, told, World } from '../testing/world.ts';
import { quote } from './quote.ts';

const rate = (mbit: number) => bitsPerSec(mbit * 1e6);
const LOADS = { h1: [profile('web'), profile('db')], h2: [profile('mail'), profile('log')] };
const urgent = (changes: Partial<MigrationRequest> = {}) =>
  request('urgent', { vmId: 'db' as VmId, priority: 8, mayPreempt: true, rateMin: rate(60), ...changes });
const guaranteeOf = (world: World, id: string) =>
  holdOf(world.state.ledger, world.reservationId(id)).guarantee;
const preemptions = (effects: readonly Effect[]) =>
  effects.flatMap((effect) =>
    effect.kind === 'announce' && effect.event.type === 'preempted'
      ? [[effect.event.migrationId, effect.event.detail.concession]]
      : [],
  );

describe('preemption', () => {
  it('takes what only a deadline needs before anything else', () => {
    const world = World.started(LOADS);
    world.ask(request('web', { deadline: millis(20_000), priority: 2 }));
    const before = guaranteeOf(world, 'web');
    expect(before).toBeGreaterThan(rate(40));
    const effects = world.ask(urgent());
    expect(preemptions(effects)).toEqual([['web', 'deadline']]);
    expect(guaranteeOf(world, 'web')).toBeLessThan(rate(20));
    expect(guaranteeOf(world, 'web')).toBeGreaterThan(rate(8));
    expect([world.migration('web').phase, world.migration('urgent').phase]).toEqual([
      'preparing',
      'preparing',
    ]);
  });
  it('takes no more than it needs, the lowest priority first', () => {
    const world = World.started(LOADS);
    world.ask(request('web', { rateMin: rate(30), priority: 2 }));
    world.ask(request('mail', { vmId: 'mail' as VmId, rateMin: rate(20), priority: 3 }));
    expect(preemptions(world.ask(urgent({ rateMin: rate(45) })))).toEqual([['web', 'deadline']]);
    expect(guaranteeOf(world, 'mail')).toBe(rate(20));
  });
  it('takes all but the least reservation when converging rates are too much', () => {
    const world = World.started(LOADS);
    world.ask(request('web', { rateMin: rate(30), priority: 2 }));
    world.ask(request('mail', { vmId: 'mail' as VmId, rateMin: rate(15), priority: 3 }));
    expect(preemptions(world.ask(urgent({ rateMin: rate(62) })))).toEqual([['web', 'least']]);
    expect([guaranteeOf(world, 'web'), guaranteeOf(world, 'mail')]).toEqual([rate(1), rate(15)]);
  });
  it('evicts when nothing less helps', () => {
    const world = World.started(LOADS);
    world.begin(request('web', { rateMin: rate(30), priority: 2 }));
    const effects = world.ask(urgent({ rateMin: rate(80) }));
    expect(preemptions(effects)).toEqual([['web', 'evicted']]);
    expect(world.migration('web')).toMatchObject({ outcome: 'aborted', reason: 'preempted' });
    expect(told(effects)).toEqual(expect.arrayContaining(['remove_reservation', 'answer ok']));
  });
  it('is refused to those who may not, or who are no more important', () => {
    const world = World.started(LOADS);
    world.ask(request('web', { rateMin: rate(30), priority: 5 }));
    expect(told(world.ask(urgent({ mayPreempt: false })))[0]).toBe('answer insufficient_capacity');
    expect(told(world.ask(urgent({ priority: 5 })))[0]).toBe('answer insufficient_capacity');
    expect(guaranteeOf(world, 'web')).toBe(rate(30));
  });
  it('spares a migration whose VM is about to stop', () => {
    const world = World.started(LOADS);
    world.begin(request('web', { rateMin: rate(30), priority: 2 }));
    world.round('web', { remainingBytes: 1000 });
    world.counters('web', 12e6);
    world.stopped('web');
    expect(told(world.ask(urgent()))[0]).toBe('answer insufficient_capacity');
  });
  it('spares a post-copy from its order on', () => {
    const world = World.started();
    for (const hostId of world.state.hosts.keys())
      world.hostProfile(hostId, LOADS[hostId as keyof typeof LOADS] ?? [], { capabilities: ['postcopy'] });
    world.begin(request('web', { rateMin: rate(30), priority: 2, mechanisms: ['postcopy'] }));
    expect(world.migration('web')).toMatchObject({ phase: 'precopy', postcopy: { state: 'ordered' } });
    const effects = world.ask(urgent());
    expect([told(effects)[0], preemptions(effects)]).toEqual(['answer insufficient_capacity', []]);
  });
  it('does what its quote said', () => {
    const world = World.started(LOADS);
    world.ask(request('web', { rateMin: rate(30), priority: 2 }));
    const quoted = quote(world.state, urgent());
    const effects = world.ask(urgent({ etag: quoted.etag }));
    expect(
      quoted.ok && quoted.preempts.map(({ migrationId, concession }) => [migrationId, concession]),
    ).toEqual(preemptions(effects));
  });
  it('keeps every promise, and never takes from the same priority or a higher one', () => {
    const asked = fc.record({
      vm: fc.constantFrom('web', 'db', 'mail', 'log'),
      priority: fc.nat({ max: 9 }),
      mayPreempt: fc.boolean(),
      // A whole link, now and then: then nothing less than eviction helps.
      rateMin: fc.oneof(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 1, max: 80 }), fc.constant(80)),
      deadlineSec: fc.option(fc.integer({ min: 15, max: 60 })),
      startAtSec: fc.option(fc.integer({ min: 1, max: 30 })),
      far: fc.boolean(),
    });
    const seen = new Map<unknown, number>();
    fc.assert(
      fc.property(fc.array(asked, { minLength: 3, maxLength: 8 }), (list) => {
        const world = World.started(LOADS);
        for (const [index, one] of list.entries()) {
          const wanted = request(`m${index}`, {
            vmId: one.vm as VmId,
            destination: (one.far ? 'h4' : 'h3') as MigrationRequest['destination'],
            priority: one.priority,
            mayPreempt: one.mayPreempt,
            rateMin: rate(one.rateMin),
            deadline: one.deadlineSec === null ? null : millis(one.deadlineSec * 1000),
            startAt: one.startAtSec === null ? null : millis(one.startAtSec * 1000),
          });
          // `World` checks after every input that no link promises more than it has, at any time.
          for (const [id, concession] of preemptions(world.ask(wanted))) {
            seen.set(concession, (seen.get(concession) ?? 0) + 1);
            expect(world.migration(String(id)).request.priority).toBeLessThan(one.priority);
          }
          world.pass(500);
        }
      }),
      { numRuns: 300 },
    );
    for (const concession of ['deadline', 'least', 'evicted'])
      expect([concession, seen.get(concession) ?? 0]).not.toEqual([concession, 0]);
  });
});
