/** The shape of error tables. */
import type { Version } from '../../versions.ts';

/** One OFPET_* of some versions with its codes. */
export interface ErrorRow {
  readonly versions: readonly Version[];
  readonly type: number;
  readonly name: string;
  /** Prefix of the code names. */
  readonly prefix: string;
  /** In order of their numbers; undefined where a number is not used. */
  readonly codes: readonly (string | undefined)[];
}

/** An error that somebody else defines: experimenter and number; before 1.2 its type and code. */
export interface ExtensionErrorRow {
  readonly versions: readonly Version[];
  readonly experimenter: number;
  readonly name: string;
  readonly number: number;
}

/** The names of codes in a text; `-` where a number is not used. */
export const codes = (text: string): readonly (string | undefined)[] =>
  text
    .trim()
    .split(/\s+/)
    .map((name) => (name === '-' ? undefined : name));
