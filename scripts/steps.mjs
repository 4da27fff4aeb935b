// What the scripts share: steps with a heading and their time, and commands whose output the user sees.
import { spawn, spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** A failure that has been explained already; the script ends with this code and prints no stack. */
export class Stop extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

const colour = process.stderr.isTTY && !process.env.NO_COLOR;
const bold = (text) => (colour ? `\x1b[1m${text}\x1b[0m` : text);

/** Runs `work` under a heading; its time is printed when it ends, well or not. */
export async function step(title, work) {
  process.stderr.write(`${bold(`▸ ${title}`)}\n`);
  const began = performance.now();
  const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`;
  try {
    const result = await work();
    process.stderr.write(`  ${title}: done in ${seconds()}\n`);
    return result;
  } catch (error) {
    process.stderr.write(`  ${title}: failed after ${seconds()}\n`);
    throw error;
  }
}

/** Whoever ends a script by signal ends the command it waits for; Ctrl-C reaches both by itself. */
const FORWARDED = ['SIGTERM', 'SIGHUP'];

/** Runs a command in the repository with its output shown; throws Stop when it does not end with 0. */
export function show(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: options.quiet ? ['ignore', 'ignore', 'inherit'] : ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...options.env },
    });
    const forward = (signal) => child.kill(signal);
    for (const signal of FORWARDED) process.on(signal, forward);
    child.once('exit', () => {
      for (const signal of FORWARDED) process.off(signal, forward);
    });
    child.once('error', (error) => reject(new Stop(`${command}: ${error.message}`)));
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Stop(`${[command, ...args].join(' ')} ended with ${code ?? signal}`, code ?? 1));
    });
  });
}

/** Whether a command ends well; its output is thrown away. */
export const succeeds = (command, args) =>
  spawnSync(command, args, { cwd: ROOT, stdio: 'ignore' }).status === 0;

/** What a command writes to its standard output, trimmed; null when it does not end well. */
export function outputOf(command, args) {
  const { status, stdout } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? stdout.trim() : null;
}

/** Runs a script's main function; a Stop is one line, anything else is a bug and keeps its stack. */
export async function main(work) {
  try {
    process.exitCode = (await work()) ?? process.exitCode ?? 0;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}
