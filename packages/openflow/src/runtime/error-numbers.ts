/**
 * The numbers of errors in each version. Inside this library an error is known by its neutral pair: type and code of 1.5, for
 * what table features have in 1.3 alone those of 1.3, and [experimenter, number since 1.2] for an error that an experimenter
 * defines. `errorIn` says how a version writes it, as Open vSwitch 3.1 answers.
 */
import {
  EXTENSION_ERROR_NAMES as EXTENSIONS_10,
  ERROR_NAMES as NAMES_10,
} from '../generated/of10/constants.ts';
import {
  EXTENSION_ERROR_NAMES as EXTENSIONS_11,
  ERROR_NAMES as NAMES_11,
} from '../generated/of11/constants.ts';
import {
  EXTENSION_ERROR_NAMES as EXTENSIONS_12,
  ERROR_NAMES as NAMES_12,
} from '../generated/of12/constants.ts';
import {
  EXTENSION_ERROR_NAMES as EXTENSIONS_13,
  ERROR_NAMES as NAMES_13,
} from '../generated/of13/constants.ts';
import {
  EXTENSION_ERROR_NAMES as EXTENSIONS_14,
  ERROR_NAMES as NAMES_14,
} from '../generated/of14/constants.ts';
import {
  EXTENSION_ERROR_NAMES as EXTENSIONS_15,
  ERROR_NAMES as NAMES_15,
} from '../generated/of15/constants.ts';
import type { Version } from '../versions.ts';

export type ErrorPair = readonly [ofType: number, ofCode: number];

/** An error as one version writes it. */
export interface WireError {
  /** As this version calls it. */
  readonly name: string;
  readonly ofType: number;
  readonly ofCode: number;
  /** Who defines the error, when the specification does not. */
  readonly experimenter?: number;
  /** Its number there; before 1.2 type * 0x10000 + code. */
  readonly expCode?: number;
}

type Names = Readonly<Record<number, Readonly<Record<number, string>>>>;
interface Tables {
  readonly standard: Names;
  readonly extensions: Names;
}

const TABLES: Readonly<Record<Version, Tables>> = {
  '1.0': { standard: NAMES_10, extensions: EXTENSIONS_10 },
  '1.1': { standard: NAMES_11, extensions: EXTENSIONS_11 },
  '1.2': { standard: NAMES_12, extensions: EXTENSIONS_12 },
  '1.3': { standard: NAMES_13, extensions: EXTENSIONS_13 },
  '1.4': { standard: NAMES_14, extensions: EXTENSIONS_14 },
  '1.5': { standard: NAMES_15, extensions: EXTENSIONS_15 },
};

/** OFPET_EXPERIMENTER, from 1.2 on. */
export const EXPERIMENTER_ERROR = 0xffff;
/** Open vSwitch's type for the same before 1.2. */
export const VENDOR_ERROR = 0xb0c2;
export const UNENCODABLE = 'NXBRC_UNENCODABLE_ERROR';

export const standardErrorName = (version: Version, ofType: number, ofCode: number): string | undefined =>
  TABLES[version].standard[ofType]?.[ofCode];

export const extensionErrorName = (
  version: Version,
  experimenter: number,
  expCode: number,
): string | undefined => TABLES[version].extensions[experimenter]?.[expCode];

/** The name of a neutral pair; undefined for one that nobody has named. */
export function neutralName([ofType, ofCode]: ErrorPair): string | undefined {
  return (
    standardErrorName('1.5', ofType, ofCode) ??
    standardErrorName('1.3', ofType, ofCode) ??
    extensionErrorName('1.5', ofType, ofCode) ??
    extensionErrorName('1.3', ofType, ofCode)
  );
}

/** What versions call differently, as 1.5 calls it. */
const SAME: Readonly<Record<string, string>> = {
  OFPBRC_BAD_STAT: 'OFPBRC_BAD_MULTIPART',
  OFPBRC_BAD_VENDOR: 'OFPBRC_BAD_EXPERIMENTER',
  OFPBRC_BAD_SUBTYPE: 'OFPBRC_BAD_EXP_TYPE',
  OFPBAC_BAD_VENDOR: 'OFPBAC_BAD_EXPERIMENTER',
  OFPBAC_BAD_VENDOR_TYPE: 'OFPBAC_BAD_EXP_TYPE',
  OFPBAC_BAD_EXPERIMENTER_TYPE: 'OFPBAC_BAD_EXP_TYPE',
  OFPBIC_UNSUP_EXP_INST: 'OFPBIC_BAD_EXPERIMENTER',
  OFPFMFC_ALL_TABLES_FULL: 'OFPFMFC_TABLE_FULL',
  OFPTFFC_BAD_TYPE: 'OFPBPC_BAD_TYPE',
  OFPTFFC_BAD_LEN: 'OFPBPC_BAD_LEN',
  OFPTFFC_BAD_ARGUMENT: 'OFPBPC_BAD_VALUE',
};
const sameName = (name: string): string => SAME[name] ?? name;

/** What a version without an error says instead. */
const INSTEAD: Readonly<Record<string, string>> = {
  OFPBRC_IS_SLAVE: 'OFPBRC_EPERM',
  OFPBIC_BAD_EXP_TYPE: 'OFPBIC_BAD_EXPERIMENTER',
};

/** How `version` writes an error; one that it cannot say is Nicira's UNENCODABLE_ERROR there. */
export function errorIn(version: Version, name: string): WireError {
  const known = errorsByName(version);
  const wanted = sameName(name);
  const found = known.get(wanted) ?? known.get(INSTEAD[wanted] ?? '') ?? known.get(UNENCODABLE);
  if (found === undefined) throw new Error(`OpenFlow ${version} has no errors`);
  return found;
}

const byVersion = new Map<Version, ReadonlyMap<string, WireError>>();

function errorsByName(version: Version): ReadonlyMap<string, WireError> {
  const known = byVersion.get(version);
  if (known !== undefined) return known;
  const { standard, extensions } = TABLES[version];
  const errors = new Map<string, WireError>();
  for (const [ofType, ofCode, name] of entriesOf(standard))
    errors.set(sameName(name), { name, ofType, ofCode });
  for (const [experimenter, expCode, name] of entriesOf(extensions)) {
    if (errors.has(sameName(name))) continue;
    errors.set(sameName(name), { name, ...extensionPair(version, expCode), experimenter, expCode });
  }
  byVersion.set(version, errors);
  return errors;
}

const entriesOf = (names: Names): readonly (readonly [number, number, string])[] =>
  Object.entries(names).flatMap(([outer, codes]) =>
    Object.entries(codes).map(([inner, name]) => [Number(outer), Number(inner), name] as const),
  );

export const hasVendorErrors = (version: Version): boolean => version === '1.0' || version === '1.1';

const extensionPair = (
  version: Version,
  expCode: number,
): { readonly ofType: number; readonly ofCode: number } =>
  hasVendorErrors(version)
    ? { ofType: VENDOR_ERROR, ofCode: 0 }
    : { ofType: EXPERIMENTER_ERROR, ofCode: expCode };
