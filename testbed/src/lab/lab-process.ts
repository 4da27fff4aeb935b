/**
 * A process of the lab: started with a list of arguments, in the root namespace or in a host's, in a session of its
 * own (a Ctrl-C in the terminal reaches the lab's owner only, which ends the rest in order), and ended by identity.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { LabFailure } from './lab-failure.ts';
import { prioritise } from './prioritise.ts';
import { identityOf, type ProcessIdentity, signal } from './process-identity.ts';

/** A process that got SIGTERM and still runs after this is killed. */
const TERMINATE_TIMEOUT_MS = 2_000;
/** Lines of standard error kept to explain an unexpected end. */
const ERROR_LINES_MAX = 40;

export interface SpawnOptions {
  readonly name: string;
  /** Name of a network namespace as `ip netns` knows it; absent: the root namespace. */
  readonly namespace?: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** -20 (goes first) to 19; absent: 0. */
  readonly niceness?: number;
  readonly onLine?: (line: string) => void;
  readonly onErrorLine?: (line: string) => void;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface LabProcess {
  readonly name: string;
  readonly pid: number;
  readonly identity: ProcessIdentity;
  /** Resolves when it has ended, whoever ended it; never rejects. */
  readonly exited: Promise<ProcessEnd>;
  readonly running: boolean;
  /** The last lines it wrote to standard error. */
  readonly errorLines: readonly string[];
  write(line: string): void;
  /** Closes its standard input: the polite way to end what holds until then. */
  endInput(): void;
  /** SIGTERM, then SIGKILL after two seconds; resolves when it has ended. */
  stop(): Promise<void>;
}

/**
 * `nsenter` replaces itself by the command, so the pid is the command's own. It keeps the mount namespace: under
 * `ip netns exec`, a namespace that the process makes for a VM would be invisible to everybody else.
 */
export function startProcess(options: SpawnOptions, env: Readonly<Record<string, string>>): LabProcess {
  const inside = options.namespace === undefined ? [] : ['nsenter', `--net=/run/netns/${options.namespace}`];
  const [file = options.command, ...args] = [...inside, options.command, ...options.args];
  const child = spawn(file, args, {
    env: { ...process.env, ...env, ...options.env },
    cwd: options.cwd,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const errorLines: string[] = [];
  const exited = endOf(child);
  const identity = child.pid === undefined ? null : identityOf(child.pid);
  if (identity === null)
    throw new LabFailure({
      code: 'process_ended',
      name: options.name,
      exitCode: child.exitCode,
      output: 'it did not start',
    });
  if (options.niceness !== undefined) prioritise(identity.pid, options.niceness);
  child.stdin.on('error', () => undefined);
  createInterface({ input: child.stdout }).on('line', (line) => options.onLine?.(line));
  createInterface({ input: child.stderr }).on('line', (line) => {
    errorLines.push(line);
    if (errorLines.length > ERROR_LINES_MAX) errorLines.shift();
    options.onErrorLine?.(line);
  });
  return {
    name: options.name,
    pid: identity.pid,
    identity,
    exited,
    errorLines,
    get running() {
      return child.exitCode === null && child.signalCode === null;
    },
    write: (line) => {
      child.stdin.write(`${line}\n`);
    },
    endInput: () => {
      child.stdin.end();
    },
    stop: () => stop(child, identity, exited),
  };
}

async function stop(
  child: ChildProcess,
  identity: ProcessIdentity,
  exited: Promise<ProcessEnd>,
): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  signal(identity, 'SIGTERM');
  const patience = new AbortController();
  const late = delay(TERMINATE_TIMEOUT_MS, 'late', { signal: patience.signal }).catch(() => 'late');
  if ((await Promise.race([exited, late])) === 'late') signal(identity, 'SIGKILL');
  patience.abort();
  await exited;
}

const endOf = (child: ChildProcess): Promise<ProcessEnd> =>
  new Promise((resolve) => {
    child.once('exit', (code, name) => resolve({ code, signal: name }));
    child.once('error', () => resolve({ code: -1, signal: null }));
  });
