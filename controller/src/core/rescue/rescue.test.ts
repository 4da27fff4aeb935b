/** A migration that stalls is helped by the mildest means that is left, never because of a single round. */
import { bitsPerSec, millis } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import type { CoreEvent, Effect, VmId } from '../index.ts';
import { profile, request, told, World } from '../testing/world.ts';

const stalling = { transferredBytes: 20e6, remainingBytes: 20e6, dirtyRateBytesPerSec: 4e6 };
const moving = { transferredBytes: 60e6, remainingBytes: 20e6, dirtyRateBytesPerSec: 1e6 };

/** A round with its counters and whatever the network is asked for. */
function round(world: World, id: string, changes: object): readonly Effect[] {
  const effects = [...world.round(id, changes), ...world.counters(id, null)];
  if (world.migration(id).networkPending === 'resize') effects.push(...world.networkDone(id, 'resize'));
  return effects;
}

const rescues = (effects: readonly Effect[]): readonly CoreEvent['detail'][] =>
  effects.flatMap((effect) =>
    effect.kind === 'announce' && effect.event.type === 'rescue' ? [effect.event.detail] : [],
  );

/** Web has 30 Mbit/s although its path has 80. */
function slow(changes: Parameters<typeof request>[1] = {}): World {
  const world = World.started({ h1: [profile('web', { dirtyRateBytesPerSec: 1e5 })] });
  world.begin(request('m1', { policy: 'minimum-energy', downtimeLimit: millis(1500), ...changes }));
  return world;
}

describe('a stall', () => {
  it('is never seen in a single round', () => {
    const world = slow();
    expect(rescues(round(world, 'm1', stalling))).toEqual([]);
    expect(rescues(round(world, 'm1', moving))).toEqual([]);
    expect(rescues(round(world, 'm1', stalling))).toEqual([]);
  });

  it('is none where little is sent for much: page differences are smaller than their pages', () => {
    const world = slow();
    const begun = { transferredBytes: 80e6, remainingBytes: 20e6, dirtyRateBytesPerSec: 1e6 };
    const differences = { ...begun, transferredBytes: 1e6 };
    round(world, 'm1', begun);
    const sizes = [17e6, 14e6, 11e6, 9e6];
    for (const remainingBytes of sizes)
      expect(rescues(round(world, 'm1', { ...differences, remainingBytes }))).toEqual([]);
    expect(world.migration('m1').rescue.ratio).toBeLessThan(0.95);
  });

  it('is met with more rate as long as there is more, up to what the guest writes and beyond', () => {
    const world = slow();
    const before = world.migration('m1').roundRate ?? 0;
    round(world, 'm1', stalling);
    const [boosted] = rescues(round(world, 'm1', stalling));
    expect(boosted?.means).toBe('boost');
    expect(world.migration('m1').rescue.boost).toBeGreaterThan(before);
    expect(world.migration('m1').roundRate).toBe(world.migration('m1').rescue.boost);
    expect(rescues(round(world, 'm1', stalling))).toEqual([]);
  });

  it('gives back what it was helped with when rounds shrink again', () => {
    const world = slow();
    for (const report of [stalling, stalling]) round(world, 'm1', report);
    expect(world.migration('m1').rescue.boost).not.toBeNull();
    const effects = [moving, moving].flatMap((report) => round(world, 'm1', report));
    expect(rescues(effects).map((detail) => detail.means)).toEqual(['recovered']);
    expect(world.migration('m1').rescue.boost).toBeNull();
  });

  it('takes rate from others down to what they were promised, and no further', () => {
    const world = World.started({
      h1: [profile('web', { dirtyRateBytesPerSec: 1e5 })],
      h2: [profile('mail', { dirtyRateBytesPerSec: 1e5 })],
    });
    world.begin(request('m1', { policy: 'minimum-energy', downtimeLimit: millis(1500) }));
    world.begin(request('m2', { vmId: 'mail' as VmId, rateMin: bitsPerSec(30e6) }));
    const settle = () => {
      for (const id of ['m1', 'm2']) {
        if (world.migration(id).lowering !== null) world.capApplied(id);
        if (world.migration(id).networkPending === 'resize') world.networkDone(id, 'resize');
      }
    };
    settle();
    for (let turn = 0; turn < 6; turn += 1) {
      round(world, 'm1', stalling);
      settle();
      settle();
    }
    const [web, mail] = ['m1', 'm2'].map((id) => world.migration(id).roundRate ?? 0);
    expect(mail).toBeGreaterThanOrEqual(30e6);
    expect(web).toBeGreaterThan(45e6);
  });
});

describe('when no more rate is to be had', () => {
  it('a guest is slowed down only if its user said so, in steps, and let go again', () => {
    const world = slow({ rateMax: bitsPerSec(20e6), rateMin: bitsPerSec(20e6), throttleMax: 0.3 });
    const effects: Effect[] = [];
    for (let turn = 0; turn < 4; turn += 1) effects.push(...round(world, 'm1', stalling));
    expect(rescues(effects).map(({ means, share }) => [means, share])).toEqual([
      ['throttle', 0.2],
      ['throttle', 0.3],
    ]);
    for (let turn = 0; turn < 2; turn += 1) effects.push(...round(world, 'm1', moving));
    expect(told(effects).filter((line) => line.startsWith('throttle_guest'))).toHaveLength(3);
    expect(world.migration('m1').rescue.throttle).toBe(0);
  });

  it('and nothing else is allowed, it ends with the VM where it was', () => {
    const world = slow({ rateMax: bitsPerSec(20e6), rateMin: bitsPerSec(20e6) });
    let turns = 0;
    while (world.migration('m1').outcome === null && turns < 20) {
      turns += 1;
      round(world, 'm1', stalling);
    }
    const { stallRoundsMax } = world.state.config;
    expect(turns).toBe(1 + stallRoundsMax);
    expect(world.migration('m1')).toMatchObject({ outcome: 'aborted', reason: 'stalled' });
    world.networkDone('m1', 'remove');
    expect(world.migration('m1').phase).toBe('aborted');
    expect(world.state.vms.get('web' as VmId)?.hostId).toBe('h1');
  });
});
