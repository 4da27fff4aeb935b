/** `sluice model`: every model of the catalogue by its name, once or over a sweep. */
import { catalogue, findModel, type ModelEntry } from '@sluice/models';
import type { Command } from 'commander';
import { CliError, EXIT } from '../exit-code.ts';
import { type Io, ioOf } from '../io.ts';
import { parsePairs, parseSweep, type Sweep } from '../model/arguments.ts';
import { catalogueText, type ModelPoint, pointsCsv, pointsText, resultText } from '../model/print.ts';

interface ModelOptions {
  readonly set?: readonly string[];
  readonly sweep?: string;
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
    .option('--json', 'print the result as JSON')
    .option('--csv', 'print one row a run')
    .addHelpText(
      'after',
      `
Examples:
  sluice model list minimum-energy
  sluice model bda --set freeMbitPerSec=80 dirtyRatesMbitPerSec=20,40 --json
  sluice model minimum-energy --sweep dirtyRateMbitPerSec=50:750:10 --csv

A model without an answer within its limits prints which limits fail, and the exit code is 4.`,
    )
    .action(async (name: string, options: ModelOptions) => {
      process.exitCode = runModel(name, options, ioOf(program));
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

function runModel(name: string, options: ModelOptions, io: Io): number {
  const entry = modelNamed(name);
  const given = parsePairs(options.set ?? []);
  if (options.json && options.csv) throw new CliError(EXIT.usage, '--json and --csv exclude each other');
  const sweep = options.sweep === undefined ? null : parseSweep(options.sweep);
  const points = sweep === null ? [runOnce(entry, given, {})] : runSweep(entry, given, sweep);
  io.out(printed(points, sweep, options));
  return points.every((point) => point.result.feasible === false) ? EXIT.refused : EXIT.ok;
}

function printed(points: readonly ModelPoint[], sweep: Sweep | null, options: ModelOptions): string {
  if (options.csv) return pointsCsv(points);
  const [only] = points;
  if (sweep === null && only)
    return options.json ? `${JSON.stringify(only.result, null, 2)}\n` : resultText(only.result);
  return options.json ? `${JSON.stringify(points, null, 2)}\n` : pointsText(points);
}

function runSweep(
  entry: ModelEntry,
  given: Readonly<Record<string, string>>,
  sweep: Sweep,
): readonly ModelPoint[] {
  if (Object.hasOwn(given, sweep.parameter))
    throw new CliError(EXIT.usage, `${sweep.parameter} is in --set and in --sweep`);
  return sweep.values.map((value) => runOnce(entry, given, { [sweep.parameter]: value }));
}

function runOnce(
  entry: ModelEntry,
  given: Readonly<Record<string, string>>,
  set: Readonly<Record<string, number>>,
): ModelPoint {
  const run = entry.run({ ...given, ...set });
  if (run.ok) return { set, result: run.result };
  const problems = run.problems.map(({ parameter, message }) => `${parameter}: ${message}`);
  throw new CliError(EXIT.usage, problems.join('\n'), { problems: run.problems });
}
