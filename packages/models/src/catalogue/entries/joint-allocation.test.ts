// What the command prints about many migrations, checked against itself with a little more of a link.
import { describe, expect, it } from 'vitest';
import { jointAllocationEntry } from './joint-allocation.ts';

interface Result {
  readonly feasible: boolean;
  readonly costSec: number;
  readonly migrations: readonly { migration: string; rateMbitPerSec: number; heldBy: string }[];
  readonly links: readonly { link: string; usedMbitPerSec: number; oneMbitPerSecMoreSavesSec: number }[];
}

function run(given: Readonly<Record<string, unknown>> = {}): Result {
  const outcome = jointAllocationEntry.run(given);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome));
  return outcome.result as unknown as Result;
}

describe('sluice model joint-allocation', () => {
  it.each([
    ['trunk', 'trunk:80.002,edge:40', 'trunk:79.998,edge:40'],
    ['edge', 'trunk:80,edge:40.002', 'trunk:80,edge:39.998'],
  ])('says what one more Mbit/s of %s saves', (name, more, less) => {
    const saved = (run({ linksMbitPerSec: less }).costSec - run({ linksMbitPerSec: more }).costSec) / 0.004;
    const told = run().links.find(({ link }) => link === name)?.oneMbitPerSecMoreSavesSec ?? 0;
    expect(told / saved).toBeCloseTo(1, 4);
  });

  it('gives no link away twice, and nobody less or more than it may have', () => {
    const { links, migrations } = run();
    for (const { usedMbitPerSec, link } of links)
      expect(usedMbitPerSec).toBeLessThanOrEqual(link === 'trunk' ? 80.000001 : 40.000001);
    const mail = migrations.find(({ migration }) => migration === 'mail');
    expect(mail?.rateMbitPerSec).toBeLessThanOrEqual(10);
  });

  it('names the links on which the least rates alone are too much', () => {
    expect(run({ linksMbitPerSec: 'trunk:30,edge:15' })).toEqual({
      feasible: false,
      limits: [
        { link: 'trunk', actualMbitPerSec: 32, allowedMbitPerSec: 30 },
        { link: 'edge', actualMbitPerSec: 20, allowedMbitPerSec: 15 },
      ],
    });
  });

  it.each([
    ['migrations', { migrations: 'web:512:8:20:10:trunk' }],
    ['migrations', { migrations: 'web:512:8:10:20:trunk+trunk' }],
    ['migrations', { migrations: 'web:512:8:10:20:nowhere' }],
    ['linksMbitPerSec', { linksMbitPerSec: 'trunk:-1' }],
  ])('tells what is wrong with %s', (parameter, given) => {
    expect(jointAllocationEntry.run(given)).toMatchObject({ ok: false, problems: [{ parameter }] });
  });
});
