/** What the models of many migrations over named links have in common: how links and paths are written. */
import { type BitsPerSec, bitsPerSec } from '@sluice/units';
import type { LinkUse } from '../../allocation/problem.ts';
import type { ParameterProblem } from '../model.ts';

export interface NamedLink {
  readonly name: string;
  readonly capacity: BitsPerSec;
}

/** `name:capacity` in Mbit/s. */
export function readLink(item: string): NamedLink | null {
  const [, name, capacity] = /^([^:@/+]+):([^:@/+]+)$/.exec(item) ?? [];
  const rate = megabits(capacity);
  return name === undefined || rate === null ? null : { name, capacity: rate };
}

/** A number of Mbit/s from 0 up; null for anything else. */
export function megabits(text: string | undefined): BitsPerSec | null {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) && value >= 0 && value <= RATE_MAX ? bitsPerSec(value * 1e6) : null;
}
/** In Mbit/s: more than any link carries. */
const RATE_MAX = 1e7;

/** Names of links joined by `+`; null when one is empty or comes twice. */
export function readPath(text: string): readonly string[] | null {
  const names = text.split('+');
  return names.every((name) => name !== '') && new Set(names).size === names.length ? names : null;
}

/** Every link of these paths must be there. */
export const unknownLinks = (
  parameter: string,
  links: readonly NamedLink[],
  paths: readonly (readonly string[])[],
): readonly ParameterProblem[] => {
  const known = links.map(({ name }) => name);
  const strange = new Set(paths.flat().filter((name) => !known.includes(name)));
  return [...strange].map((name) => ({
    parameter,
    message: `there is no link ${name}: give one of ${known.join(', ')}`,
  }));
};

/** All of the rate crosses each link. */
export const usesOf = (links: readonly NamedLink[], path: readonly string[]): readonly LinkUse[] =>
  path.map((name) => ({ link: links.findIndex((link) => link.name === name), share: 1 }));

/** In Mbit/s, to the bit/s. */
export const inMegabits = (rate: number): number => Math.round(rate) / 1e6;
