import { type Field, NICIRA, type UnionMember } from '../dsl.ts';
import { VERSIONS, type Version } from '../versions.ts';

/** An action of Nicira; its fields begin after the subtype, 10 bytes from the beginning of the action. */
export const nicira = (
  type: string,
  subtype: number,
  doc: string,
  fields: readonly Field[],
  versions: readonly Version[] = VERSIONS,
): UnionMember => ({ type, code: 0xffff, versions, experimenter: { id: NICIRA, subtype }, doc, fields });
