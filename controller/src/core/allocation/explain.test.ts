/** Why a rate is what it is. */
import type { HostId } from '@sluice/topology';
import { bitsPerSec } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { type Explanation, explain, type VmId } from '../index.ts';
import { quiesce } from '../testing/random-world.ts';
import { profile, request, World } from '../testing/world.ts';

const started = (config = {}) =>
  World.started({ h1: [profile('web')], h2: [profile('mail')] }, undefined, config);
const second = { vmId: 'mail' as VmId, destination: 'h3' as HostId };

function why(world: World, id: string): Explanation {
  const found = explain(world.state, world.migration(id).id);
  if (found === null) throw new Error('nothing to explain');
  return found;
}

describe('an explanation', () => {
  it('of a migration that is alone names its own limit, and what lies beyond it', () => {
    const world = started();
    world.begin(request('m1', { rateMax: bitsPerSec(30e6) }));
    expect(why(world, 'm1')).toMatchObject({
      binding: 'rate_max',
      currentBitsPerSec: 30e6,
      targetBitsPerSec: 30e6,
      links: [],
      wouldRaiseIt: [{ change: 'rate_max', toBitsPerSec: 80e6 }],
    });
  });

  it('names the policy that asks for no more', () => {
    const world = started();
    world.begin(request('m1'));
    world.round('m1', { dirtyRateBytesPerSec: 3e6, remainingBytes: 90e6 });
    quiesce(world);
    expect(why(world, 'm1')).toMatchObject({
      binding: 'policy',
      currentBitsPerSec: 60e6,
      wouldRaiseIt: [{ change: 'policy', toBitsPerSec: 80e6 }],
    });
  });

  it('of two that share names the full link, its price, and each other', () => {
    const world = started();
    world.begin(request('m1'));
    world.ask(request('m2', second));
    quiesce(world);
    const [one, two] = [why(world, 'm1'), why(world, 'm2')];
    expect(one.binding).toBe('links');
    const shared = one.links.find(({ link }) => link === 's4:1>h3');
    expect(shared).toMatchObject({ availableBitsPerSec: 80e6, capacityBitsPerSec: 100e6 });
    expect(shared?.sharedWith).toMatchObject([{ migrationId: 'm2', vmId: 'mail' }]);
    expect(shared?.sharedWith[0]?.rateBitsPerSec).toBe(two.targetBitsPerSec);
    expect(one.links.some(({ shadowPricePerMbitPerSec }) => shadowPricePerMbitPerSec > 0)).toBe(true);
    expect(one.wouldRaiseIt).toContainEqual({ change: 'end_of', migrationId: 'm2', toBitsPerSec: 80e6 });
  });

  it('has a price that is what more capacity saves', () => {
    // Two equal migrations at 40 Mbit/s: d/dc of 2·V/(c/2) seconds is −4V/c² each Mbit/s.
    const world = started({ objective: 'completion_time' });
    const same = { rateMax: bitsPerSec(79e6) };
    world.begin(request('m1', same));
    world.ask(request('m2', { ...second, ...same }));
    quiesce(world);
    const price = Math.max(...why(world, 'm1').links.map((link) => link.shadowPricePerMbitPerSec));
    const seconds = (rate: number) => {
      const bits = 100e6 * 8;
      const payload = rate * 0.94;
      const ratio = 8e6 / payload;
      return (bits / payload) * (1 + ratio + ratio ** 2 + ratio ** 3);
    };
    const saved = 2 * (seconds(40e6) - seconds(40e6 + 500));
    expect(price / (saved * 1000)).toBeCloseTo(1, 2);
  });

  it('of two that share shows what a weight buys', () => {
    const world = started({ objective: 'completion_time' });
    world.begin(request('m1', { weight: 4 }));
    world.ask(request('m2', second));
    quiesce(world);
    const [heavy, light] = [why(world, 'm1'), why(world, 'm2')].map((one) => Number(one.targetBitsPerSec));
    // Times by weight over rates that add up: about as the square roots.
    expect(Number(heavy) / Number(light)).toBeGreaterThan(1.6);
    expect(Number(heavy) / Number(light)).toBeLessThan(2.1);
  });

  it('says when too many depend on each other to try who would have to end', () => {
    const world = started();
    world.begin(request('m1'));
    world.ask(request('m2', second));
    quiesce(world);
    const { id } = world.migration('m1');
    const tried = explain(world.state, id, 2);
    expect(tried?.endingsTried).toBe(true);
    expect(tried?.wouldRaiseIt.map(({ change }) => change)).toContain('end_of');
    const untried = explain(world.state, id, 1);
    expect(untried?.endingsTried).toBe(false);
    expect(untried?.wouldRaiseIt.map(({ change }) => change)).not.toContain('end_of');
  });

  it('says that room is being made, and when the VM is moving', () => {
    const world = started();
    world.begin(request('m1'));
    world.ask(request('m2', second));
    expect(why(world, 'm2').binding).toBe('waiting_for_room');
    world.round('m1', { remainingBytes: 0 });
    world.counters('m1', null);
    quiesce(world);
    expect(why(world, 'm1').binding).toBe('switchover');
  });

  it('has nothing to say of one that is unmanaged, has ended, or never was', () => {
    const world = started();
    world.begin(request('m1', { policy: 'unmanaged' }));
    expect(why(world, 'm1').binding).toBe('unmanaged');
    world.send({ kind: 'abort_requested', migrationId: world.migration('m1').id, reason: '' });
    expect(explain(world.state, world.migration('m1').id)).toBeNull();
    expect(explain(world.state, 'nobody' as never)).toBeNull();
  });
});
