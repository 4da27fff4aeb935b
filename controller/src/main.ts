/** The controller as a process: `node main.js --config FILE`. Ends on SIGTERM and SIGINT with everything released. */
import { parseArgs } from 'node:util';
import { loadConfig } from './config.ts';
import { ConfigError } from './config-error.ts';
import { startController } from './controller.ts';

/** Of sysexits: a bug of ours; whoever supervises us starts us again. */
const EXIT_BUG = 70;
const EXIT_CONFIG = 2;

await run();

async function run(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: 'string', short: 'c' } } });
  const file = values.config ?? process.env.SLUICE_CONFIG;
  if (!file) {
    process.stderr.write('usage: main.js --config FILE (or SLUICE_CONFIG=FILE)\n');
    process.exitCode = EXIT_CONFIG;
    return;
  }
  try {
    const controller = await startController(await loadConfig(file), { onBug: () => process.exit(EXIT_BUG) });
    const stop = () => void controller.close().then(() => process.exit(0));
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
    await controller.ready;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(error instanceof ConfigError ? EXIT_CONFIG : 1);
  }
}
