/** The shape of constant tables: a group has a name in the specification, and values that may differ by version. */
import { VERSIONS, type Version } from '../../versions.ts';

export interface ConstantGroup {
  readonly versions: readonly Version[];
  readonly name: string;
  readonly doc: string;
  readonly values: Readonly<Record<string, number>>;
}

type Values = Readonly<Record<string, number>>;

/** A group with the same values in some versions, all unless told. */
export const group = (
  name: string,
  doc: string,
  values: Values,
  versions: readonly Version[] = VERSIONS,
): readonly ConstantGroup[] => [{ versions, name, doc, values }];

/** A group whose values differ. */
export const groups = (
  name: string,
  doc: string,
  variants: readonly (readonly [versions: readonly Version[], values: Values])[],
): readonly ConstantGroup[] => variants.map(([versions, values]) => ({ versions, name, doc, values }));

/** Names numbered from 0. */
export const sequence = (...names: string[]): Record<string, number> =>
  Object.fromEntries(names.map((name, index) => [name, index]));
/** Names of bits from the lowest. */
export const bits = (...names: string[]): Record<string, number> =>
  Object.fromEntries(names.map((name, index) => [name, 2 ** index]));
