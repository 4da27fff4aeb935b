/** `constants.ts` of a version: the specification's constants, and the names of errors. */
import { NICIRA, ONF } from '../schema/dsl.ts';
import { type ConstantGroup, constantGroups, singleConstants } from '../schema/tables/constants/index.ts';
import {
  EXPERIMENTER_ERROR,
  errorRows,
  extensionErrorRows,
  NICIRA_VENDOR_ERROR,
} from '../schema/tables/errors/index.ts';
import type { Version } from '../schema/versions.ts';
import { folderOf, hex } from './names.ts';
import { HEADER } from './text.ts';

/** What several versions share is written for the first of them in this order. */
const ORDER: readonly Version[] = ['1.3', '1.4', '1.5', '1.2', '1.1', '1.0'];

const number = (value: number): string => (value > 0xffff ? hex(value, 8) : `${value}`);

export function constantsFile(version: Version): string {
  const before = ORDER.slice(0, ORDER.indexOf(version)).map((other) => [other, piecesOf(other)] as const);
  const again = new Map<Version, string[]>();
  const own: string[] = [];
  for (const [name, text] of piecesOf(version)) {
    const twin = before.find(([, pieces]) => pieces.get(name) === text)?.[0];
    if (twin === undefined) own.push(text);
    else again.set(twin, [...(again.get(twin) ?? []), name]);
  }
  return [
    HEADER,
    ...[...again].map(
      ([other, names]) =>
        `export {\n${names.map((name) => `  ${name},\n`).join('')}} from '../${folderOf(other)}/constants.ts';\n\n`,
    ),
    ...own,
  ].join('');
}

/** Every exported name of a version with its text. */
function piecesOf(version: Version): ReadonlyMap<string, string> {
  const has = ({ versions }: { readonly versions: readonly Version[] }): boolean =>
    versions.includes(version);
  const pieces = new Map<string, string>();
  for (const { name, doc, value } of singleConstants.filter(has)) {
    pieces.set(name, `/** ${doc} */\nexport const ${name} = ${number(value)};\n\n`);
  }
  for (const group of [...constantGroups.filter(has), ...errorGroups(version)]) {
    if (pieces.has(group.name)) throw new Error(`${version} has two groups ${group.name}`);
    pieces.set(group.name, groupText(group));
  }
  pieces.set('ERROR_NAMES', errorNames(version));
  pieces.set('EXTENSION_ERROR_NAMES', extensionErrorNames(version));
  return pieces;
}

const groupText = ({ name, doc, values }: Omit<ConstantGroup, 'versions'>): string =>
  [
    `/** ${doc} */`,
    `export const ${name} = {`,
    ...Object.entries(values).map(([key, value]) => `  ${key}: ${number(value)},`),
    '} as const;',
    '',
    '',
  ].join('\n');

const errorsOf = (version: Version) => errorRows.filter(({ versions }) => versions.includes(version));

function errorGroups(version: Version): readonly Omit<ConstantGroup, 'versions'>[] {
  const rows = errorsOf(version);
  const vendor = EXPERIMENTER_ERROR.versions.includes(version)
    ? { EXPERIMENTER: EXPERIMENTER_ERROR.type }
    : { NX_VENDOR: NICIRA_VENDOR_ERROR.type };
  const types = { ...Object.fromEntries(rows.map((row) => [row.name, row.type])), ...vendor };
  return [
    { name: 'OFPET', doc: 'Error types.', values: types },
    ...rows.map((row) => ({
      name: row.prefix,
      doc: `Codes of OFPET.${row.name}.`,
      values: Object.fromEntries(
        row.codes.flatMap((code, index) => (code === undefined ? [] : [[code, index] as const])),
      ),
    })),
  ];
}

const errorNames = (version: Version): string =>
  [
    '/** Names of errors by type, then code. */\n',
    'export const ERROR_NAMES: Readonly<Record<number, Readonly<Record<number, string>>>> = {\n',
    ...errorsOf(version).map((row) => {
      const lines = row.codes.flatMap((code, index) =>
        code === undefined ? [] : [`    ${index}: '${row.prefix}_${code}',\n`],
      );
      return `  ${row.type}: {\n${lines.join('')}  },\n`;
    }),
    '};\n\n',
  ].join('');

function extensionErrorNames(version: Version): string {
  const rows = extensionErrorRows.filter(({ versions }) => versions.includes(version));
  return [
    '/**\n * Names of errors that an experimenter defines, by its id, then by the number that OFPET_EXPERIMENTER has in the place',
    '\n * of a code. Before 1.2: type * 0x10000 + code, which Open vSwitch sends in an error of the type NX_VENDOR.\n */\n',
    'export const EXTENSION_ERROR_NAMES: Readonly<Record<number, Readonly<Record<number, string>>>> = {\n',
    ...[NICIRA, ONF].map((id) => {
      const lines = rows
        .filter(({ experimenter }) => experimenter === id)
        .map((row) => `    ${number(row.number)}: '${row.name}',\n`);
      return `  ${hex(id, 8)}: {\n${lines.join('')}  },\n`;
    }),
    '};\n',
  ].join('');
}
