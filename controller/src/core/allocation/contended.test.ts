/** Leaving out those who can have everything changes nothing for anybody. */
import { JointAllocation } from '@sluice/models';
import { bitsPerSec } from '@sluice/units';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MigrationId } from '../index.ts';
import type { Demand } from './allocation.ts';
import { ContendedAllocator } from './contended.ts';

const LINKS = 5;
const change = fc.record({
  id: fc.nat(7),
  kind: fc.constantFrom('put', 'put', 'news', 'news', 'remove', 'capacity'),
  links: fc.uniqueArray(fc.nat(LINKS - 1), { minLength: 1, maxLength: 3 }),
  most: fc.integer({ min: 2, max: 60 }),
  volume: fc.integer({ min: 1, max: 1000 }),
});

const NOWHERE = { path: [], reversePath: [] };

const demandOf = ({ links, most, volume }: { links: number[]; most: number; volume: number }): Demand => ({
  way: NOWHERE,
  uses: links.map((link) => ({ link, share: 1 })),
  guarantee: bitsPerSec(1e6),
  rateMin: bitsPerSec(1e6),
  rateMax: bitsPerSec(most * 1e6),
  cost: [{ scale: volume * 8e6, exponent: -1, dirtyRate: bitsPerSec(0), terms: 1 }],
  dirtyRate: bitsPerSec(0),
  priority: 5,
  weight: 1,
});

describe('the allocator of contended links', () => {
  it('gives everybody what the whole problem gives, and tells everybody whose rate has changed', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 5, maxLength: 40 }), (changes) => {
        const capacities = Array.from({ length: LINKS }, () => bitsPerSec(80e6));
        const inner = new JointAllocation<MigrationId>(capacities);
        const allocator = new ContendedAllocator(capacities, inner);
        const known = new Map<MigrationId, Demand>();
        const told = new Map<MigrationId, number>();
        for (const one of changes) {
          const id = `m${one.id}` as MigrationId;
          if (one.kind === 'capacity') {
            capacities[one.id % LINKS] = bitsPerSec((10 + one.most) * 1e6);
            allocator.setCapacity(one.id % LINKS, bitsPerSec((10 + one.most) * 1e6));
          } else if (one.kind === 'remove') {
            allocator.remove(id);
            known.delete(id);
            told.delete(id);
          } else {
            const old = known.get(id);
            const fresh = demandOf(one);
            // On the same links, which is told by the same list.
            const demand = one.kind === 'news' && old ? { ...fresh, uses: old.uses } : fresh;
            allocator.put(id, demand);
            known.set(id, demand);
          }
          expect(allocator.solve({ workMax: 1e7 }).status).toBe('optimal');
          for (const other of allocator.changed()) told.set(other, allocator.rate(other));
          const whole = new JointAllocation<MigrationId>(capacities);
          for (const [other, demand] of known) whole.put(other, demand);
          whole.solve();
          for (const other of known.keys()) {
            const rate = allocator.rate(other);
            expect(Math.abs(rate / whole.rate(other) - 1)).toBeLessThan(5e-3);
            expect(told.get(other)).toBe(rate);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});
