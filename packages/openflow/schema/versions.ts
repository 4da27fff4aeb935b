/** The versions of the protocol, and words for ranges of them. */

/** A version as people write it. On the wire 1.0 is 1 and 1.5 is 6. */
export type Version = '1.0' | '1.1' | '1.2' | '1.3' | '1.4' | '1.5';

export const VERSIONS: readonly Version[] = ['1.0', '1.1', '1.2', '1.3', '1.4', '1.5'];

export const wireVersion = (version: Version): number => VERSIONS.indexOf(version) + 1;

/** All versions from `first` to `last`, both included. */
export const between = (first: Version, last: Version): readonly Version[] =>
  VERSIONS.slice(VERSIONS.indexOf(first), VERSIONS.indexOf(last) + 1);
export const from = (first: Version): readonly Version[] => between(first, '1.5');
export const upTo = (last: Version): readonly Version[] => between('1.0', last);
export const only = (version: Version): readonly Version[] => [version];
