// `npm run demo`: everything from a bare machine to the story, on real parts or, with --simulate, in this process.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, prepare, rootPrefix } from './prepare.mjs';
import { main, ROOT, Stop } from './steps.mjs';

const LAUNCHER = join(ROOT, 'cli', 'bin', 'sluice.mjs');
const args = process.argv.slice(2);
const simulate = args.includes('--simulate');
/** How often the demonstration looks whether the npm that started it is still there. */
const PARENT_PERIOD_MS = 1_000;

await main(async () => {
  const obstacles = await prepare({ realParts: !simulate });
  if (obstacles.length > 0)
    throw new Stop(
      `${obstacles.join('\n')}\nThe same story runs without real parts:\n\n  npm run demo -- --simulate\n`,
      5,
    );
  await build();
  const prefix = simulate ? [] : rootPrefix();
  if (prefix.length > 0) return throughSudo(prefix);
  endWithNpm();
  // In this process, so that whoever ends it, gently or not, ends the owner of the lab.
  process.argv = [process.execPath, LAUNCHER, 'demo', ...args];
  await import(pathToFileURL(LAUNCHER).href);
});

function throughSudo([command, ...options]) {
  const child = spawn(command, [...options, process.execPath, LAUNCHER, 'demo', ...args], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}

/** npm that is killed tells nobody; its orphan would hold the lab for ever. */
function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, PARENT_PERIOD_MS).unref();
}
