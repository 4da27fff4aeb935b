/** Files for OXM fields: types and the table of all of them, decoder and encoder of the basic class, one case a field. */
import type { OxmRow, OxmValueKind } from '../schema/tables/oxm/index.ts';
import { hex } from './names.ts';
import { HEADER } from './text.ts';

const TYPES: Readonly<Record<OxmValueKind, string>> = {
  number: 'number',
  u64: 'bigint',
  u128: 'bigint',
  mac: 'string',
  ipv4: 'string',
  ipv6: 'string',
  bytes: 'Uint8Array',
};

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
    '/**',
    ' * Conditions on a packet, in the words of OXM for every version. The order of keys is the order on the wire; the',
    ' * structures of 1.0 and 1.1 have an order of their own.',
    ' */',
    'export interface Match {',
    ...fields,
    '  /**',
    '   * 1.0 and 1.1: all bytes of a structure that says more than keys can, for example values of fields that it leaves',
    '   * out. It stands alone.',
    '   */',
    '  readonly ofp_match?: Uint8Array | undefined;',
    '  /**',
    '   * 1.0 and 1.1: the word of wildcards as it came, where the keys would give another that means the same (Open',
    '   * vSwitch leaves out an address by 32 bits, others by 63).',
    '   */',
    '  readonly ofp_wildcards?: number | undefined;',
    '  /** 1.1: the match travels as OXM (OFPMT_OXM) instead of in the structure of 1.1. */',
    '  readonly ofp_match_type?: 1 | undefined;',
    '  /** A field that no table names, under its OXM header (class, field, mask bit, length) with its bytes. */',
    `  readonly [header: \`0x\${string}\`]: Uint8Array | undefined;`,
    '}',
    '',
    "export { OXM_FIELDS, type OxmFieldInfo } from './match-fields.ts';",
    '',
  ].join('\n');
}

