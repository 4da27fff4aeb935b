import { bitsPerSec, bytes, millis } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { findModel } from '../catalogue/catalogue.ts';
import { parallel, roundsNeeded, serial } from './callegati.ts';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
const set = {
  vms: 8,
  rate: bitsPerSec(1e9),
  memory: bytes(GIB),
  threshold: bytes(100 * MIB),
  roundsMax: 8,
  resume: millis(100),
};
const LAMBDA = 0.08192;

describe('times of a set of equal VMs', () => {
  // λ, n, T_mig, T_down in series, then the same in parallel; seconds.
  it.each([
    [0.08192, [1, 74.349, 65.859], [6, 189.0418, 5.5445]],
    [0.082, [1, 74.3545, 65.8645], [6, 189.3224, 5.5765]],
    [0.01, [1, 69.4067, 60.9167], [1, 74.217, 5.5976]],
    [0.05, [1, 72.1555, 63.6655], [3, 111.6004, 4.498]],
    [0.1, [2, 76.2786, 66.9297], [8, 297.4805, 11.6292]],
  ] as const)('are those computed independently, λ = %d', (dirtyRatio, one, other) => {
    const outcome = findModel('callegati')?.run({ dirtyRatio });
    const times = ([rounds, total, down]: readonly [number, number, number]) => ({
      rounds,
      totalTimeSec: expect.closeTo(total, 4),
      downtimeSec: expect.closeTo(down, 4),
    });
    expect(outcome).toMatchObject({ ok: true, result: { serial: times(one), parallel: times(other) } });
  });

  it('take λ from pages of 4096 bytes and decimal bits', () => {
    expect(findModel('callegati')?.run({})).toMatchObject({
      result: { dirtyRatio: 0.08192, serial: { totalTimeSec: expect.closeTo(74.349, 4) } },
    });
  });

  it('count the critical VMs alone for the serial downtime', () => {
    const expected = [0.8037, 10.0973, 19.3909, 28.6846, 37.9782, 47.2718, 56.5654, 65.859];
    for (const [index, seconds] of expected.entries())
      expect(serial({ ...set, criticalVms: index + 1 }, LAMBDA).downtime / 1000).toBeCloseTo(seconds, 4);
  });

  it('are finite where the VMs dirty as fast as they are sent', () => {
    expect(parallel({ ...set, vms: 10 }, 0.1)).toMatchObject({ rounds: 8 });
    expect(parallel({ ...set, vms: 10 }, 0.1).totalTime / 1000).toBeCloseTo((9 * 10 * GIB * 8) / 1e9, 6);
  });

  it('without dirtying are those of one copy', () => {
    expect(serial(set, 0)).toMatchObject({ rounds: 1 });
    expect(serial({ ...set, threshold: bytes(GIB) }, 0)).toMatchObject({ rounds: 0 });
    expect(serial(set, 0).totalTime / 1000).toBeCloseTo((8 * GIB * 8) / 1e9, 9);
  });

  it('need no extra round for a threshold that is an exact power of λ', () => {
    expect(roundsNeeded(0.25, { memory: bytes(1024), threshold: bytes(64), roundsMax: 8 })).toBe(2);
  });

  it('in series end sooner and stand still longer than in parallel, wherever the paper says the model holds', () => {
    for (let vms = 2; vms <= 12; vms += 1)
      for (let ratio = 0.0005; ratio * vms < 1; ratio += 0.0005) {
        const one = serial({ ...set, vms }, ratio);
        const all = parallel({ ...set, vms }, ratio);
        expect(one.totalTime).toBeLessThan(all.totalTime);
        expect(all.downtime).toBeLessThan(one.downtime);
      }
  });
});

describe('the seven thresholds of the text, 1 GB = 2^30 and 1 MB = 2^20 bytes', () => {
  /** Smallest x in (low, high) at which n_max is reached, by halving. */
  function turn(low: number, high: number, reached: (x: number) => boolean): number {
    let [from, to] = [low, high];
    for (let step = 0; step < 80; step += 1) {
      const middle = (from + to) / 2;
      if (reached(middle)) to = middle;
      else from = middle;
    }
    return to;
  }
  const isMax = (ratio: number, change: Partial<typeof set> = {}) =>
    parallel({ ...set, ...change }, ratio).rounds === 8;

  it('λ is 0.082 at 2,500 pages/s', () => {
    expect((2500 * 4096 * 8) / 1e9).toBeCloseTo(0.082, 3);
  });

  it('n_max is reached when λ > 0.0897', () => {
    expect(turn(0.05, 0.12, (ratio) => isMax(ratio))).toBeCloseTo(0.0897, 4);
  });

  it('n_max is reached when R < 913.71 Mbit/s', () => {
    const slower = turn(0, 900, (less) => isMax(81.92e6 / ((1000 - less) * 1e6)));
    expect(1000 - slower).toBeCloseTo(913.71, 2);
  });

  it('n_max is reached from 9 VMs on', () => {
    expect(isMax(LAMBDA, { vms: 8 })).toBe(false);
    expect(isMax(LAMBDA, { vms: 9 })).toBe(true);
  });

  it('the model holds for 12 VMs at most', () => {
    expect(Math.floor(1 / LAMBDA)).toBe(12);
  });

  it('n_max is reached when V_m > 1.87 GB, with λ rounded to 0.082', () => {
    const at = (ratio: number) => turn(1, 3, (gib) => isMax(ratio, { memory: bytes(gib * GIB) }));
    expect(at(0.082)).toBeCloseTo(1.86798, 4);
    expect(at(LAMBDA)).toBeCloseTo(1.8808, 4);
  });

  it('n_max is reached when V_th < 53.5 MB, with λ rounded to 0.082', () => {
    const at = (ratio: number) =>
      100 - turn(0, 90, (less) => isMax(ratio, { threshold: bytes((100 - less) * MIB) }));
    expect(at(0.082)).toBeCloseTo(53.534, 2);
    expect(at(LAMBDA)).toBeCloseTo(53.169, 2);
  });
});
