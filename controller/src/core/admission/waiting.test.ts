/** Held for a commit, then waiting in the calendar, then live. */
import type { HostId, LinkId } from '@sluice/topology';
import { bitsPerSec, millis } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import type { MigrationRequest, VmId } from '../index.ts';
import { holdOf } from '../ledger/index.ts';
import { profile, request, told, World } from '../testing/world.ts';

const commit = (world: World, id: string) =>
  world.send({ kind: 'commit_requested', migrationId: request(id).id });
const held = (changes: Partial<MigrationRequest> = {}) =>
  request('m1', { holdFor: millis(10_000), rateMin: bitsPerSec(30e6), ...changes });

describe('a held migration', () => {
  it('keeps its room, tells no host and no switch, and becomes live when it is committed', () => {
    const world = World.started({ h1: [profile('web')], h2: [profile('mail')] });
    expect(told(world.ask(held()))).toEqual([
      'save_migration',
      'save_reservation',
      'answer ok',
      'announce migration_held',
    ]);
    const other = world.ask(request('m2', { vmId: 'mail' as VmId, rateMin: bitsPerSec(60e6) }));
    expect(told(other)[0]).toBe('answer insufficient_capacity');
    const committed = told(commit(world, 'm1'));
    expect(committed).toEqual(expect.arrayContaining(['answer ok', 'prepare_incoming → h3']));
    expect(world.migration('m1').phase).toBe('preparing');
    expect(told(commit(world, 'm1'))).toEqual(['answer ok']);
  });
  it('is let go when nobody commits it in time, and its room with it', () => {
    const world = World.started();
    world.ask(held());
    world.pass(9_500);
    expect(world.migration('m1').phase).toBe('held');
    const effects = world.pass(1_000);
    expect(told(effects)).toContain('announce migration_aborted');
    expect(told(effects)).not.toContain('cancel_migration → h3');
    expect([world.migration('m1').reason, world.state.ledger.holds.size]).toEqual(['hold_expired', 0]);
    expect(told(commit(world, 'm1'))).toEqual(['answer migration_ended']);
  });
  it('is aborted like any other, without a word to its hosts', () => {
    const world = World.started();
    world.ask(held());
    const effects = world.send({ kind: 'abort_requested', migrationId: request('m1').id, reason: 'no' });
    expect(told(effects)).toEqual([
      'answer ok',
      'save_receipt',
      'save_migration',
      'delete_reservation',
      'announce migration_aborted',
    ]);
    expect(world.state.waiting.size).toBe(0);
  });
  it('is promised enough for its deadline even if it is committed in the last moment', () => {
    const world = World.started({ h1: [profile('web')], h2: [profile('mail')] });
    world.ask(held({ rateMin: null, deadline: millis(30_000) }));
    const { guarantee } = holdOf(world.state.ledger, world.reservationId('m1'));
    // All the rest is taken, so it cannot be given more later.
    const others = bitsPerSec(79e6 - guarantee);
    world.ask(request('m2', { vmId: 'mail' as VmId, rateMin: others }));
    expect(world.migration('m2').phase).toBe('preparing');
    world.pass(9_900);
    commit(world, 'm1');
    expect(world.migration('m1').phase).toBe('preparing');
  });
  it('gets what it was promised, although its VM writes faster by now than that is enough for', () => {
    const world = World.started({ h1: [profile('web')], h2: [profile('mail')] });
    world.ask(held({ rateMin: null, deadline: millis(30_000) }));
    const { guarantee } = holdOf(world.state.ledger, world.reservationId('m1'));
    const others = { vmId: 'mail' as VmId, destination: 'h3' as HostId };
    world.ask(request('m2', { ...others, rateMin: bitsPerSec(79e6 - guarantee) }));
    world.hostProfile('h1', [profile('web', { dirtyRateBytesPerSec: 9e6 })]);
    world.pass(5_000);
    const committed = told(commit(world, 'm1'));
    expect(committed).toEqual(expect.arrayContaining(['answer ok', 'announce limits_at_risk']));
    expect(holdOf(world.state.ledger, world.reservationId('m1')).guarantee).toBe(guarantee);
    expect(world.migration('m1').phase).toBe('preparing');
  });
  it('is the only kind that can be committed', () => {
    const world = World.started();
    world.ask(request('m1'));
    expect(told(commit(world, 'm1'))).toEqual(['answer not_held']);
    expect(told(commit(world, 'm9'))).toEqual(['answer unknown_migration']);
  });
});

