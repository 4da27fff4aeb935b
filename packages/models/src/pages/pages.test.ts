import { describe, expect, it } from 'vitest';
import { calibratedShare, deltaOf, wireShare } from './compression.ts';
import { type PagePrecopy, pagePrecopy } from './prediction.ts';
import { readTrace, syntheticTrace } from './trace.ts';

const trace = syntheticTrace({
  pages: 20_000,
  intervals: 100,
  intervalSec: 0.25,
  hotShare: 0.1,
  hotProbability: 0.9,
  coldProbability: 0.001,
  seed: 4,
});
const plan: PagePrecopy = {
  trace,
  pageBytes: 4096,
  rateBitsPerSec: 3e8,
  roundsMax: 20,
  thresholdPages: 50,
  prediction: null,
};
const predicting: PagePrecopy = { ...plan, prediction: { weight: 0.3, holdAbove: 0.5 } };

describe('pre-copy page by page', () => {
  it('sends every page at least once and the rest of every round', () => {
    const result = pagePrecopy(plan);
    expect(result.rounds[0]).toMatchObject({ sentPages: 20_000, heldPages: 0 });
    expect(result.sentPages).toBe(result.rounds.reduce((sum, round) => sum + round.sentPages, 0));
    expect(result.totalTimeSec).toBeCloseTo((result.sentPages * 4096 * 8) / 3e8, 9);
  });

  it('is one round and nothing left for a VM that writes nothing', () => {
    const idle = { ...trace, written: trace.written.map(() => new Uint32Array()) };
    const result = pagePrecopy({ ...plan, trace: idle });
    expect(result).toMatchObject({ sentPages: 20_000, stopAndCopySec: 0 });
  });

  it('with prediction sends less of what is written again and again, and predicts most pages right', () => {
    const [without, withIt] = [pagePrecopy(plan), pagePrecopy(predicting)];
    expect(withIt.sentPages).toBeLessThan(without.sentPages);
    expect(withIt.hitShare).toBeGreaterThan(0.9);
  });

  it('predicts worse while all pages are written', () => {
    const surge = syntheticTrace({
      pages: 20_000,
      intervals: 100,
      intervalSec: 0.25,
      hotShare: 0.1,
      hotProbability: 0.9,
      coldProbability: 0.001,
      surge: { from: 4, to: 12, probability: 0.6 },
      seed: 4,
    });
    expect(pagePrecopy({ ...predicting, trace: surge }).hitShare).toBeLessThan(
      pagePrecopy(predicting).hitShare,
    );
  });
});

describe('a recorded trace', () => {
  it('is read with single pages and ranges', () => {
    const read = readTrace('1 3-5\n\n0\n', { pages: 8, intervalSec: 1 });
    if (!read.ok) throw new Error(read.message);
    expect(read.trace.written.map((pages) => [...pages])).toEqual([[1, 3, 4, 5], [], [0]]);
  });

  it('names the line with a page that is not there', () => {
    expect(readTrace('1\n9', { pages: 8, intervalSec: 1 })).toMatchObject({ ok: false, line: 2 });
    expect(readTrace('5-3', { pages: 8, intervalSec: 1 })).toMatchObject({ ok: false, line: 1 });
  });
});

describe('compression', () => {
  const compression = { deltaRatio: 0.25, cacheHitShare: 0.8, redundantShare: 0.2, indexRatio: 0 };

  it('makes deltas from the second round on only', () => {
    expect(wireShare(0, compression)).toBeCloseTo(0.8, 12);
    expect(wireShare(1, compression)).toBeCloseTo(0.8 * (1 - 0.8 * 0.75), 12);
    expect(deltaOf(4096, 10, 4096)).toBe(1);
  });

  it('is calibrated to a volume, or says that no share explains it', () => {
    expect(calibratedShare({ memoryBytes: 0.5e9, plainBytes: 1.5e9, sentBytes: 0.9e9 })).toBeCloseTo(0.4, 12);
    expect(calibratedShare({ memoryBytes: 1e9, plainBytes: 1.2e9, sentBytes: 0.4e9 })).toBeNull();
  });
});
