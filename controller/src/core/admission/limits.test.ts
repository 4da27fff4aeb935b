/** The closed form against the engine of the models, and the smallest rate against its neighbours. */
import { flat, precopy, threshold } from '@sluice/models';
import { bitsPerSec, bytes, bytesPerSec, millis } from '@sluice/units';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VmId } from '../index.ts';
import { profile, request, World } from '../testing/world.ts';
import { brokenLimit, leastWanted, requiredRate } from './limits.ts';
import { steady } from './steady.ts';

const MEMORY = 64e6;
const setting = fc.record({
  dirtyRate: fc.integer({ min: 0, max: 20e6 }),
  workingSet: fc.integer({ min: 0, max: MEMORY }),
  rate: fc.integer({ min: 1e6, max: 400e6 }),
  limit: fc.integer({ min: 1, max: 2000 }),
  roundsMax: fc.integer({ min: 0, max: 60 }),
});

describe('a migration at a constant rate', () => {
  it('takes in closed form what the engine plays round by round', () => {
    fc.assert(
      fc.property(setting, ({ dirtyRate, workingSet, rate, limit, roundsMax }) => {
        const plan = {
          memory: bytes(MEMORY),
          dirtyRate: bytesPerSec(dirtyRate),
          workingSet: bytes(workingSet),
          rate: bitsPerSec(rate),
        };
        const played = precopy({
          ...plan,
          free: plan.rate,
          ratePolicy: flat(plan.rate),
          stopPolicy: threshold({
            downtimeLimit: millis(limit),
            switchoverRate: plan.rate,
            overhead: millis(0),
            roundsMax,
          }),
          switchoverRate: plan.rate,
        });
        const found = steady({ ...plan, stopAndCopyLimit: millis(limit), roundsMax });
        // A rest of exactly the limit may count as one round more or less.
        if (Math.abs(played.stopAndCopyTime - limit) < 1e-6 * limit) return;
        expect(found.rounds).toBe(played.rounds.length - 2);
        expect(found.totalTime / played.totalTime).toBeCloseTo(1, 9);
        expect(found.stopAndCopyTime).toBeCloseTo(played.stopAndCopyTime, 6);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the guarantee', () => {
  it('keeps every limit, and a rate a little smaller breaks one, unless the request itself asks for more', () => {
    const wanted = fc.record({
      dirtyRateBytesPerSec: fc.integer({ min: 0, max: 20e6 }),
      workingSetBytes: fc.integer({ min: 1e6, max: 100e6 }),
      downtimeMs: fc.integer({ min: 40, max: 3000 }),
      deadlineMs: fc.option(fc.integer({ min: 1000, max: 200_000 })),
      most: fc.integer({ min: 1e6, max: 1e9 }),
    });
    let found = 0;
    fc.assert(
      fc.property(wanted, ({ downtimeMs, deadlineMs, most, ...load }) => {
        const { state } = World.started({ h1: [profile('web', load)] });
        const vm = state.vms.get('web' as VmId);
        if (!vm) throw new Error('the world has a VM');
        const asked = request('m1', {
          downtimeLimit: millis(downtimeMs),
          deadline: deadlineMs === null ? null : millis(deadlineMs),
        });
        const broken = (rate: number) => brokenLimit(state, asked, vm, bitsPerSec(rate));
        const rate = requiredRate(state, asked, vm, bitsPerSec(most));
        if (rate === null) {
          expect(broken(most)).not.toBeNull();
          return;
        }
        found += 1;
        expect(Number.isInteger(rate) && rate <= most).toBe(true);
        // The planned deadline is a tenth earlier than the real one, so only the other limits are tight.
        if (asked.deadline === null && rate > leastWanted(asked)) expect(broken(rate * 0.999)).not.toBeNull();
        expect(broken(rate * 1.0001)).toBeNull();
      }),
      { numRuns: 1000 },
    );
    expect(found).toBeGreaterThan(100);
  });
});
