/** `sluice demo`: the story of the edge network, first as hypervisors do it, then under Sluice. */
import { fileURLToPath } from 'node:url';
import type { GuestKind } from '@sluice/testbed';
import { type Command, Option } from 'commander';
import { ioOf } from '../io.ts';
import { runStoryCommand } from '../story-command.ts';

const STORY = fileURLToPath(new URL('../../../testbed/stories/edge-nfv.yaml', import.meta.url));

export function register(program: Command): void {
  program
    .command('demo')
    .description('migrate a VM between two edge sites on real Open vSwitch, unmanaged and under Sluice')
    .option('--simulate', 'run the same story in virtual time; needs no root')
    .option('--keep', 'keep controller and network running afterwards, until Ctrl-C')
    .option('--json <file>', 'write the result of both runs')
    .addOption(
      new Option('--guests <kind>', 'what the VMs are').choices(['emulated', 'qemu']).default('emulated'),
    )
    .action(async (options: { simulate?: boolean; keep?: boolean; json?: string; guests: GuestKind }) => {
      process.exitCode = await runStoryCommand(
        {
          file: STORY,
          simulate: options.simulate ?? false,
          simulateHint: 'npm run demo -- --simulate',
          guests: options.guests,
          keep: options.keep,
          json: options.json,
        },
        ioOf(program),
      );
    });
}
