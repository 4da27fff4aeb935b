/** `sluice lab run FILE`, `sluice lab clean`, `sluice lab guest ...`. */
import type { GuestKind } from '@sluice/testbed';
import { type Command, Option } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, ioOf } from '../io.ts';
import { runStoryCommand } from '../story-command.ts';
import { registerGuest } from './lab-guest.ts';

export function register(program: Command): void {
  const lab = program.command('lab').description('networks, VMs and migrations of a story, on real parts');
  lab
    .command('run')
    .description('run a story: once unmanaged, once under Sluice')
    .argument('<file>', 'a story in YAML; testbed/stories/README.md explains it')
    .option('--json <file>', 'write the result of the runs')
    .option('--simulate', 'run it in virtual time; needs no root')
    .option('--keep', 'keep controller and network of the last run until Ctrl-C')
    .addOption(
      new Option('--guests <kind>', 'what the VMs are').choices(['emulated', 'qemu']).default('emulated'),
    )
    .addOption(new Option('--only <run>', 'only one of the two runs').choices(['unmanaged', 'sluice']))
    .action(
      async (
        file: string,
        options: {
          json?: string;
          simulate?: boolean;
          keep?: boolean;
          guests: GuestKind;
          only?: 'unmanaged' | 'sluice';
        },
      ) => {
        process.exitCode = await runStoryCommand(
          {
            file,
            simulate: options.simulate ?? false,
            simulateHint: `sluice lab run ${file} --simulate`,
            guests: options.guests,
            keep: options.keep,
            json: options.json,
            only: options.only,
          },
          ioOf(program),
        );
      },
    );
  lab
    .command('clean')
    .description('remove what a killed run left behind, and nothing else')
    .action(async () => {
      process.exitCode = await clean(ioOf(program));
    });
  registerGuest(lab);
}

async function clean(io: Io): Promise<ExitCode> {
  const { cleanStaleRuns } = await import('@sluice/testbed');
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    io.err('Cleaning up after a lab needs root on Linux; run it through sudo.\n');
    return EXIT.usage;
  }
  const removed = await cleanStaleRuns();
  for (const run of removed) io.out(`removed ${run.prefix}: ${run.label}\n`);
  if (removed.length === 0) io.out('nothing was left behind\n');
  return EXIT.ok;
}
