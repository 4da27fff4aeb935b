// Plans as the command prints them: what stands on each link is added up from the printed text alone.
import { describe, expect, it } from 'vitest';
import { changePlanEntry } from './change-plan.ts';

interface Row {
  readonly step: number;
  readonly move: string;
  readonly before: string | null;
  readonly after: string | null;
}
interface Result {
  readonly feasible: boolean;
  readonly steps: number;
  readonly changes: readonly Row[];
}

function run(given: Readonly<Record<string, unknown>> = {}): Result {
  const outcome = changePlanEntry.run(given);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome));
  return outcome.result as unknown as Result;
}

const rateOn = (link: string, placement: string | null | undefined): number => {
  const [path = '', rate = '0'] = (placement ?? '').split('@');
  return path.split('+').includes(link) ? Number(rate) : 0;
};

/** Most that a link carries at any time in a step, in whatever order its changes happen. */
function peak(
  link: string,
  start: Readonly<Record<string, string | null>>,
  { steps, changes }: Result,
): number {
  const standing = new Map(Object.entries(start));
  let most = 0;
  for (let step = 1; step <= steps; step += 1) {
    const now = changes.filter((row) => row.step === step);
    const load = [...standing].reduce((sum, [move, placement]) => {
      const change = now.find((row) => row.move === move);
      return (
        sum + Math.max(rateOn(link, placement), rateOn(link, change?.after ?? (change ? null : placement)))
      );
    }, 0);
    most = Math.max(most, load);
    for (const { move, after } of now) standing.set(move, after);
  }
  return most;
}

describe('sluice model change-plan', () => {
  it('swaps two migrations that do not fit twice by lowering them for a while', () => {
    const plan = run();
    const start = { web: 'north@40', db: 'south@40' };
    expect(plan).toMatchObject({ feasible: true, steps: 3, lowered: ['web', 'db'] });
    expect(peak('north', start, plan)).toBeLessThanOrEqual(60);
    expect(peak('south', start, plan)).toBeLessThanOrEqual(60);
  });

  it('needs one step and nobody lowered where there is scratch capacity', () => {
    const plan = run({ scratchShare: 0.4 });
    expect(plan).toMatchObject({ steps: 1, lowered: [], scratchUsed: ['north:20', 'south:20'] });
    expect(peak('north', { web: 'north@40', db: 'south@40' }, plan)).toBeLessThanOrEqual(84);
  });

  it('says so when nobody may be lowered and nothing else helps', () => {
    expect(run({ movesMbitPerSec: 'web:north@40/south@40,db:south@40/north@40' })).toEqual({
      feasible: false,
      isProven: true,
      links: ['north', 'south'],
      moves: ['web', 'db'],
    });
  });

  it('lets migrations come, go and change', () => {
    const moves = 'web:north@20/south@40,db:south@40/none,mail:none/south@10';
    const plan = run({ movesMbitPerSec: moves });
    expect(peak('south', { web: 'north@20', db: 'south@40', mail: null }, plan)).toBeLessThanOrEqual(60);
    expect(plan.changes.at(-1)?.after).not.toBeNull();
  });

  it.each([
    ['movesMbitPerSec', { movesMbitPerSec: 'web:none/none' }],
    ['movesMbitPerSec', { movesMbitPerSec: 'web:north@0/south@10' }],
    ['movesMbitPerSec', { movesMbitPerSec: 'web:east@10/south@10' }],
    ['movesMbitPerSec', { movesMbitPerSec: 'web:north@10/south@10,web:north@10/south@10' }],
    ['scratchShare', { scratchShare: 2 }],
  ])('tells what is wrong with %s', (parameter, given) => {
    expect(changePlanEntry.run(given)).toMatchObject({ ok: false, problems: [{ parameter }] });
  });
});
