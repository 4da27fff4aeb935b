/** Processes of the benchmark: each on a core of its own where there are two, ended by pid. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const HERE = import.meta.dirname;
const LINE_DEADLINE_MS = 60_000;

export interface Running {
  readonly child: ChildProcess;
  /** The next line of its output. */
  line(): Promise<string>;
  stop(): Promise<void>;
}

/** A TypeScript file of this folder, in a Node of its own. */
export const script = (file: string, ...args: readonly (string | number)[]): readonly string[] => [
  process.execPath,
  '--conditions=source',
  '--import',
  'tsx',
  join(HERE, file),
  ...args.map(String),
];

export function start(command: readonly string[], cpu: number): Running {
  const [program = '', ...args] = pinned(command, cpu);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const stopWithUs = () => child.kill('SIGKILL');
  process.once('exit', stopWithUs);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    async line() {
      const late = setTimeout(() => child.kill('SIGKILL'), LINE_DEADLINE_MS);
      const { done, value } = await lines.next();
      clearTimeout(late);
      if (done === true) throw new Error(`${command.join(' ')} ended without an answer`);
      return value;
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      process.off('exit', stopWithUs);
    },
  };
}

const hasTaskset = spawnSync('taskset', ['--version'], { stdio: 'ignore' }).status === 0;
const pinned = (command: readonly string[], cpu: number): readonly string[] =>
  hasTaskset && cpus().length > 1 ? ['taskset', '-c', String(cpu), ...command] : command;

/** Installs Debian packages that are missing; returns those that cannot be had. */
export function install(packages: readonly string[]): readonly string[] {
  const missing = packages.filter(
    (name) => spawnSync('dpkg', ['-s', name], { stdio: 'ignore' }).status !== 0,
  );
  if (missing.length === 0) return [];
  try {
    execFileSync('apt-get', ['install', '--yes', '--no-install-recommends', '-qq', ...missing], {
      stdio: 'ignore',
    });
    return [];
  } catch {
    return missing;
  }
}
