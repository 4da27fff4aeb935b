import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue } from '@sluice/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from './exit-code.ts';
import { run } from './testing.ts';

const json = async (...args: string[]) => {
  const { exitCode, stdout } = await run(['model', ...args, '--json']);
  return { exitCode, result: JSON.parse(stdout) };
};

describe('sluice model', () => {
  it('prints the result as JSON with exactly the agreed names', async () => {
    const { exitCode, result } = await json(
      'bda',
      '--set',
      'freeMbitPerSec=80',
      'dirtyRatesMbitPerSec=20,40',
      '--set',
      'variant=bda',
    );
    expect(exitCode).toBe(EXIT.ok);
    expect(result).toEqual({
      a: expect.closeTo(2 / 3, 12),
      b: expect.closeTo(1 / 3, 12),
      c: 2,
      corrected: false,
      reservedMbitPerSec: expect.closeTo(100 / 3, 9),
      rateMbitPerSec: expect.closeTo(140 / 3, 9),
    });
  });

  it('ends with 4 and the failing limits when there is no answer', async () => {
    const { exitCode, result } = await json('minimum-energy', '--set', 'dirtyRateMbitPerSec=800');
    expect(exitCode).toBe(EXIT.refused);
    expect(result).toMatchObject({
      feasible: false,
      limits: [{ limit: 'total_time' }, { limit: 'stop_and_copy' }, { limit: 'speedup', allowed: 1.15 }],
    });
  });

  it('names every wrong parameter at once, with what to give instead', async () => {
    const { exitCode, stdout, stderr } = await run([
      'model',
      'minimum-energy',
      '--set',
      'memoryMb=4',
      'rounds=1.5',
      'speedup=0.5',
      'alpha=two',
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: EXIT.usage, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toEqual([
      'memoryMb: there is no such parameter: give memoryMbit',
      'speedup: "0.5" will not do: give a number >= 1',
      'rounds: "1.5" will not do: give a whole number >= 0 and <= 1000',
      'alpha: "two" will not do: give a number >= 1 and <= 10',
    ]);
  });

  it('runs a sweep: one row a point, both ends included', async () => {
    const { stdout } = await run(['model', 'minimum-energy', '--sweep', 'rounds=1:3:1', '--csv']);
    const [head, ...rows] = stdout.trimEnd().split('\r\n');
    expect(head).toBe(
      'rounds,feasible,rateMbitPerSec,binding,energyJoule,totalTimeSec,stopAndCopySec,roundsByFormula,iterations',
    );
    expect(rows.map((row) => row.split(',')[0])).toEqual(['1', '2', '3']);
    const { result } = await json('minimum-energy', '--sweep', 'alpha=1.1:1.3:0.1');
    expect(result.map((point: { set: unknown }) => point.set)).toEqual([
      { alpha: 1.1 },
      { alpha: 1.2 },
      { alpha: 1.3 },
    ]);
  });

  it.each([
    [['nonsense'], EXIT.notFound, 'no model is called nonsense'],
    [['bda', '--set', 'oops'], EXIT.usage, 'write key=value'],
    [['bda', '--sweep', 'freeMbitPerSec=1:2'], EXIT.usage, 'key=from:to:step'],
    [['bda', '--sweep', 'freeMbitPerSec=1:2:-1'], EXIT.usage, 'step leads'],
    [['bda', '--sweep', 'freeMbitPerSec=1:2:1e-9'], EXIT.usage, 'at most 10000 points'],
    [['bda', '--json', '--csv'], EXIT.usage, 'exclude'],
  ] as const)('refuses %j', async (args, exitCode, message) => {
    const ended = await run(['model', ...args]);
    expect(ended.exitCode).toBe(exitCode);
    expect(ended.stderr).toContain(message);
  });

  it('lists every model with unit, default and source of each parameter', async () => {
    const { result } = await json('list');
    for (const entry of result)
      for (const parameter of entry.parameters)
        expect(parameter).toEqual({
          name: expect.any(String),
          unit: parameter.unit === null ? null : expect.any(String),
          type: expect.any(String),
          default: parameter.default === null ? null : expect.anything(),
          doc: expect.any(String),
          source: expect.any(String),
        });
    const text = await run(['model', 'list', 'bda']);
    expect(text.stdout).toContain('dirtyRatesMbitPerSec');
  });
});

describe('drawing', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-model-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const draw = async (...args: string[]) => {
    const file = join(folder, 'drawn.svg');
    const ended = await run(['model', ...args, '--plot', file]);
    expect(ended).toMatchObject({ exitCode: EXIT.ok, stdout: '', stderr: `drawn in ${file}\n` });
    return readFile(file, 'utf8');
  };

  it.each(catalogue.flatMap((entry) => entry.figures.map((figure) => [entry.name, figure.name] as const)))(
    '%s --figure %s has its title, its axes with units, and a line for every series',
    async (name, figure) => {
      const svg = await draw(name, '--figure', figure);
      const chart = catalogue
        .find((entry) => entry.name === name)
        ?.figures.find((one) => one.name === figure)
        ?.draw();
      if (!chart) throw new Error(figure);
      const text = (value: string) =>
        value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
      expect(svg).toContain(text(chart.title));
      for (const axis of [chart.x, ...chart.panels.map((panel) => panel.y)])
        expect(svg).toContain(axis.unit === null ? axis.title : `(${axis.unit})`);
      const names = chart.panels.flatMap((panel) => panel.series.map((series) => series.name));
      for (const series of names) expect(svg).toContain(text(series));
      expect(svg).not.toMatch(/NaN|undefined/);
    },
  );

  it('draws the same chart as the same bytes', async () => {
    const once = await draw('bda', '--figure', 'bda-rule');
    expect(await draw('bda', '--figure', 'bda-rule')).toBe(once);
  });

  it('draws a sweep: a panel for each unit, and a gap where there is no answer', async () => {
    const svg = await draw('minimum-energy', '--sweep', 'dirtyRateMbitPerSec=100:800:50');
    for (const axis of ['rate (Mbit/s)', 'energy (J)', 'time (s)', 'dirtyRateMbitPerSec (Mbit/s)'])
      expect(svg).toContain(axis);
    const one = await draw(
      'minimum-energy',
      '--sweep',
      'dirtyRateMbitPerSec=100:800:50',
      '--y',
      'rateMbitPerSec',
    );
    expect(one).not.toContain('energy (J)');
  });

  it('prints the points of a figure that is not drawn', async () => {
    const { stdout } = await run(['model', 'bda', '--figure', 'bda-rule']);
    expect(stdout.split('\r\n').slice(0, 2)).toEqual([
      'panel,series,dirty rate U_k,value',
      'rate E,bda,0,40',
    ]);
  });

  it.each([
    [['bda', '--plot', 'x.svg'], EXIT.usage, '--plot draws a --sweep or a --figure'],
    [['bda', '--figure', 'none'], EXIT.notFound, 'it has bda-rule'],
    [['bda', '--figure', 'bda-rule', '--set', 'freeMbitPerSec=1'], EXIT.usage, 'leave --set'],
    [['bda', '--y', 'a'], EXIT.usage, '--y names results'],
  ] as const)('refuses %j', async (args, exitCode, message) => {
    const ended = await run(['model', ...args]);
    expect(ended).toMatchObject({ exitCode, stdout: '' });
    expect(ended.stderr).toContain(message);
  });
});

describe('sluice model electricity', () => {
  const electricity = ['model', 'electricity', '--set'];
  let folder = '';
  let file = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-prices-'));
    file = join(folder, 'prices.csv');
    await writeFile(file, 'hour,east,west\n0,100,300\n1,200,-200\n2,300,100\n');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('solves the program with prices from a file, for every value of a sweep', async () => {
    const set = [`pricesFile=${file}`, 'pricesPer=MWh', 'negativePrices=raise', 'method=milp'];
    const { exitCode, result } = await json('electricity', '--set', ...set, '--sweep', 'vms=20:40:20');
    expect(exitCode).toBe(EXIT.ok);
    const exact = { data: 'file', pricesRaisedTo0: 1, method: 'milp', solver: 'Optimal', gap: 1e-9 };
    expect(result).toMatchObject([
      { set: { vms: 20 }, result: exact },
      { set: { vms: 40 }, result: exact },
    ]);
  });

  it('names the place in the file where a price is below 0', async () => {
    const { exitCode, stderr } = await run([...electricity, `pricesFile=${file}`]);
    expect(exitCode).toBe(EXIT.usage);
    expect(stderr).toContain(`${file}, line 3, column 3: -200 is below 0`);
  });

  it('says what is wrong with a file that cannot be read', async () => {
    const missing = await run([...electricity, `pricesFile=${join(folder, 'none.csv')}`]);
    expect(missing).toMatchObject({ exitCode: EXIT.usage, stdout: '' });
    expect(missing.stderr).toContain('there is no such file');
    const directory = await run([...electricity, `pricesFile=${folder}`]);
    expect(directory.stderr).toContain('is no file; give the path of a file');
  });

  it('refuses a program that is too large, naming the limit', async () => {
    const { exitCode, stderr } = await run([...electricity, 'sites=12', 'method=milp']);
    expect(exitCode).toBe(EXIT.usage);
    expect(stderr).toContain('4032 variables, and at most 2000 are solved');
  });
});
