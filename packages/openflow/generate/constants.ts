/** `constants.ts`: the specification's constants, and the names of errors. */

import { constantGroups, singleConstants } from '../schema/tables/constants.ts';
import { EXPERIMENTER_ERROR, errorRows } from '../schema/tables/errors.ts';
import type { Version } from '../schema/versions.ts';
import { hex } from './names.ts';
import { HEADER } from './text.ts';

const group = (name: string, doc: string, values: Readonly<Record<string, number>>): string =>
  [
    `/** ${doc} */`,
    `export const ${name} = {`,
    ...Object.entries(values).map(([key, value]) => `  ${key}: ${value > 0xffff ? hex(value, 8) : value},`),
    '} as const;',
    '',
    '',
  ].join('\n');

export function constantsFile(_version: Version): string {
  const types = Object.fromEntries(errorRows.map((row) => [row.name, row.type]));
  return [
    HEADER,
    ...Object.entries(singleConstants).map(
      ([name, { doc, value }]) =>
        `/** ${doc} */\nexport const ${name} = ${value > 0xffff ? hex(value, 8) : value};\n\n`,
    ),
    ...Object.entries(constantGroups).map(([name, { doc, values }]) => group(name, doc, values)),
    group('OFPET', 'Error types.', { ...types, EXPERIMENTER: EXPERIMENTER_ERROR }),
    ...errorRows.map((row) =>
      group(
        row.prefix,
        `Codes of OFPET.${row.name}.`,
        Object.fromEntries(row.codes.map((code, i) => [code, i])),
      ),
    ),
    '/** Names of errors by type, then code. */\n',
    'export const ERROR_NAMES: Readonly<Record<number, readonly string[]>> = {\n',
    ...errorRows.map(
      (row) =>
        `  ${row.type}: [\n${row.codes.map((code) => `    '${row.prefix}_${code}',\n`).join('')}  ],\n`,
    ),
    '};\n',
  ].join('');
}
