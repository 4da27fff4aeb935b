/** How much a path has for a migration, and how much of it a migration gets. */
import type { HostId } from '@sluice/topology';
import { bitsPerSec, millis } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { heldOn, predict, type VmId } from '../index.ts';
import { profile, request, World } from '../testing/world.ts';

describe('F of a path', () => {
  it('is what headroom and floor leave when applications use less than their floor', () => {
    const world = World.started();
    world.loads({ 's1:3>s2:1': 9e6 });
    world.ask(request('m1'));
    expect(world.migration('m1').roundRate).toBe(80e6);
  });

  it('leaves applications what they use above their floor', () => {
    const world = World.started();
    world.loads({ 's4:1>h3': 30e6 });
    world.ask(request('m1'));
    expect(world.migration('m1').roundRate).toBe(60e6);
  });

  it('never falls below the migrations’ share, because elastic traffic would take everything', () => {
    const world = World.started();
    world.loads({ 's4:1>h3': 99e6 });
    world.ask(request('m1'));
    expect(world.migration('m1').roundRate).toBe(45e6);
  });

  it('does not count the migration’s own hold, but everybody else’s', () => {
    const world = World.started({ h1: [profile('web')], h2: [profile('mail')] });
    world.begin(request('m1', { rateMax: bitsPerSec(30e6) }));
    world.begin(
      request('m2', { vmId: 'mail' as VmId, rateMin: bitsPerSec(50e6), downtimeLimit: millis(600) }),
    );
    expect(world.migration('m2').roundRate).toBe(50e6);
    world.round('m2', { dirtyRateBytesPerSec: 5e5, remainingBytes: 30e6 });
    world.counters('m2', null);
    expect(world.migration('m2').roundRate).toBe(50e6);
    expect(world.migration('m2').networkPending).toBeNull();
  });

  it('counts the way back too', () => {
    const world = World.started();
    world.loads({ 'h3>s4:1': 99e6 });
    world.ask(request('m1', { policy: 'bda' }));
    expect(world.migration('m1').roundRate).toBe(80e6);
    const path = world.migration('m1').reversePath;
    expect(heldOn(world.state, path[0] as never)).toBe(2.4e6);
  });
});

describe('two migrations on one link', () => {
  it('never get more than the link has, and the switchover of one takes what the other left', () => {
    const world = World.started({ h1: [profile('web')], h2: [profile('mail')] });
    world.begin(request('m1', { rateMax: bitsPerSec(50e6) }));
    world.begin(request('m2', { vmId: 'mail' as VmId }));
    expect([world.migration('m1').roundRate, world.migration('m2').roundRate]).toEqual([50e6, 30e6]);
    world.round('m2', { remainingBytes: 100_000 });
    world.counters('m2', null);
    expect(world.migration('m2').networkPending).toBeNull();
    expect(world.migration('m2').roundRate).toBe(30e6);
    world.stopped('m2');
    world.resumed('m2');
    world.completed('m2');
    world.networkDone('m2', 'remove');
    world.round('m1', { remainingBytes: 100_000 });
    world.counters('m1', null);
    expect(world.migration('m1').roundRate).toBe(50e6);
  });
});

describe('the way back', () => {
  it('bounds a rate when others hold nearly all of it', () => {
    const world = World.started({ h1: [profile('web')], h3: [profile('mail')] });
    world.ask(
      request('m1', { vmId: 'mail' as VmId, destination: 'h1' as HostId, rateMin: bitsPerSec(79e6) }),
    );
    world.ask(request('m2'));
    // 1 Mbit/s is left towards h1; less one bit/s for rounding, over three per cent.
    const left = (1e6 - 1) / 0.03;
    expect(world.migration('m1').path.at(-1)).toBe('s1:1>h1');
    expect(world.migration('m2').roundRate).toBe(Math.floor(left));
  });
});

describe('a prediction', () => {
  it('plays the migration with its own policy and promises nothing', () => {
    const world = World.started();
    const before = world.state;
    const all = predict(world.state, request('m1'));
    const slow = predict(world.state, request('m1', { rateMax: bitsPerSec(40e6) }));
    if (!all.ok || !slow.ok) throw new Error('refused');
    expect(all.rate).toBe(80e6);
    expect(all.transferred).toBeGreaterThan(100e6);
    expect(all.totalTime).toBeGreaterThan(10_752);
    expect(slow.totalTime).toBeGreaterThan(all.totalTime);
    expect(slow.energy).toBeLessThan(all.energy);
    expect(all.downtime).toBeLessThanOrEqual(300);
    expect(all.transfers.at(-1)?.phase).toBe('stop_and_copy');
    expect(world.state).toBe(before);
  });

  it('has the energy that minimum-energy saves against the largest rate', () => {
    const world = World.started();
    const limits = { deadline: millis(60_000), downtimeLimit: millis(500) };
    const least = predict(world.state, request('m1', { ...limits, policy: 'minimum-energy' }));
    const full = predict(world.state, request('m1', { ...limits, rateMin: bitsPerSec(80e6) }));
    if (!least.ok || !full.ok) throw new Error('refused');
    expect(least.energy).toBeLessThan(full.energy * 0.7);
    expect(least.totalTime).toBeLessThanOrEqual(60_000);
  });

  it('is refused for the same reasons as the migration', () => {
    const world = World.started();
    expect(predict(world.state, request('m1', { destination: 'h1' as HostId }))).toEqual({
      ok: false,
      refusal: { kind: 'same_host', hostId: 'h1' },
    });
  });
});