describe('a scheduled migration', () => {
  const later = (changes: Partial<MigrationRequest> = {}) =>
    request('m1', { startAt: millis(20_000), rateMin: bitsPerSec(60e6), ...changes });

  it('begins at its time, and leaves its room to others until then', () => {
    const world = World.started({ h1: [profile('web')], h2: [profile('mail')] });
    expect(told(world.ask(later())).at(-1)).toBe('announce migration_scheduled');
    const short = { vmId: 'mail' as VmId, rateMin: bitsPerSec(60e6), deadline: millis(19_000) };
    world.ask(request('m2', short));
    expect(world.migration('m2').phase).toBe('preparing');
    world.send({ kind: 'abort_requested', migrationId: request('m2').id, reason: 'done' });
    world.pass(19_500);
    expect(world.migration('m1').phase).toBe('scheduled');
    expect(told(world.pass(1_000))).toContain('prepare_incoming → h3');
    const { guarantee } = holdOf(world.state.ledger, world.reservationId('m1'));
    expect([world.migration('m1').phase, guarantee]).toEqual(['preparing', 60e6]);
  });
  it('takes another way when its own is down by then, and fails when none is left', () => {
    const world = World.started();
    world.ask(later({ rateMin: bitsPerSec(20e6) }));
    const { path } = world.migration('m1');
    world.send({ kind: 'link_went_down', link: path[1] as LinkId });
    expect(world.migration('m1').phase).toBe('scheduled');
    world.pass(20_500);
    expect(world.migration('m1')).toMatchObject({
      phase: 'preparing',
      path: [path[0], 's1:4>s3:1', 's3:2>s4:4', path[3]],
    });
    const cut = World.started();
    cut.ask(later());
    cut.send({ kind: 'link_went_down', link: 's4:1>h3' as LinkId });
    cut.pass(20_500);
    expect(cut.migration('m1')).toMatchObject({ phase: 'failed', reason: 'no_path' });
    expect(cut.state.ledger.holds.size).toBe(0);
  });
  it('begins although others have booked what comes after it', () => {
    const world = World.started({ h1: [profile('web')], h2: [profile('mail')] });
    world.ask(later());
    const { until } = holdOf(world.state.ledger, world.reservationId('m1')).window;
    const after = millis((until ?? 0) - world.now + 1);
    world.ask(request('m2', { vmId: 'mail' as VmId, rateMin: bitsPerSec(60e6), startAt: after }));
    expect(world.migration('m2').phase).toBe('scheduled');
    world.pass(20_500);
    expect(world.migration('m1').phase).toBe('preparing');
    expect(holdOf(world.state.ledger, world.reservationId('m1')).window.until).toBe(until);
  });
  it('goes with its VM, and counts its deadline from the request', () => {
    const world = World.started({ h1: [profile('web')] });
    world.ask(later({ deadline: millis(60_000), rateMin: null }));
    world.hostProfile('h1', []);
    world.hostProfile('h2', [profile('web')]);
    world.pass(20_500);
    const { source, path } = world.migration('m1');
    expect([source, path[0]]).toEqual(['h2', 'h2>s1:2']);
    const { window } = holdOf(world.state.ledger, world.reservationId('m1'));
    expect(window.until).toBe(world.migration('m1').admittedAt + 60_000);
  });
  it('survives an agent that is away for a while', () => {
    const world = World.started();
    world.ask(later());
    world.pass(10_000, ['h3']);
    expect(world.migration('m1').phase).toBe('scheduled');
    world.pass(11_000);
    expect(world.migration('m1').phase).toBe('preparing');
  });
});

describe('a live migration', () => {
  it('keeps its guarantee beyond its deadline as long as there is room', () => {
    const world = World.started();
    world.begin(request('m1', { deadline: millis(14_000), rateMin: bitsPerSec(10e6) }));
    const window = () => holdOf(world.state.ledger, world.reservationId('m1')).window;
    expect(window().until).toBe(world.migration('m1').admittedAt + 14_000);
    world.pass(14_500);
    expect(world.migration('m1').phase).toBe('precopy');
    expect(window().until).toBeNull();
  });
});
