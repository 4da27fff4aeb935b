/** Files for OXM fields: types, decoder and encoder, one case a field. */
import type { OxmRow } from '../schema/tables/oxm.ts';
import { hex } from './names.ts';
import { HEADER } from './text.ts';

const TYPES = { number: 'number', u64: 'bigint', mac: 'string', ipv4: 'string', ipv6: 'string' } as const;
const header = (row: OxmRow, masked: boolean): string =>
  hex(0x80000000 + row.number * 512 + (masked ? 256 + row.size * 2 : row.size), 8);

export function matchTypesFile(rows: readonly OxmRow[]): string {
  const fields = rows.flatMap((row) => {
    const type = TYPES[row.kind];
    const masked = row.maskable === false ? '' : ` | Masked<${type}>`;
    return [`  /** ${row.doc} */`, `  readonly ${row.name}?: ${type}${masked} | undefined;`];
  });
  return [
    HEADER,
    '/** A value of which only the bits in `mask` count. */',
    'export interface Masked<T> {',
    '  readonly value: T;',
    '  readonly mask: T;',
    '}',
    '',
    '/** The plain value of each OXM field. */',
    'export interface OxmValues {',
    ...rows.map((row) => `  readonly ${row.name}: ${TYPES[row.kind]};`),
    '}',
    '',
    'export type OxmName = keyof OxmValues;',
    '',
    '/** Conditions on a packet, OpenFlow 1.3.0 §A.2.3. The order of keys is the order on the wire. */',
    'export interface Match {',
    ...fields,
    '  /** A field that this version does not name, under its OXM header (class, field, mask bit, length) with its bytes. */',
    `  readonly [header: \`0x\${string}\`]: Uint8Array | undefined;`,
    '}',
    '',
    '/** The rows of the schema, for text forms and checks. */',
    'export interface OxmFieldInfo {',
    '  readonly number: number;',
    "  readonly kind: 'number' | 'u64' | 'mac' | 'ipv4' | 'ipv6';",
    '  readonly size: number;',
    '  readonly bits: number;',
    '  readonly maskable: boolean;',
    '  readonly requires?: { readonly field: OxmName; readonly values?: readonly number[] };',
    '}',
    '',
    'export const OXM_FIELDS: Readonly<Record<OxmName, OxmFieldInfo>> = {',
    ...rows.map((row) => `  ${row.name}: ${infoText(row)},`),
    '};',
    '',
  ].join('\n');
}

function infoText(row: OxmRow): string {
  const requires =
    row.requires === undefined
      ? ''
      : `, requires: { field: '${row.requires.field}'${
          row.requires.values === undefined
            ? ''
            : `, values: [${row.requires.values.map((value) => (value > 255 ? hex(value, 4) : value)).join(', ')}]`
        } }`;
  return `{ number: ${row.number}, kind: '${row.kind}', size: ${row.size}, bits: ${row.bits}, maskable: ${row.maskable !== false}${requires} }`;
}

const READ = { 1: 'view.getUint8', 2: 'view.getUint16', 4: 'view.getUint32' } as const;
const WRITE = { 1: 'view.setUint8', 2: 'view.setUint16', 4: 'view.setUint32' } as const;
const ADDRESS = { mac: 'Mac', ipv4: 'Ipv4', ipv6: 'Ipv6' } as const;

/** An expression that reads the value of a row. */
function reading(row: OxmRow, at: string): string {
  if (row.kind === 'u64') return `view.getBigUint64(${at})`;
  if (row.kind !== 'number') return `read${ADDRESS[row.kind]}(view, ${at})`;
  if (row.size === 3) return `readU24(view, ${at})`;
  const plain = `${READ[row.size as 1 | 2 | 4]}(${at})`;
  return row.bits === row.size * 8
    ? plain
    : `atMost(${plain}, ${hex(2 ** row.bits - 1, 1)}, '${row.name}', ${at})`;
}

