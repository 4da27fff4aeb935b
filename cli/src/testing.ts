/** Runs commands in the test's own process and keeps what they wrote. */
import type { Io } from './io.ts';
import { runCli } from './program.ts';

export interface CliRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly isTerminal?: boolean;
  /** Ctrl-C. */
  readonly signal?: AbortSignal;
  readonly onError?: (text: string) => void;
}

export async function run(args: readonly string[], options: RunOptions = {}): Promise<CliRun> {
  let stdout = '';
  let stderr = '';
  const io: Io = {
    out: (text) => {
      stdout += text;
    },
    err: (text) => {
      stderr += text;
      options.onError?.(text);
    },
    isTerminal: options.isTerminal ?? false,
    color: false,
    env: options.env ?? {},
    signal: options.signal ?? new AbortController().signal,
  };
  const exitCode = await runCli(args, io);
  return { exitCode, stdout, stderr };
}
