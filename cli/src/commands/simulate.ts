/** `sluice simulate FILE`: a scenario or a story in virtual time, the same answer every time for the same seed. */
import { RATE_POLICIES, type RatePolicyName } from '@sluice/controller/core';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { ioOf } from '../io.ts';
import { type SimulateCommand, simulateFile } from '../simulate-file.ts';

const MODES = ['sluice', 'unmanaged', 'both', 'shadow'] as const;
const RUNS_OF = {
  sluice: ['sluice'],
  unmanaged: ['unmanaged'],
  both: ['unmanaged', 'sluice'],
  shadow: ['sluice'],
} as const satisfies Record<(typeof MODES)[number], readonly string[]>;
/** Longest simulation that can be asked for: a day. */
const UNTIL_SEC_MAX = 86_400;

interface Options {
  readonly json?: boolean;
  readonly check?: boolean;
  readonly seed: number;
  readonly policy?: RatePolicyName;
  readonly mode?: (typeof MODES)[number];
  readonly until?: number;
}

export function register(program: Command): void {
  program
    .command('simulate')
    .description('run a scenario or a story in virtual time: the same core, no root, no servers')
    .argument('<file>', 'a scenario (.txt) or a story (.yaml)')
    .option('--json', 'print one document: results, receipts, events, rates, samples of every flow')
    .option('--check', 'compare with what the scenario expects below ----; ends with 1 when it differs')
    .option('--seed <n>', 'draws the delays of messages and network changes', wholeNumber, 1)
    .addOption(
      new Option('--policy <name>', 'in place of the policies in the file').choices([...RATE_POLICIES]),
    )
    .addOption(
      new Option(
        '--mode <name>',
        'which runs, in place of what the file says; shadow: decide, do nothing',
      ).choices([...MODES]),
    )
    .option('--until <sec>', 'end each run that many seconds after the warm-up', seconds)
    .addHelpText(
      'after',
      `
Examples:
  sluice simulate testbed/scenarios/one-by-bda.txt                 the time line of one migration, in words
  sluice simulate testbed/scenarios/one-by-bda.txt --check         does it still come out as written?
  sluice simulate testbed/stories/edge-nfv.yaml --mode sluice      a story, without the unmanaged run
  sluice simulate my.txt --policy minimum-energy --json | jq .sluice.rates

The same file, options and seed give the same bytes. A scenario ends with 0 when it ran; a story with 4 when a
migration was refused and 1 when one did not complete. A file that cannot be read as it stands ends with 2.`,
    )
    .action(async (file: string, options: Options) => {
      process.exitCode = await simulateFile(commandOf(file, options), ioOf(program));
    });
}

const commandOf = (file: string, { mode, until, ...options }: Options): SimulateCommand => ({
  file,
  seed: options.seed,
  policy: options.policy,
  runs: mode === undefined ? undefined : RUNS_OF[mode],
  shadow: mode === 'shadow',
  untilSec: until,
  json: options.json ?? false,
  check: options.check ?? false,
});

function wholeNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 0 || value > 0xffff_ffff)
    throw new InvalidArgumentError('a whole number from 0 to 4294967295');
  return value;
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0 || value > UNTIL_SEC_MAX)
    throw new InvalidArgumentError(`a number of seconds above 0, at most ${UNTIL_SEC_MAX}`);
  return value;
}