function writing(row: OxmRow, at: string, value: string): string {
  if (row.kind === 'u64') return `view.setBigUint64(${at}, u64(${value}, '${row.name}'));`;
  if (row.kind !== 'number') return `write${ADDRESS[row.kind]}(view, ${at}, ${value});`;
  const checked = `fits(${value}, ${hex(2 ** row.bits - 1, 1)}, '${row.name}')`;
  if (row.size === 3) return `writeU24(view, ${at}, ${checked});`;
  return `${WRITE[row.size as 1 | 2 | 4]}(${at}, ${checked});`;
}

export function matchDecodeFile(rows: readonly OxmRow[]): string {
  if (rows.some((row, index) => row.number !== index))
    throw new Error('the rows stand in order of their numbers');
  const cases = rows.flatMap((row) => [
    `    case ${header(row, false)}:`,
    `      into.${row.name} = ${reading(row, 'at')};`,
    `      return '${row.name}';`,
    ...(row.maskable === false
      ? []
      : [
          `    case ${header(row, true)}:`,
          `      into.${row.name} = { value: ${reading(row, 'at')}, mask: ${reading(row, `at + ${row.size}`)} };`,
          `      return '${row.name}';`,
        ]),
  ]);
  return [
    HEADER,
    "import { readIpv4, readIpv6, readMac } from '../runtime/addresses.ts';",
    "import { atMost, readU24 } from '../runtime/oxm-numbers.ts';",
    "import type { Match, OxmName } from './match-types.ts';",
    '',
    'type Mutable<T> = { -readonly [K in keyof T]: T[K] };',
    '',
    'const NAMES: readonly (OxmName | undefined)[] = [',
    ...rows.map((row) => `  '${row.name}',`),
    '];',
    '',
    '/** The name of the basic field of this number. */',
    'export const basicFieldName = (field: number): OxmName | undefined => NAMES[field];',
    '',
    '/**',
    ' * Reads the value of the field with this OXM header into `into`, and names it. Undefined when the header is not',
    ' * one of the basic fields with its right length.',
    ' */',
    'export function decodeBasicField(into: Mutable<Match>, header: number, view: DataView, at: number): OxmName | undefined {',
    '  switch (header) {',
    ...cases,
    '    default:',
    '      return undefined;',
    '  }',
    '}',
    '',
  ].join('\n');
}

export function matchEncodeFile(rows: readonly OxmRow[]): string {
  const cases = rows.flatMap((row) => {
    const type = TYPES[row.kind];
    const plain = [
      `const at = writer.claim(${4 + row.size});`,
      'const view = writer.view;',
      `view.setUint32(at, ${header(row, false)});`,
    ];
    if (row.maskable === false) {
      const body = [...plain, writing(row, 'at + 4', `given as ${type}`)];
      return [
        `    case '${row.name}': {`,
        ...body.map((line) => `      ${line}`),
        '      return true;',
        '    }',
      ];
    }
    return [
      `    case '${row.name}': {`,
      "      if (typeof given === 'object') {",
      `        const { value, mask } = given as Masked<${type}>;`,
      `        const at = writer.claim(${4 + row.size * 2});`,
      '        const view = writer.view;',
      `        view.setUint32(at, ${header(row, true)});`,
      `        ${writing(row, 'at + 4', 'value')}`,
      `        ${writing(row, `at + ${4 + row.size}`, 'mask')}`,
      '        return true;',
      '      }',
      ...plain.map((line) => `      ${line}`),
      `      ${writing(row, 'at + 4', `given as ${type}`)}`,
      '      return true;',
      '    }',
    ];
  });
  return [
    HEADER,
    "import { writeIpv4, writeIpv6, writeMac } from '../runtime/addresses.ts';",
    "import { u64 } from '../runtime/bounds.ts';",
    "import { fits, writeU24 } from '../runtime/oxm-numbers.ts';",
    "import type { Writer } from '../runtime/writer.ts';",
    "import type { Masked } from './match-types.ts';",
    '',
    '/** Writes header and value of a basic field. False when the name is not one. */',
    'export function encodeBasicField(writer: Writer, name: string, given: unknown): boolean {',
    '  switch (name) {',
    ...cases,
    '    default:',
    '      return false;',
    '  }',
    '}',
    '',
  ].join('\n');
}
