/** `sluice model`: every model of the catalogue by its name, once, over a sweep, or as a figure of its paper. */
import { writeFile } from 'node:fs/promises';
import { type Chart, catalogue, findModel, type ModelEntry, type ModelInputs } from '@sluice/models';
import type { Command } from 'commander';
import { CliError, EXIT } from '../exit-code.ts';
import { type Io, ioOf } from '../io.ts';
import { parsePairs, parseSweep, type Sweep } from '../model/arguments.ts';
import { chartSvg } from '../model/chart.ts';
import { inputsFor } from '../model/inputs.ts';
import {
  catalogueText,
  chartCsv,
  type ModelPoint,
  pointsCsv,
  pointsText,
  resultText,
} from '../model/print.ts';
import { sweepChart } from '../model/sweep-chart.ts';

interface ModelOptions {
  readonly set?: readonly string[];
  readonly sweep?: string;
  readonly figure?: string;
  readonly plot?: string;
  readonly y?: readonly string[];
  readonly json?: boolean;
  readonly csv?: boolean;
}

export function register(program: Command): void {
  const model = program
    .command('model')
    .description('compute a published model of migration: rounds, times, rates, energy')
    .argument('<name>', 'a model; sluice model list shows all')
    .option('--set <key=value...>', 'parameters; the others keep their defaults')
    .option('--sweep <key=from:to:step>', 'run it for every value of one parameter')
    .option('--figure <name>', 'a figure of the paper, computed; sluice model list names them')
    .option('--plot <file.svg>', 'draw the sweep or the figure')
    .option('--y <result...>', 'results to draw of a sweep (default: all numbers)')
    .option('--json', 'print the result as JSON')
    .option('--csv', 'print one row a run')
    .addHelpText(
      'after',
      `
Examples:
  sluice model list minimum-energy
  sluice model bda --set freeMbitPerSec=80 dirtyRatesMbitPerSec=20,40 --json
  sluice model minimum-energy --sweep dirtyRateMbitPerSec=50:750:10 --csv
  sluice model minimum-energy --figure minimum-energy-6a --plot tracking.svg
  sluice model electricity --set pricesFile=prices.csv pricesPer=MWh method=milp

A model without an answer within its limits prints which limits fail, and the exit code is 4.`,
    )
    .action(async (name: string, options: ModelOptions) => {
      const entry = modelNamed(name);
      checkTogether(options);
      process.exitCode = await (options.figure === undefined
        ? runModel(entry, options, ioOf(program))
        : showFigure(entry, options.figure, options, ioOf(program)));
    });
  model
    .command('list')
    .description('show the models with their parameters: unit, default and where it comes from')
    .argument('[name]', 'only this one')
    .option('--json', 'as JSON')
    .action((name: string | undefined, _options: unknown, command: Command) => {
      const io = ioOf(program);
      const entries = name === undefined ? catalogue : [modelNamed(name)];
      // The parent has a --json too, and takes it when it comes first.
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      io.out(json ? `${JSON.stringify(entries.map(entryJson), null, 2)}\n` : catalogueText(entries));
    });
}

const entryJson = ({ name, title, source, parameters, figures }: ModelEntry) => ({
  name,
  title,
  source,
  parameters,
  figures: figures.map((figure) => ({ name: figure.name, title: figure.title })),
});

function modelNamed(name: string): ModelEntry {
  const entry = findModel(name);
  if (entry) return entry;
  const names = catalogue.map((known) => known.name).join(', ');
  throw new CliError(EXIT.notFound, `no model is called ${name}; there are ${names}`);
}

/** Options that only make sense with or without one another. @throws CliError */
function checkTogether(options: ModelOptions): void {
  const wrong = [
    options.json && options.csv && '--json and --csv exclude each other',
    options.plot !== undefined &&
      options.sweep === undefined &&
      options.figure === undefined &&
      '--plot draws a --sweep or a --figure: give one of them',
    options.figure !== undefined &&
      (options.sweep !== undefined || options.set !== undefined) &&
      '--figure has its own parameters: leave --set and --sweep away',
    options.y !== undefined &&
      (options.plot === undefined || options.sweep === undefined) &&
      '--y names results of a --sweep to --plot: give both',
  ].filter((sentence) => typeof sentence === 'string');
  if (wrong.length > 0) throw new CliError(EXIT.usage, wrong.join('\n'));
}

async function showFigure(entry: ModelEntry, name: string, options: ModelOptions, io: Io): Promise<number> {
  const figure = entry.figures.find((known) => known.name === name);
  if (!figure) {
    const names = entry.figures.map((known) => known.name).join(', ') || 'none';
    throw new CliError(EXIT.notFound, `${entry.name} has no figure ${name}; it has ${names}`);
  }
  const chart = figure.draw();
  if (options.plot !== undefined) await writeChart(chart, options.plot, io);
  if (options.json) io.out(`${JSON.stringify(chart, null, 2)}\n`);
  else if (options.csv || options.plot === undefined) io.out(chartCsv(chart));
  return EXIT.ok;
}

async function writeChart(chart: Chart, file: string, io: Io): Promise<void> {
  await writeFile(file, await chartSvg(chart));
  io.err(`drawn in ${file}\n`);
}

async function runModel(entry: ModelEntry, options: ModelOptions, io: Io): Promise<number> {
  const given = parsePairs(options.set ?? []);
  const sweep = options.sweep === undefined ? null : parseSweep(options.sweep);
  // What a sweep changes does not change what is needed: files and solvers go by names and choices.
  const [first] = sweep?.values ?? [];
  const inputs = await inputsFor(
    entry,
    sweep === null || first === undefined ? given : { ...given, [sweep.parameter]: first },
  );
  const run: RunOf = (set) => runOnce(entry, { ...given, ...set }, { set, inputs });
  const points = sweep === null ? [run({})] : runSweep(given, sweep, run);
  if (sweep !== null && options.plot !== undefined) {
    const chart = sweepChart(entry, sweep, points, options.y ?? []);
    if (chart.panels.length === 0)
      throw new CliError(EXIT.usage, '--y names no number of the results; --json shows them');
    await writeChart(chart, options.plot, io);
  }
  if (options.plot === undefined || options.json || options.csv) io.out(printed(points, sweep, options));
  return points.every((point) => point.result.feasible === false) ? EXIT.refused : EXIT.ok;
}

function printed(points: readonly ModelPoint[], sweep: Sweep | null, options: ModelOptions): string {
  if (options.csv) return pointsCsv(points);
  const [only] = points;
  if (sweep === null && only)
    return options.json ? `${JSON.stringify(only.result, null, 2)}\n` : resultText(only.result);
  return options.json ? `${JSON.stringify(points, null, 2)}\n` : pointsText(points);
}

type RunOf = (set: Readonly<Record<string, number>>) => ModelPoint;

function runSweep(given: Readonly<Record<string, string>>, sweep: Sweep, run: RunOf): readonly ModelPoint[] {
  if (Object.hasOwn(given, sweep.parameter))
    throw new CliError(EXIT.usage, `${sweep.parameter} is in --set and in --sweep`);
  return sweep.values.map((value) => run({ [sweep.parameter]: value }));
}

function runOnce(
  entry: ModelEntry,
  parameters: Readonly<Record<string, unknown>>,
  { set, inputs }: { readonly set: ModelPoint['set']; readonly inputs: ModelInputs },
): ModelPoint {
  const run = entry.run(parameters, inputs);
  if (run.ok) return { set, result: run.result };
  const problems = run.problems.map(({ parameter, message }) => `${parameter}: ${message}`);
  throw new CliError(EXIT.usage, problems.join('\n'), { problems: run.problems });
}
