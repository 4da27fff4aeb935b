// Every published or independently computed value, through the catalogue, as the command gives it.
import { describe, expect, it } from 'vitest';
import { catalogue, findModel } from './catalogue.ts';
import type { ModelResult } from './model.ts';

function run(name: string, given: Readonly<Record<string, unknown>> = {}): ModelResult {
  const outcome = findModel(name)?.run(given);
  if (!outcome?.ok) throw new Error(JSON.stringify(outcome));
  return outcome.result;
}

/** As printed: the same when rounded to as many significant digits as `expected` is given with. */
const near = (expected: number, digits: number) => expect.closeTo(expected, digits);

describe('minimum-energy', () => {
  // alpha = 2, I = 3: w, R*, binding, E/K0, T_MMT, T_SC.
  it.each([
    [100, 403.122, 'total_time', 2.19385e6, 13.5, 0.0385],
    [200, 500.31, 'total_time', 3.37919e6, 13.5, 0.2091],
    [300, 593.386, 'total_time', 4.75344e6, 13.5, 0.451],
    [400, 705.488, 'stop_and_copy', 6.28235e6, 12.6224, 0.6],
    [500, 880.689, 'interior', 7.85293e6, 10.1248, 0.4832],
  ] as const)('w = %d', (dirtyRateMbitPerSec, rate, binding, energy, total, last) => {
    const result = run('minimum-energy', { dirtyRateMbitPerSec });
    expect(result).toMatchObject({
      feasible: true,
      rateMbitPerSec: near(rate, 3),
      binding,
      totalTimeSec: near(total, 4),
      stopAndCopySec: near(last, 4),
    });
    expect(Number(result.energyJoule) / 1e6).toBeCloseTo(energy / 1e6, 5);
    for (const method of ['primal-dual', 'per-round']) {
      const other = run('minimum-energy', { dirtyRateMbitPerSec, method });
      const ratio = Number(other.energyJoule) / Number(result.energyJoule);
      expect(ratio).toBeLessThan(1 + 1e-4);
      expect(ratio).toBeGreaterThan(0.985);
    }
  });

  // I = 3, a rate for each round, from SLSQP with twelve starts: w, R_0..R_4, E/K0, T_MMT, T_SC.
  it.each([
    [100, [404.44, 403.04, 397.42, 374.92, 288.03], 2.19318e6, 13.5, 0.0586],
    [450, [878.59, 857.69, 817.37, 742.32, 612.26], 6.97249e6, 9.871, 0.6],
  ] as const)('w = %d with a rate for every round', (dirtyRateMbitPerSec, rates, energy, total, last) => {
    const result = run('minimum-energy', { dirtyRateMbitPerSec, method: 'per-round' });
    expect(result).toMatchObject({
      feasible: true,
      ratesMbitPerSec: rates.map((rate) => near(rate, 2)),
      totalTimeSec: near(total, 3),
      stopAndCopySec: near(last, 4),
    });
    expect(Number(result.energyJoule) / 1e6).toBeCloseTo(energy / 1e6, 5);
  });

  it('has the number of rounds by equation (4), by energy, or as given', () => {
    expect(run('minimum-energy', { dirtyRateMbitPerSec: 100 })).toMatchObject({ roundsByFormula: 0 });
    expect(run('minimum-energy', { dirtyRateMbitPerSec: 100, roundsBy: 'formula' })).toMatchObject({
      rounds: 0,
      rateMbitPerSec: near(826.2, 1),
    });
    expect(run('minimum-energy', { dirtyRateMbitPerSec: 100, roundsBy: 'sweep' })).toMatchObject({
      rounds: 1,
      rateMbitPerSec: near(408.7, 1),
    });
    expect(run('minimum-energy', { dirtyRateMbitPerSec: 900 })).toMatchObject({ feasible: false });
  });

  it('tells every limit that R-bar breaks: what it gives, what is allowed, what would do', () => {
    expect(run('minimum-energy', { dirtyRateMbitPerSec: 800, method: 'primal-dual' })).toEqual({
      feasible: false,
      limits: [
        { limit: 'total_time', actual: near(18.2301, 3), allowed: 13.5, wouldDo: expect.any(Number) },
        { limit: 'stop_and_copy', actual: near(2.8412, 3), allowed: 0.6, wouldDo: expect.any(Number) },
        { limit: 'speedup', actual: 1.125, allowed: 1.15, wouldDo: near(920, 9) },
      ],
    });
  });

  it('scales the energy with K0 and leaves the rate alone', () => {
    const one = run('minimum-energy', { k0: 1 });
    const ten = run('minimum-energy', { k0: 10 });
    expect(ten.rateMbitPerSec).toBe(one.rateMbitPerSec);
    expect(Number(ten.energyJoule) / Number(one.energyJoule)).toBeCloseTo(10, 9);
  });

  it('calls a tie by the first limit in the order', () => {
    // R-bar is exactly what the speed-up asks for, and alpha = 1 wants as much as there is.
    const tie = { rateMaxMbitPerSec: 345, alpha: 1, totalTimeMaxSec: 'none', stopAndCopyMaxSec: 'none' };
    expect(run('minimum-energy', tie)).toMatchObject({ binding: 'speedup', rateMbitPerSec: near(345, 9) });
    expect(run('minimum-energy', { ...tie, rateMaxMbitPerSec: 400 })).toMatchObject({ binding: 'rate_max' });
  });
});

