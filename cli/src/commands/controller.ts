/** `sluice controller`: runs a controller until it is told to end. */
import { loadConfig, startController } from '@sluice/controller';
import type { Command } from 'commander';
import { ioOf } from '../io.ts';
import { untilTold } from '../until-told.ts';

export function register(program: Command): void {
  program
    .command('controller')
    .description('run a controller; its log goes to stdout as JSON lines')
    .requiredOption('-c, --config <file>', 'YAML or JSON; see sluice config check')
    .addHelpText('after', '\nExample:\n  sluice controller --config /etc/sluice/controller.yaml')
    .action(async ({ config }: { config: string }, command: Command) => {
      const io = ioOf(command);
      const running = await startController(await loadConfig(config));
      io.err(
        `HTTP on ${running.httpAddress.url}, OpenFlow on ${running.openflowAddress.host}:${running.openflowAddress.port}\n`,
      );
      await untilTold(io.signal);
      io.err('aborting what is under way and releasing it\n');
      await running.close();
    });
}
