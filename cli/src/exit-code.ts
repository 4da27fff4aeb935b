/** What the process ends with. Documented in the README; scripts depend on it. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  refused: 4,
  unreachable: 6,
  timedOut: 124,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An end that is not a bug: a sentence for people, a code for scripts, the API's document when there is one. */
export class CliError extends Error {
  override readonly name = 'CliError';
  constructor(
    readonly exitCode: ExitCode,
    message: string,
    readonly problem: Readonly<Record<string, unknown>> | null = null,
  ) {
    super(message);
  }
}
