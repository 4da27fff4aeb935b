/** What the verbs of `sluice lab guest` have in common. */
import { CliError, EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';

export interface LabOption {
  readonly lab?: string;
  readonly json?: boolean;
}

export type Reader = <T>(
  option: string,
  text: string | undefined,
  parse: (text: string) => T,
) => T | undefined;

/** Reads what was given and keeps every problem, so that all are told at once. */
export const reader =
  (problems: string[]): Reader =>
  (option, text, parse) => {
    try {
      return text === undefined ? undefined : parse(text);
    } catch (cause) {
      problems.push(`${option} ${text}: ${cause instanceof Error ? cause.message : String(cause)}`);
      return undefined;
    }
  };

export function needRoot(): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new CliError(EXIT.usage, 'Guests need root on Linux; run it through sudo.');
}

export function print<T>(
  io: Io,
  { json }: { readonly json?: boolean },
  value: T,
  asText: (value: T) => string,
): void {
  io.out(json ? `${JSON.stringify(value, null, 2)}\n` : asText(value));
}
