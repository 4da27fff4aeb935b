/** `sluice simulate FILE`: a story in virtual time, the same answer every time for the same seed. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { ioOf } from '../io.ts';
import { runStoryCommand } from '../story-command.ts';

const POLICIES = ['bda', 'bda-robust', 'minimum-energy', 'unmanaged'] as const;

export function register(program: Command): void {
  program
    .command('simulate')
    .description('run a story in virtual time: the same core, no root, no servers')
    .argument('<file>', 'a story in YAML; testbed/stories/README.md explains it')
    .option('--json', 'print the result as JSON, without progress')
    .option('--seed <n>', 'draws the delays of messages and network changes', wholeNumber, 1)
    .addOption(new Option('--policy <name>', 'in place of the policies in the story').choices([...POLICIES]))
    .action(
      async (file: string, options: { json?: boolean; seed: number; policy?: (typeof POLICIES)[number] }) => {
        process.exitCode = await runStoryCommand(
          {
            file,
            simulate: true,
            simulateHint: `sluice simulate ${file}`,
            seed: options.seed,
            policy: options.policy,
            printJson: options.json,
          },
          ioOf(program),
        );
      },
    );
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff)
    throw new InvalidArgumentError('a whole number from 0 to 4294967295');
  return value;
}
