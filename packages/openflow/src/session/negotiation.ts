/** Which version two sides speak, OpenFlow 1.3.1 §6.3.1: by bitmap when there is one, else the smaller number. */
import type { Hello } from '../generated/of13/index.ts';
import { VERSIONS, type Version, wireVersion } from '../versions.ts';

export interface Verdict {
  /** The number on the wire, or undefined when there is none in common. */
  readonly agreed: number | undefined;
  /** What the peer says that it speaks, for people to read. */
  readonly peer: string;
}

/** `mine` is sorted; `version` stands in the header of the peer's hello. */
export function agreedVersion(mine: readonly Version[], { elements }: Hello, version: number): Verdict {
  const bitmap = elements.find((element) => element.type === 'version_bitmap');
  const theirs =
    bitmap?.type === 'version_bitmap' && bitmap.versions.length > 0 ? bitmap.versions : undefined;
  const wires = mine.map(wireVersion);
  if (theirs !== undefined) {
    return {
      agreed: wires.findLast((wire) => theirs.includes(wire)),
      peer: `wire versions ${theirs.join(', ')}`,
    };
  }
  // Without a bitmap each side takes the smaller of the two highest, and has to speak it.
  const smaller = Math.min(version, wires.at(-1) ?? 0);
  return { agreed: wires.includes(smaller) ? smaller : undefined, peer: `up to wire version ${version}` };
}

/** What is spoken when nobody says otherwise. */
const DEFAULT_VERSIONS: readonly Version[] = ['1.3'];

/** The versions of an option, from old to new. */
export const versionsOf = (wanted: readonly Version[] = DEFAULT_VERSIONS): readonly Version[] =>
  VERSIONS.filter((version) => wanted.includes(version));

/** Refuses an empty list and what is no version. */
export function checkVersions(wanted: readonly Version[] = DEFAULT_VERSIONS): void {
  const strange = wanted.filter((version) => !VERSIONS.includes(version));
  if (strange.length > 0 || wanted.length === 0) {
    const said = wanted.length === 0 ? 'none' : strange.join(', ');
    throw new Error(`versions: ${said} given, choose from ${VERSIONS.join(', ')}`);
  }
}
