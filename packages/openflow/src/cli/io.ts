/** What the command reads and writes, so that it can be run without a process. */

export interface Io {
  readonly stdin: AsyncIterable<string>;
  /** Resolves when more may be written. */
  readonly write: (text: string) => Promise<void> | undefined;
  readonly complain: (text: string) => void;
}

export const EXIT = { ok: 0, failure: 1, usage: 2 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The command was called wrongly; the message says how. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command was called rightly and cannot be done. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
}
