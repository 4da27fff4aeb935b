/**
 * Runs virsh: one process per command, argument arrays only, never a shell, and every one with a time limit. What it
 * refuses is told by its words, because virsh has but one exit code for everything that went wrong.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';

/** A daemon on the same host answers within 50 ms; one that does not must not hold up a migration for long. */
export const COMMAND_LIMIT_MS = 10_000;
const OUTPUT_BYTES_MAX = 4 * 1024 * 1024;
/** Of what a process that runs for long writes to stderr, and of a line it does not end. */
const KEPT_TEXT_MAX = 16 * 1024;

export type VirshFailureCode =
  | 'not_installed'
  /** The daemon is not there, or went away in between. */
  | 'no_connection'
  | 'no_domain'
  /** Nothing to abort or to ask about. */
  | 'no_job'
  | 'timed_out'
  /** libvirt or QEMU said no; the message has its words. */
  | 'refused'
  /** It said something that we do not understand. */
  | 'bad_output';

export class VirshFailure extends Error {
  override readonly name = 'VirshFailure';
  constructor(
    readonly code: VirshFailureCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface Exit {
  /** null: it was ended by a signal, or never began. */
  readonly exitCode: number | null;
  /** What it wrote to stderr, as far as kept. */
  readonly words: string;
}

/** A virsh that runs for as long as something else does. */
export interface LongRun {
  readonly ended: Promise<Exit>;
  stop(): void;
}

export interface VirshRunner {
  /** Resolves to what it printed. @throws VirshFailure */
  run(args: readonly string[], limitMs?: number): Promise<string>;
  /** Stays; tells each line of its output. */
  follow(args: readonly string[], onLine: (line: string) => void): LongRun;
}

/** `command`: virsh and what has to stand before its own arguments, such as another namespace's `nsenter`. */
export function virshRunner(command: readonly string[], uri: string): VirshRunner {
  const [program = 'virsh', ...before] = command;
  const argumentsOf = (args: readonly string[]) => [...before, '-q', '-c', uri, ...args];
  // Its words are parsed, and it would say them in the language of the user.
  const env = { ...process.env, LC_ALL: 'C', LANGUAGE: 'C', LIBVIRT_DEFAULT_URI: uri };
  return {
    run: (args, limitMs = COMMAND_LIMIT_MS) =>
      new Promise((resolve, reject) => {
        const options = { timeout: limitMs, killSignal: 'SIGKILL', maxBuffer: OUTPUT_BYTES_MAX } as const;
        execFile(
          program,
          argumentsOf(args),
          { ...options, env, encoding: 'utf8' },
          (cause, stdout, stderr) => {
            if (cause === null) resolve(stdout);
            else reject(failureOf(args, { cause, stderr, limitMs }));
          },
        );
      }),
    follow(args, onLine) {
      const child = spawn(program, argumentsOf(args), { env, stdio: ['ignore', 'pipe', 'pipe'] });
      linesOf(child, onLine);
      return { ended: endOf(child), stop: () => void child.kill('SIGTERM') };
    },
  };
}

interface ExecCause extends Error {
  readonly code?: unknown;
  readonly killed?: boolean;
}

function failureOf(
  args: readonly string[],
  {
    cause,
    stderr,
    limitMs,
  }: { readonly cause: ExecCause; readonly stderr: string; readonly limitMs: number },
): VirshFailure {
  const what = `virsh ${args[0] ?? ''}`;
  if (cause.code === 'ENOENT')
    return new VirshFailure('not_installed', `${what}: no such program`, { cause });
  if (cause.killed === true)
    return new VirshFailure('timed_out', `${what}: no answer within ${limitMs} ms`, { cause });
  const words = wordsOf(stderr) || cause.message;
  return new VirshFailure(codeOf(words), `${what}: ${words}`, { cause });
}

/** What virsh wrote to stderr, without its prefix, on one line. */
export const wordsOf = (stderr: string): string =>
  stderr
    .split('\n')
    .map((line) => line.replace(/^error: /, '').trim())
    .filter((line) => line !== '')
    .join('; ');

export function codeOf(words: string): VirshFailureCode {
  if (
    /failed to connect to the hypervisor|End of file while reading data|client socket is closed/i.test(words)
  )
    return 'no_connection';
  if (/failed to get domain|Domain not found|domain is not running/i.test(words)) return 'no_domain';
  if (/no job is active|no (migration )?job|domain is not being migrated/i.test(words)) return 'no_job';
  return 'refused';
}

function linesOf(child: ChildProcess, onLine: (line: string) => void): void {
  let rest = '';
  child.stdout?.setEncoding('utf8');
  child.stdout?.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(-KEPT_TEXT_MAX);
    for (const line of lines) onLine(line);
  });
}

function endOf(child: ChildProcess): Promise<Exit> {
  let stderr = '';
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (text: string) => {
    stderr = (stderr + text).slice(-KEPT_TEXT_MAX);
  });
  return new Promise((resolve) => {
    child.once('error', ({ message }) => resolve({ exitCode: null, words: message }));
    child.once('close', (exitCode) => resolve({ exitCode, words: wordsOf(stderr) }));
  });
}
