/**
 * Flow formats: the ways to say a flow that Open vSwitch knows, as bits of a set. A field or an action takes those away
 * that cannot say it; the asked version must remain.
 */
import type { Version } from '../../versions.ts';

export const FORMAT = { of10: 1, nxm: 2, of11: 4, of12: 8, of13: 16, of14: 32, of15: 64 } as const;

const { of10, nxm, of11, of12, of13, of14, of15 } = FORMAT;
export const OF13_UP = of13 | of14 | of15;
export const OXM = of12 | OF13_UP;
export const OF11_UP = of11 | OXM;
/** The ones with fields as a list. */
export const FLEXIBLE = nxm | OXM;
export const NXM_OF11_UP = nxm | OF11_UP;
export const OF10_ANY = of10 | nxm;
export const ANY = OF10_ANY | OF11_UP;

const BIT: Readonly<Record<Version, number>> = {
  '1.0': OF10_ANY,
  '1.1': of11,
  '1.2': of12,
  '1.3': of13,
  '1.4': of14,
  '1.5': of15,
};

/** The formats of a version. */
export const formatsOf = (version: Version): number => BIT[version];

/** For messages to people. */
export function formatNames(formats: number): string {
  const names = ['1.0', '1.0 with Nicira match', '1.1', '1.2', '1.3', '1.4', '1.5'];
  return names.filter((_, bit) => (formats >> bit) & 1).join(', ') || 'none';
}

/** Narrows step by step; what stands here at the end can say all of it. */
export interface Usable {
  formats: number;
}