describe('bda', () => {
  // F | history | a | b | c | corrected | reserved | rate
  it.each([
    [80, [20, 20], 0.5, 0.5, 1, false, 20, 60],
    [80, [20, 40], 0.6667, 0.3333, 2, false, 33.333, 46.667],
    [80, [20, 20, 60], 0.75, 0.25, 3, false, 50, 30],
    [80, [60, 20], 0.25, 0.75, 0.3333, false, 50, 30],
    [80, [80, 80], 0.5, 0.5, 1, false, 80, 0],
    [80, [79, 79], 0.5, 0.5, 1, false, 79, 1],
    [80, [50, 120], 0.7059, 0.2941, 2.4, true, 23.529, 56.471],
    [80, [120, 100], 0.4545, 0.5455, 0.8333, true, 43.636, 36.364],
    [100, [10, 10, 10, 90], 0.9, 0.1, 9, false, 82, 18],
  ] as const)('F = %d, history %j', (freeMbitPerSec, history, a, b, c, corrected, reserved, rate) => {
    expect(run('bda', { freeMbitPerSec, dirtyRatesMbitPerSec: history })).toEqual({
      a: near(a, 4),
      b: near(b, 4),
      c: near(c, 4),
      corrected,
      reservedMbitPerSec: near(reserved, 3),
      rateMbitPerSec: near(rate, 3),
    });
  });

  it('gives the first round everything, and has no infinity in its JSON', () => {
    expect(run('bda', { dirtyRatesMbitPerSec: '20' })).toEqual({
      a: null,
      b: null,
      c: null,
      corrected: false,
      reservedMbitPerSec: 0,
      rateMbitPerSec: 80,
    });
    expect(run('bda', { dirtyRatesMbitPerSec: '0,200' })).toMatchObject({
      a: 1,
      c: null,
      rateMbitPerSec: 80,
    });
    expect(run('bda', { dirtyRatesMbitPerSec: '80,80', variant: 'bda-robust' })).toMatchObject({
      rateMbitPerSec: 40,
    });
  });
});

