/**
 * OXM headers: u16 class, 7 bits number, 1 bit mask, u8 length. From a header to the field it names, and back. The length
 * counts what follows: experimenter, value, mask.
 */
import { OXM_FIELDS, type OxmFieldInfo } from '../generated/match-fields.ts';
import type { OxmName } from '../generated/match-types.ts';

export const CLASS_BASIC = 0x8000;
export const CLASS_EXPERIMENTER = 0xffff;
export const MASK_BIT = 0x100;
const EXPERIMENTER_BYTES = 4;

export interface NamedField extends OxmFieldInfo {
  readonly name: OxmName;
}

const FIELDS = Object.entries(OXM_FIELDS).map(
  ([name, info]): NamedField => ({ name: name as OxmName, ...info }),
);

const headerBytes = (field: OxmFieldInfo): number =>
  field.size + (field.experimenter === undefined ? 0 : EXPERIMENTER_BYTES);

const headerOf = (field: OxmFieldInfo): number =>
  ((field.oxmClass << 16) | (field.number << 9) | headerBytes(field)) >>> 0;

/** Signed, because small integers are quicker keys than large ones. */
const key = (header: number): number => header | 0;

const BY_HEADER: ReadonlyMap<number, NamedField> = new Map(
  FIELDS.filter((field) => field.experimenter === undefined).map((field) => [key(headerOf(field)), field]),
);
const BY_EXPERIMENTER: ReadonlyMap<number, ReadonlyMap<number, NamedField>> = new Map(
  [...new Set(FIELDS.flatMap(({ experimenter }) => (experimenter === undefined ? [] : [experimenter])))].map(
    (id) => [
      id,
      new Map(
        FIELDS.filter((field) => field.experimenter === id).map((field) => [key(headerOf(field)), field]),
      ),
    ],
  ),
);
/** Fields of any length, by header without mask bit and length. */
const BY_NUMBER: ReadonlyMap<number, NamedField> = new Map(
  FIELDS.filter(({ kind }) => kind === 'bytes').map((field) => [key(headerOf(field) & ~0xff), field]),
);

/** The field of a header without mask; for class 0xffff the experimenter decides as well. */
export function fieldOfHeader(header: number, experimenter?: number): NamedField | undefined {
  if (experimenter !== undefined) return BY_EXPERIMENTER.get(experimenter)?.get(key(header));
  return BY_HEADER.get(key(header));
}

/**
 * The field of a header in front of a value: with or without mask, and of any length where the field may have any. A
 * mask has the length of the value, whether the field takes one or not.
 */
export function fieldOfValue(header: number, experimenter?: number): NamedField | undefined {
  const variable = BY_NUMBER.get(key(header & ~0x1ff));
  if (variable !== undefined) return variable;
  if ((header & MASK_BIT) === 0) return fieldOfHeader(header, experimenter);
  const before = experimenter === undefined ? 0 : EXPERIMENTER_BYTES;
  const both = (header & 0xff) - before;
  return both % 2 === 0 ? fieldOfHeader((header & ~0x1ff) | (before + both / 2), experimenter) : undefined;
}

/** The name of the field with this header, without mask bit; that of a field of any length has its longest. */
export const oxmNameOf = (header: number, experimenter?: number): OxmName | undefined =>
  fieldOfHeader(header, experimenter)?.name;

/** The header of a field, without mask bit. */
export function oxmHeaderOf(name: string): number | undefined {
  return Object.hasOwn(OXM_FIELDS, name) ? headerOf(OXM_FIELDS[name as OxmName]) : undefined;
}

/** Who defined a field of class 0xffff. */
export const oxmExperimenterOf = (name: string): number | undefined =>
  Object.hasOwn(OXM_FIELDS, name) ? OXM_FIELDS[name as OxmName].experimenter : undefined;
