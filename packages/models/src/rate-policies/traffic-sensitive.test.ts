import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allOf, bestChoice, byRule, EXACT_VMS_MAX, migrationRate } from './traffic-sensitive.ts';

const hosts = { sourceOut: 1000, destinationIn: 1000 };
const traffic = fc.record({
  out: fc.double({ min: 0, max: 300, noNaN: true }),
  in: fc.double({ min: 0, max: 300, noNaN: true }),
});

describe('traffic-sensitive migration', () => {
  it('sends outbound-heavy VMs by post-copy and inbound-heavy ones by pre-copy', () => {
    const vms = [
      { out: 600, in: 50 },
      { out: 50, in: 600 },
      { out: 100, in: 100 },
    ];
    expect(byRule(vms, hosts)).toEqual({ mechanisms: ['postcopy', 'precopy', 'precopy'], rate: 850 });
    expect(allOf('precopy', vms, hosts).rate).toBe(250);
    expect(allOf('postcopy', vms, hosts).rate).toBe(250);
  });

  it('of a group leaves at least what the rule and both extremes leave, and misses no better choice', () => {
    fc.assert(
      fc.property(fc.array(traffic, { minLength: 1, maxLength: 8 }), (vms) => {
        const best = bestChoice(vms, hosts);
        expect(best.exact).toBe(true);
        for (const other of [byRule(vms, hosts), allOf('precopy', vms, hosts), allOf('postcopy', vms, hosts)])
          expect(best.rate).toBeGreaterThanOrEqual(other.rate - 1e-9);
        for (let mask = 0; mask < 2 ** vms.length; mask += 1) {
          const mechanisms = vms.map((_, i) =>
            mask & (1 << i) ? ('postcopy' as const) : ('precopy' as const),
          );
          expect(best.rate).toBeGreaterThanOrEqual(migrationRate(vms, hosts, mechanisms) - 1e-9);
        }
      }),
    );
  });

  it('makes no difference when all traffic has one direction', () => {
    const vms = [
      { out: 100, in: 0 },
      { out: 250, in: 0 },
    ];
    expect(bestChoice(vms, hosts)).toMatchObject({ mechanisms: ['postcopy', 'postcopy'], rate: 1000 });
    expect(byRule(vms, hosts).rate).toBe(1000);
  });

  it('maximises the rate, not the evenness, where the NICs differ', () => {
    const unequal = { sourceOut: 10_000, destinationIn: 1000 };
    expect(bestChoice([{ out: 600, in: 100 }], unequal)).toMatchObject({
      mechanisms: ['precopy'],
      rate: 1000,
    });
    expect(byRule([{ out: 600, in: 100 }], unequal).rate).toBe(900);
  });

  it('improves on the rule for large groups and says that it is not exact', () => {
    const many = fc.array(traffic, { minLength: EXACT_VMS_MAX + 1, maxLength: EXACT_VMS_MAX + 20 });
    fc.assert(
      fc.property(many, (vms) => {
        const wide = { sourceOut: 5000, destinationIn: 5000 };
        const found = bestChoice(vms, wide);
        expect(found.exact).toBe(false);
        expect(found.rate).toBeGreaterThanOrEqual(byRule(vms, wide).rate - 1e-9);
        expect(found.rate).toBe(migrationRate(vms, wide, found.mechanisms));
      }),
      { numRuns: 20 },
    );
  });
});
