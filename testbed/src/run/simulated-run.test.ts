import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { renderReport } from '../report/index.ts';
import { parseStory, type Story } from '../story/index.ts';
import { runStory, type StoryResult, storyResultSchema } from './index.ts';

const FILE = fileURLToPath(new URL('../../stories/edge-nfv.yaml', import.meta.url));

describe('the demonstration in virtual time', () => {
  let story: Story;
  let result: StoryResult;
  beforeAll(async () => {
    story = parseStory(readFileSync(FILE, 'utf8'), FILE);
    result = await runStory(story, { mode: 'simulate' });
  });

  it('gives a result of the documented form, also after a journey through JSON', () => {
    expect(storyResultSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
    expect(Object.keys(result)).toEqual(['unmanaged', 'sluice']);
    for (const run of [result.unmanaged, result.sluice])
      expect(run).toMatchObject({ outcome: 'completed', imageIntact: true, problems: [] });
  });

  it('asks for at least three different rates in rounds of a second and more', () => {
    const rates = (result.sluice?.rounds ?? [])
      .filter((round) => round.durationSec >= 1)
      .map((round) => Math.round((round.reservedBitsPerSec ?? 0) / 1e6));
    expect(new Set(rates).size).toBeGreaterThanOrEqual(3);
  });

  it('measures in such rounds what was reserved, within 5 %', () => {
    for (const round of result.sluice?.rounds ?? [])
      if (round.durationSec >= 1)
        expect(
          Math.abs((round.measuredBitsPerSec ?? 0) / (round.reservedBitsPerSec ?? 1) - 1),
        ).toBeLessThanOrEqual(0.05);
  });

  it('reserves nothing in the unmanaged run', () => {
    expect(result.unmanaged?.rounds.map((round) => round.reservedBitsPerSec)).toEqual(
      result.unmanaged?.rounds.map(() => null),
    );
  });

  it('keeps applications within their floor under Sluice, and not without it', () => {
    const kept = (run: StoryResult['sluice']) =>
      (run?.applicationGoodputDuringBitsPerSec ?? 0) / (run?.applicationGoodputBeforeBitsPerSec ?? 1);
    expect(kept(result.sluice)).toBeGreaterThan(0.98);
    expect(kept(result.unmanaged)).toBeLessThan(0.95);
  });

  it('runs only what it was asked for', async () => {
    expect(Object.keys(await runStory(story, { mode: 'simulate', runs: ['sluice'] }))).toEqual(['sluice']);
  });

  it('is reported within 100 columns, without escape codes when the style is plain', () => {
    const lines = renderReport(result, { width: 100 }).split('\n');
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(100);
    expect(lines.join('\n')).not.toContain('\u001b');
    expect(lines.join('\n')).toContain('Rounds under Sluice (bda)');
  });
});
