/** Runs one short command to its end. Arguments are a list, so no shell ever reads a name from a file. */
import { execFile } from 'node:child_process';
import { LabFailure } from './lab-failure.ts';

/** A command of the lab takes milliseconds; one that takes this long hangs. */
const COMMAND_TIMEOUT_MS = 20_000;
const OUTPUT_MAX_BYTES = 8 * 1024 * 1024;

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** Text for its standard input. */
  readonly input?: string;
  readonly cwd?: string;
}

/** Standard output of the command; throws LabFailure `command_failed` when it does not end with 0. */
export function run(command: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      [...args],
      {
        env: { ...process.env, LC_ALL: 'C', ...options.env },
        timeout: options.timeoutMs ?? COMMAND_TIMEOUT_MS,
        killSignal: 'SIGKILL',
        maxBuffer: OUTPUT_MAX_BYTES,
        cwd: options.cwd,
      },
      (error, stdout, stderr) => {
        if (error === null) return resolve(stdout);
        const exitCode = typeof error.code === 'number' ? error.code : -1;
        const output = stderr.trim() === '' ? error.message : stderr;
        const line = [command, ...args].join(' ');
        reject(new LabFailure({ code: 'command_failed', command: line, exitCode, output }, { cause: error }));
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input ?? '');
  });
}

/** Like `run`, but an error is an empty answer: for looking at things that may not exist. */
export const runOrEmpty = (command: string, args: readonly string[]): Promise<string> =>
  run(command, args).catch(() => '');
