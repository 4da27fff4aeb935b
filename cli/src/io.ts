/** Where a command writes and what it may know of its surroundings; tests give it their own. */
import type { Command } from 'commander';

export interface Io {
  /** Data. */
  out(text: string): void;
  /** Narration, progress, errors. */
  err(text: string): void;
  /** Whether narration goes to a terminal: only there a line may be drawn over. */
  readonly isTerminal: boolean;
  readonly color: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the user presses Ctrl-C. */
  readonly signal: AbortSignal;
}

export function processIo(): Io {
  const { env, stdout, stderr } = process;
  let interrupted: AbortController | null = null;
  return {
    out: (text) => stdout.write(text),
    err: (text) => stderr.write(text),
    isTerminal: stderr.isTTY === true,
    color: !env.NO_COLOR && env.TERM !== 'dumb' && stdout.isTTY === true,
    env,
    // Only a command that asks for it takes Ctrl-C into its own hands; for the others it ends the process.
    get signal() {
      interrupted ??= abortedBySigint();
      return interrupted.signal;
    },
  };
}

function abortedBySigint(): AbortController {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  return controller;
}

const ios = new WeakMap<Command, Io>();

export const attachIo = (program: Command, io: Io): void => {
  ios.set(program, io);
};

export function ioOf(command: Command): Io {
  for (let at: Command | null = command; at; at = at.parent) {
    const io = ios.get(at);
    if (io) return io;
  }
  throw new Error('broken promise: every program has its io');
}
