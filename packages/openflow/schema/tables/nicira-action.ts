import { type Field, NICIRA, type UnionMember } from '../dsl.ts';
import { VERSIONS, type Version } from '../versions.ts';

/** Errors of bytes that must be zero: NXBRC_MUST_BE_ZERO, and what Open vSwitch 3.1 says in older actions. */
export const MUST_BE_ZERO = [NICIRA, 4] as const;
export const BAD_ARGUMENT = [2, 5] as const;

/** An action of Nicira; its fields begin after the subtype, 10 bytes from the beginning of the action. */
export const nicira = (
  type: string,
  subtype: number,
  doc: string,
  fields: readonly Field[],
  versions: readonly Version[] = VERSIONS,
): UnionMember => ({ type, code: 0xffff, versions, experimenter: { id: NICIRA, subtype }, doc, fields });
