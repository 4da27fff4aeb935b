import { describe, expect, it } from 'vitest';
import { loadHighs } from '../../electricity/highs.ts';
import type { LinearSolver } from '../../electricity/milp.ts';
import type { ModelInputs, ModelResult } from '../model.ts';
import { electricityEntry } from './electricity.ts';

const solver = await loadHighs();

function run(given: Readonly<Record<string, unknown>>, inputs: Partial<ModelInputs> = {}): ModelResult {
  const outcome = electricityEntry.run(given, { solver, files: new Map(), ...inputs });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.result;
}

function problems(given: Readonly<Record<string, unknown>>, inputs: Partial<ModelInputs> = {}) {
  const outcome = electricityEntry.run(given, { solver, files: new Map(), ...inputs });
  return outcome.ok ? [] : outcome.problems.map(({ parameter, message }) => `${parameter}: ${message}`);
}

const file = (text: string) => ({ files: new Map([['p.csv', text]]) });

describe('method=milp', () => {
  it('lies between the bound of the rolling horizon and its cost, with a closed gap', () => {
    const small = { hours: 6, vms: 60 };
    const rolling = run(small);
    const exact = run({ ...small, method: 'milp' });
    expect(exact).toMatchObject({ method: 'milp', solver: 'Optimal', gap: 1e-9, variables: 90 });
    expect(Number(exact.cost)).toBeLessThanOrEqual(Number(rolling.cost));
    expect(Number(exact.lowerBound)).toBeGreaterThanOrEqual(Number(rolling.lowerBound) - 1e-9);
  });

  it('is refused when it is too large, with its size and the limit', () => {
    expect(problems({ method: 'milp', sites: 12 })).toEqual([
      expect.stringMatching(/^method: .* 4032 variables, .* 2000 .*rolling-horizon$/),
    ]);
    expect(problems({ method: 'milp', sites: 12 }, { solver: null })).toHaveLength(2);
  });

  it('falls back to the rolling horizon and the relaxation when the solver finds nothing in time', () => {
    const slow: LinearSolver = {
      solve: (text, options) =>
        text.includes('General')
          ? { Status: 'Time limit reached', ObjectiveValue: 0, Columns: {} }
          : solver.solve(text, options),
    };
    const small = { hours: 6, vms: 60 };
    const rolling = run(small);
    const late = run({ ...small, method: 'milp' }, { solver: slow });
    expect(late).toMatchObject({
      solver: 'Time limit reached',
      scheduleFrom: 'rolling-horizon',
      cost: rolling.cost,
    });
    expect(Number(late.lowerBound)).toBeGreaterThanOrEqual(Number(rolling.lowerBound));
    expect(Number(late.gap)).toBeCloseTo(1 - Number(late.lowerBound) / Number(late.cost), 12);
  });

  it('says that it needs a solver, and the rolling horizon that it needs nothing', () => {
    expect(electricityEntry.needs({ method: 'milp' })).toEqual({ solver: true, files: [] });
    expect(electricityEntry.needs({})).toEqual({ solver: false, files: [] });
    expect(electricityEntry.needs({ method: 'none' })).toEqual({ solver: false, files: [] });
  });
});

describe('pricesFile', () => {
  const given = { pricesFile: 'p.csv', vms: 40 };

  it('gives what the same prices as a parameter give, in either unit', () => {
    const { data, ...written } = run({ prices: 'east:0.1/0.2/0.3,west:0.3/0.2/0.1', vms: 40 });
    const csv = 'hour,east,west\n0,0.1,0.3\n1,0.2,0.2\n2,0.3,0.1\n';
    expect(data).toBe('given');
    expect(run(given, file(csv))).toEqual({ data: 'file', pricesRaisedTo0: 0, ...written });
    const perMwh = csv.replace(/0\.(\d)/g, '$100');
    expect(Number(run({ ...given, pricesPer: 'MWh' }, file(perMwh)).cost)).toBeCloseTo(
      Number(written.cost),
      9,
    );
  });

  it('refuses prices below 0 with line, column and the way to raise them, and counts the raised', () => {
    const csv = 'hour,east,west\n0,0.1,-0.3\n1,-0.2,0.2\n';
    expect(problems(given, file(csv))).toEqual([
      expect.stringMatching(/^pricesFile: p.csv, line 2, column 3: -0.3 .*negativePrices=raise$/),
      expect.stringMatching(/^pricesFile: p.csv, line 3, column 2: -0.2 .*negativePrices=raise$/),
    ]);
    expect(run({ ...given, negativePrices: 'raise' }, file(csv))).toMatchObject({ pricesRaisedTo0: 2 });
  });

  it('says everything at once: two sources, and a file that nobody read', () => {
    expect(problems({ ...given, prices: 'a:1/2,b:1' })).toEqual([
      expect.stringContaining('give one of both'),
      expect.stringMatching(/^prices: /),
      expect.stringContaining('p.csv was not read'),
    ]);
  });

  it('has the limits of what is made up', () => {
    const sites = Array.from({ length: 201 }, (_, site) => `s${site}`);
    const wide = `hour,${sites}\n0,${sites.map(() => 1)}\n`;
    const long = `hour,a\n${'0,1\n'.repeat(8785)}`;
    expect(problems(given, file(wide))).toEqual([expect.stringContaining('201 sites: give at most 200')]);
    expect(problems(given, file(long))).toEqual([expect.stringContaining('8785 hours: give at most 8784')]);
  });
});
