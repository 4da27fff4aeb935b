/** `sluice agent`: runs the agent of one hypervisor host until it is told to end. */
import { readFile } from 'node:fs/promises';
import { parseAgentConfig, startAgent } from '@sluice/agents';
import type { Command } from 'commander';
import { parse as parseYaml } from 'yaml';
import { CliError, EXIT } from '../exit-code.ts';
import { ioOf } from '../io.ts';
import { untilTold } from '../until-told.ts';

export function register(program: Command): void {
  program
    .command('agent')
    .description('run the agent of this hypervisor host; its log goes to stdout as JSON lines')
    .requiredOption('-c, --config <file>', 'YAML or JSON; see sluice config check --kind agent')
    .option('--stop-vms', 'end the VMs, too, when the agent ends')
    .addHelpText('after', '\nExample:\n  sluice agent --config /etc/sluice/agent.yaml')
    .action(async (options: { config: string; stopVms?: boolean }, command: Command) => {
      const io = ioOf(command);
      const text = await readFile(options.config, 'utf8').catch((error: Error) => {
        throw new CliError(EXIT.usage, error.message);
      });
      const agent = await startAgent(parseAgentConfig(parseYaml(text)));
      await untilTold(io.signal);
      await agent.close(options.stopVms ? { destroyVms: true } : {});
    });
}