export function matchFieldsFile(rows: readonly OxmRow[]): string {
  return [
    HEADER,
    "import type { OxmName } from './match-types.ts';",
    '',
    '/** What the schema says of a field, for text forms and checks. */',
    'export interface OxmFieldInfo {',
    '  /** OFPXMC_* */',
    '  readonly oxmClass: number;',
    '  /** Who defined a field of class 0xffff. */',
    '  readonly experimenter?: number;',
    '  readonly number: number;',
    '  /** The type of the value: u64 and u128 are bigint, `bytes` has as many as the header says. */',
    `  readonly kind: ${Object.keys(TYPES)
      .map((kind) => `'${kind}'`)
      .join(' | ')};`,
    '  /** Bytes on the wire; at most so many for `bytes`. */',
    '  readonly size: number;',
    '  /** Bits that may be set. */',
    '  readonly bits: number;',
    '  readonly maskable: boolean;',
    '  /** What must be in the match as well. */',
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
  const { experimenter, requires } = row;
  const values = requires?.values?.map((value) => (value > 255 ? hex(value, 4) : value)).join(', ');
  const parts = [
    `oxmClass: ${hex(row.oxmClass, 4)}`,
    ...(experimenter === undefined ? [] : [`experimenter: ${hex(experimenter, 8)}`]),
    `number: ${row.number}`,
    `kind: '${row.kind}'`,
    `size: ${row.size}`,
    `bits: ${row.bits}`,
    `maskable: ${row.maskable !== false}`,
    ...(requires === undefined
      ? []
      : [`requires: { field: '${requires.field}'${values === undefined ? '' : `, values: [${values}]`} }`]),
  ];
  return `{ ${parts.join(', ')} }`;
}

const READ = { 1: 'view.getUint8', 2: 'view.getUint16', 4: 'view.getUint32' } as const;
const WRITE = { 1: 'view.setUint8', 2: 'view.setUint16', 4: 'view.setUint32' } as const;
const ADDRESS = { mac: 'Mac', ipv4: 'Ipv4', ipv6: 'Ipv6' } as const;

/** An expression that reads the value of a row. */
function reading(row: OxmRow, at: string): string {
  if (row.kind === 'u64') return `view.getBigUint64(${at})`;
  if (isAddress(row.kind)) return `read${ADDRESS[row.kind]}(view, ${at})`;
  if (row.size === 3) return `readU24(view, ${at})`;
  const plain = `${READ[row.size as 1 | 2 | 4]}(${at})`;
  return row.bits === row.size * 8
    ? plain
    : `atMost(${plain}, ${hex(2 ** row.bits - 1, 1)}, '${row.name}', ${at})`;
}

function writing(row: OxmRow, at: string, value: string): string {
  if (row.kind === 'u64') return `view.setBigUint64(${at}, u64(${value}, '${row.name}'));`;
  if (isAddress(row.kind)) return `write${ADDRESS[row.kind]}(view, ${at}, ${value});`;
  const checked = `fits(${value}, ${hex(2 ** row.bits - 1, 1)}, '${row.name}')`;
  if (row.size === 3) return `writeU24(view, ${at}, ${checked});`;
  return `${WRITE[row.size as 1 | 2 | 4]}(${at}, ${checked});`;
}

const isAddress = (kind: OxmValueKind): kind is keyof typeof ADDRESS => kind in ADDRESS;

const header = (row: OxmRow, masked: boolean): string =>
  hex(0x80000000 + row.number * 512 + (masked ? 256 + row.size * 2 : row.size), 8);

/** One case a number and mask bit, so the switch is dense. */
export function matchDecodeFile(rows: readonly OxmRow[]): string {
  const cases = rows.flatMap((row) => [
    `    case ${row.number * 2}:`,
    `      if (length !== ${row.size}) return false;`,
    `      into.${row.name} = ${reading(row, 'at')};`,
    '      return true;',
    ...(row.maskable === false
      ? []
      : [
          `    case ${row.number * 2 + 1}:`,
          `      if (length !== ${row.size * 2}) return false;`,
          `      into.${row.name} = { value: ${reading(row, 'at')}, mask: ${reading(row, `at + ${row.size}`)} };`,
          '      return true;',
        ]),
  ]);
  return [
    HEADER,
    "import { readIpv4, readIpv6, readMac } from '../runtime/addresses.ts';",
    "import { atMost, readU24 } from '../runtime/oxm-numbers.ts';",
    "import type { Match } from './match-types.ts';",
    '',
    'type Mutable<T> = { -readonly [K in keyof T]: T[K] };',
    '',
    '/**',
    ' * Reads the value of a field of class 0x8000 into `into`. `field` is its number times 2, plus 1 with a mask. False',
    ' * when nobody has named the number, or the length is not that of the field.',
    ' */',
    'export function decodeBasicField(into: Mutable<Match>, field: number, length: number, view: DataView, at: number): boolean {',
    '  switch (field) {',
    ...cases,
    '    default:',
    '      return false;',
    '  }',
    '}',
    '',
  ].join('\n');
}

export function matchEncodeFile(rows: readonly OxmRow[]): string {
  const cases = rows.flatMap((row) => [
    `    case ${row.number}: {`,
    ...writingLines(row).map((line) => `      ${line}`),
    '      return true;',
    '    }',
  ]);
  return [
    HEADER,
    "import { writeIpv4, writeIpv6, writeMac } from '../runtime/addresses.ts';",
    "import { u64 } from '../runtime/bounds.ts';",
    "import { fits, writeU24 } from '../runtime/oxm-numbers.ts';",
    "import type { Writer } from '../runtime/writer.ts';",
    "import type { Masked } from './match-types.ts';",
    '',
    '/** From the name of a basic field to its number: a switch over numbers is quicker than one over names. */',
    'const NUMBERS: ReadonlyMap<string, number> = new Map([',
    ...rows.map((row) => `  ['${row.name}', ${row.number}],`),
    ']);',
    '',
    '/** Writes header and value of a field of class 0x8000. False when the name is not one. */',
    'export function encodeBasicField(writer: Writer, name: string, given: unknown): boolean {',
    '  switch (NUMBERS.get(name)) {',
    ...cases,
    '    default:',
    '      return false;',
    '  }',
    '}',
    '',
  ].join('\n');
}

function writingLines(row: OxmRow): readonly string[] {
  const type = TYPES[row.kind];
  const plain = [
    `const at = writer.claim(${4 + row.size});`,
    'const view = writer.view;',
    `view.setUint32(at, ${header(row, false)});`,
    writing(row, 'at + 4', `given as ${type}`),
  ];
  if (row.maskable === false) return plain;
  return [
    "if (typeof given === 'object') {",
    `  const { value, mask } = given as Masked<${type}>;`,
    `  const at = writer.claim(${4 + row.size * 2});`,
    '  const view = writer.view;',
    `  view.setUint32(at, ${header(row, true)});`,
    `  ${writing(row, 'at + 4', 'value')}`,
    `  ${writing(row, `at + ${4 + row.size}`, 'mask')}`,
    '  return true;',
    '}',
    ...plain,
  ];
}
