import { describe, expect, it } from 'vitest';
import type { MigrationId } from '../ids.ts';
import { request, told, World } from '../testing/world.ts';

const MEGA = 1e6;
const COSTS_JOULE_PER_SEC_AT_80 = 1e-6 * 80 ** 2;

function begun(): World {
  const world = World.started();
  world.begin(request('m1'));
  return world;
}

/** The source's word, so long after its last one. */
const copied = (world: World, afterMs: number, copiedBytes: number) =>
  world.wait(afterMs).report('h1', {
    ...{ kind: 'storage_progress', migrationId: 'm1', copiedBytes, totalBytes: 40 * MEGA },
  });

function receiptOf(world: World) {
  world.send({ kind: 'abort_requested', migrationId: 'm1' as MigrationId, reason: '' });
  world.networkDone('m1', 'remove');
  return world.migration('m1').receipt;
}

describe('disks that go before the memory', () => {
  it('are told of as they come, and their bytes are kept out of the rounds', () => {
    const world = begun();
    expect(told(copied(world, 1000, 10 * MEGA))).toEqual([
      'save_migration',
      'announce storage_progress',
      'read_counters',
    ]);
    expect(world.migration('m1').storage).toMatchObject({ copied: 10 * MEGA, total: 40 * MEGA });
  });

  it('stand in the receipt beside the memory, with their energy', () => {
    const world = begun();
    copied(world, 1000, 10 * MEGA);
    copied(world, 3000, 40 * MEGA);
    const onTheWire = 1 / world.state.config.rateCapFraction;
    const receipt = receiptOf(world);
    expect(receipt).toMatchObject({ storage: 40 * MEGA, transferred: 0 });
    // 80 Mbit/s of payload all the time; energy goes with the square of the rate.
    expect(receipt?.energy).toBeCloseTo(COSTS_JOULE_PER_SEC_AT_80 * onTheWire ** 2 * 4, 6);
  });

  it('cost nothing while nothing is copied or no time goes by', () => {
    const world = begun();
    copied(world, 1000, 10 * MEGA);
    const before = world.migration('m1').storage?.energy;
    copied(world, 1000, 10 * MEGA);
    copied(world, 0, 11 * MEGA);
    expect(world.migration('m1').storage?.energy).toBe(before);
  });

  it('are absent where a VM has none', () => {
    expect(receiptOf(begun())?.storage).toBeNull();
  });
});
