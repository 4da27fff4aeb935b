/** What migrations ask for when applications come to their links and leave them, in the middle of a round. */
import { describe, expect, it } from 'vitest';
import { request, told, World } from '../testing/world.ts';

const EGRESS = 'h1>s1:1';

function underWay(policy: 'bda' | 'minimum-energy' = 'bda'): World {
  const world = World.started();
  world.loads({ [EGRESS]: 40e6 });
  world.begin(request('m1', { policy }));
  return world;
}

describe('a migration in mid-round', () => {
  it('takes what applications have left', () => {
    const world = underWay();
    expect(world.migration('m1').roundRate).toBeLessThan(51e6);
    expect(told(world.loads({ [EGRESS]: 2e6 }))).toContain('resize_reservation');
    world.networkDone('m1', 'resize');
    expect(world.migration('m1').roundRate).toBeGreaterThan(75e6);
  });

  it('does not ask again while applications come, or change little', () => {
    const world = underWay();
    const demand = () => world.state.allocation.demands.get(world.migration('m1').id);
    const before = demand();
    for (const load of [42e6, 45e6, 44e6]) world.loads({ [EGRESS]: load });
    expect(demand()).toBe(before);
  });

  it('does not ask again for more than its least energy takes', () => {
    const world = underWay('minimum-energy');
    const before = world.state.allocation.demands.get(world.migration('m1').id);
    world.loads({ [EGRESS]: 2e6 });
    expect(world.state.allocation.demands.get(world.migration('m1').id)).toBe(before);
  });
});