describe('xen', () => {
  // 1 GiB, 100 to 500 Mbit/s: variant, w, reason, rounds, T_total, T_final, data/M0.
  it.each([
    ['xen-nsdi', 20, 'small_rest', 6, 107.368, 0.0011, 1.25],
    ['xen-code', 20, 'few_pages', 7, 107.374, 0.0011, 1.25],
    ['xen-nsdi', 80, 'sent_too_much', 8, 219.204, 0.4593, 3.0372],
    ['xen-code', 80, 'sent_too_much', 5, 316.907, 28.1475, 3.6893],
  ] as const)('%s at w = %d', (variant, dirtyRateMbitPerSec, stopReason, rounds, total, last, ratio) => {
    const result = run('xen', { variant, dirtyRateMbitPerSec });
    expect(result).toMatchObject({
      stopReason,
      totalTimeSec: near(total, 3),
      stopAndCopySec: near(last, 4),
      sentRatio: near(ratio, 4),
    });
    expect(result.rounds).toHaveLength(rounds + 1);
  });

  it('xen-nsdi follows the dirty rate that a round shows, and finishes at the highest rate', () => {
    const rates = (run('xen', { dirtyRateMbitPerSec: 80 }).rounds as readonly ModelResult[]).map(
      (round) => round.rateMbitPerSec,
    );
    expect(rates).toEqual([100, ...Array(7).fill(near(130, 9)), 500]);
  });

  // Schedule R = w + 50 against Δ_SC = 0.6 s: w, cap, E, rounds, T, T_SC, sent.
  it.each([
    [50, 900, 8.16e5, 7, 81.6, 0.32, 1.99],
    [200, 900, 3.4324e6, 4, 89.3, 8.389, 3.95],
    [500, 900, 8.2648e6, 4, 66.9, 5.595, 4.49],
    [500, 500, 8.6016e6, 4, 73.728, 8.192, 5],
  ] as const)('xen-rate-of-w at w = %d up to %d Mbit/s', (w, cap, energy, rounds, total, last, ratio) => {
    const result = run('xen', {
      variant: 'xen-rate-of-w',
      memoryBytes: 512e6,
      dirtyRateMbitPerSec: w,
      rateMaxMbitPerSec: cap,
    });
    expect(result).toMatchObject({
      totalTimeSec: near(total, 1),
      stopAndCopySec: near(last, 3),
      sentRatio: near(ratio, 2),
    });
    expect(Number(result.energyJoule) / 1e6).toBeCloseTo(energy / 1e6, 4);
    expect(result.rounds).toHaveLength(rounds + 1);
  });

  it('takes a dirty rate that equals the rate for no reason to raise it', () => {
    const first = (run('xen', { variant: 'xen-code', dirtyRateMbitPerSec: 100 }).rounds as ModelResult[])[1];
    expect(first).toMatchObject({ rateMbitPerSec: 100 });
  });
});

describe('geometric-program', () => {
  it.each([
    ['1000,1000,1000', [41.6667, 41.6667, 41.6667], 89.69472, 89.69472],
    ['500,1000,2000', [30.1237, 40.3564, 54.5199], 96.881028, 104.64384],
  ] as const)('%s MB', (memoryMegabytes, rates, objective, equal) => {
    expect(run('geometric-program', { memoryMegabytes })).toEqual({
      ratesMegabytesPerSec: rates.map((rate) => near(rate, 4)),
      objectiveSec: near(objective, 5),
      equalSplitObjectiveSec: near(equal, 5),
    });
  });

  it('has closed forms without rounds, and for downtime alone', () => {
    const rates = (given: Readonly<Record<string, unknown>>) =>
      run('geometric-program', given).ratesMegabytesPerSec as readonly number[];
    const split = (power: number) => {
      const weights = [500, 1000, 2000].map((volume) => volume ** power);
      const sum = weights.reduce((a, b) => a + b, 0);
      return weights.map((weight) => near((125 * weight) / sum, 6));
    };
    expect(rates({ rounds: 0 })).toEqual(split(1 / 2));
    expect(rates({ rounds: 3, weightTotal: 0, weightDowntime: 1 })).toEqual(split(1 / 5));
  });

  it('has no answer when not everybody can be faster than it dirties', () => {
    expect(run('geometric-program', { dirtyRateMegabytesPerSec: 50 })).toEqual({
      feasible: false,
      limits: [{ limit: 'rate_sum', actual: 125, allowed: 150, wouldDo: 150 }],
    });
  });
});

describe('traffic-sensitive', () => {
  it('names the NIC that applications alone fill', () => {
    const given = { outMbitPerSec: '700,400', inMbitPerSec: '900,900', choice: 'precopy' };
    expect(run('traffic-sensitive', given)).toMatchObject({
      feasible: false,
      limits: [{ limit: 'source_out', actual: 1100, allowed: 1000, wouldDo: 1100 }],
      allPrecopyRateMbitPerSec: 0,
    });
  });

  it('leaves 950 of 1000 Mbit/s where one VM sends and the other receives', () => {
    expect(run('traffic-sensitive')).toMatchObject({
      feasible: true,
      mechanisms: ['postcopy', 'precopy'],
      rateMbitPerSec: 950,
      allPrecopyRateMbitPerSec: 350,
      allPostcopyRateMbitPerSec: 350,
    });
  });
});

describe('the catalogue', () => {
  it.each(catalogue.map((entry) => [entry.name, entry] as const))('%s runs on its defaults', (_, entry) => {
    const outcome = entry.run({});
    expect(outcome.ok).toBe(true);
    // Nothing that JSON would lose: no undefined, no infinity.
    if (outcome.ok) expect(JSON.parse(JSON.stringify(outcome.result))).toEqual(outcome.result);
  });

  it.each(catalogue.flatMap((entry) => entry.figures.map((figure) => [figure.name, figure] as const)))(
    'figure %s has axes, units and lines',
    (_, figure) => {
      const chart = figure.draw();
      expect(chart.x.title).not.toBe('');
      for (const panel of chart.panels) {
        expect(panel.series.length).toBeGreaterThan(0);
        for (const series of panel.series) expect(series.points.some(([, y]) => y !== null)).toBe(true);
      }
    },
  );

  it('names each parameter once, with the unit in the name wherever it has one', () => {
    const ending: Readonly<Record<string, RegExp>> = {
      'Mbit/s': /MbitPerSec$/,
      'MB/s': /MegabytesPerSec$/,
      MB: /Megabytes$/,
      Mbit: /Mbit$/,
      B: /Bytes$/,
      s: /Sec$/,
      'pages/s': /PagesPerSec$/,
    };
    for (const entry of catalogue)
      for (const { name, unit } of entry.parameters)
        if (unit !== null && ending[unit] !== undefined) expect(name).toMatch(ending[unit]);
  });

  it('tells all that is wrong at once', () => {
    expect(findModel('xen')?.run({ memoryBytes: 'x', variant: 'kvm', rateMinMbitPerSec: 0 })).toEqual({
      ok: false,
      problems: [
        { parameter: 'memoryBytes', message: '"x" will not do: give a number > 0' },
        { parameter: 'rateMinMbitPerSec', message: '0 will not do: give a number > 0' },
        { parameter: 'variant', message: '"kvm" will not do: give one of xen-nsdi, xen-code, xen-rate-of-w' },
      ],
    });
    expect(findModel('xen')?.run({ rateMinMbitPerSec: 600 })).toMatchObject({
      ok: false,
      problems: [{ parameter: 'rateMinMbitPerSec' }],
    });
    expect(findModel('minimum-energy')?.run({ dirtyRateMbitPerSec: 0, totalTimeMaxSec: null })).toMatchObject(
      {
        ok: false,
        problems: [{ parameter: 'totalTimeMaxSec' }],
      },
    );
    expect(findModel('fpta')?.run({ linksMbitPerSec: 'a-b', migrationsMbitPerSec: 'x:y>z:1' })).toMatchObject(
      {
        ok: false,
        problems: [{ parameter: 'linksMbitPerSec' }],
      },
    );
    expect(findModel('traffic-sensitive')?.run({ outMbitPerSec: '1,2,3' })).toMatchObject({
      ok: false,
      problems: [{ parameter: 'inMbitPerSec' }],
    });
  });
});
