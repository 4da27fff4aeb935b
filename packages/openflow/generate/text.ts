/** Pieces of generated text that several generators share: imports, interfaces, builders. */
import type { Version } from '../schema/versions.ts';
import type { Property } from './fields.ts';
import type { Layout } from './layout.ts';
import { camel, kebab, pascal } from './names.ts';

export const HEADER = '// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.\n';

/** A path that is known only when it is clear in which version's folder the file stands. */
export const at = (folder: 'elements' | 'messages', tag: string): string => `@{${folder}/${kebab(tag)}.ts}`;

const RUNTIME = '../../../runtime';
const FILES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'bounds.ts': [
      'need',
      'exactly',
      'paddingOnly',
      'multipleOf',
      'zeroOnly',
      'bytesOf',
      'u8',
      'u16',
      'u32',
      'u64',
      'readText',
      'writeText',
    ],
    'addresses.ts': ['Mac', 'Dpid', 'Ipv4', 'Ipv6'].flatMap((name) => [`read${name}`, `write${name}`]),
    'list.ts': ['decodeList', 'encodeList', 'endOfElement', 'ELEMENT', 'ElementKind'],
    'bitmap.ts': ['decodeBitmap', 'encodeBitmap'],
    'numbers.ts': ['8', '16', '32'].flatMap((bits) => [`decodeNumbers${bits}`, `encodeNumbers${bits}`]),
    'match.ts': [
      'endOfMatch',
      'endOfSizedMatch',
      'decodeMatch',
      'encodeMatch',
      'decodeSetField',
      'encodeSetField',
    ],
    'match10.ts': ['decodeMatch10', 'encodeMatch10'],
    'match11.ts': ['endOfMatch11', 'decodeMatch11', 'encodeMatch11'],
    'nx-match.ts': ['decodeNxMatch', 'encodeNxMatch'],
    'stats.ts': ['endOfStats', 'decodeStats', 'encodeStats', 'Stats'],
    'embedded.ts': ['endOfEmbedded', 'decodeEmbedded', 'encodeEmbedded'],
    'oxm-id.ts': [
      'readOxmId',
      'writeOxmId',
      'endOfOxmHeader',
      'decodeOxmHeader',
      'encodeOxmHeader',
      'decodeOxmIds',
      'encodeOxmIds',
      'OxmId',
    ],
    'bit-range.ts': ['readBitRange', 'writeBitRange', 'BitRange'],
    'writer.ts': ['Writer'],
    'buildable.ts': ['Buildable'],
  }).flatMap(([file, names]) => names.map((name) => [name, `${RUNTIME}/${file}`] as const)),
);
const TYPES: ReadonlyMap<string, string> = new Map([
  ['Match', '../../match-types.ts'],
  ['OxmValues', '../../match-types.ts'],
  ['Envelope', '../../../codec.ts'],
]);
const TYPE_ONLY = new Set([
  'ElementKind',
  'Stats',
  'OxmId',
  'BitRange',
  'Writer',
  'Buildable',
  ...TYPES.keys(),
]);

export interface ImportContext {
  /** Tags of the structures and unions of this version. */
  readonly elements: ReadonlySet<string>;
  /** Files of hand-written codecs: exported name to file. */
  readonly customs: ReadonlyMap<string, string>;
  /** The tag whose file is being written. */
  readonly self?: string;
}

/** Import statements for the names (functions, and TypeScript types as they stand in properties) that a file uses. */
export function imports(names: Iterable<string>, context: ImportContext): string {
  const files = new Map<string, Set<string>>();
  const add = (file: string, name: string): void => {
    files.set(file, (files.get(file) ?? new Set()).add(name));
  };
  const elements = elementNames(context);
  for (const text of new Set(names)) {
    const name = text.replace(/^readonly /, '').replace(/\[\]$/, '');
    const element = elements.get(name);
    const custom = context.customs.get(name);
    const shared = FILES.get(name) ?? TYPES.get(name);
    if (shared !== undefined) add(shared, TYPE_ONLY.has(name) ? `type ${name}` : name);
    else if (element === '') continue;
    else if (element !== undefined) add(element, name.match(/^[A-Z]/) ? `type ${name}` : name);
    else if (custom !== undefined) add(custom, name.match(/^[A-Z]/) ? `type ${name}` : name);
    else if (!BUILT_IN.has(name))
      throw new Error(`nobody exports ${name}, which ${context.self ?? 'a message'} uses`);
  }
  return [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, set]) => {
      const sorted = [...set].sort((a, b) => (a.replace('type ', '') < b.replace('type ', '') ? -1 : 1));
      if (sorted.every((name) => name.startsWith('type '))) {
        return `import type { ${sorted.map((name) => name.slice(5)).join(', ')} } from '${file}';\n`;
      }
      return `import { ${sorted.join(', ')} } from '${file}';\n`;
    })
    .join('');
}

const BUILT_IN = new Set(['number', 'bigint', 'string', 'boolean', 'Uint8Array']);

/** Exported names of all elements and their files; the own names of the file have the file ''. */
function elementNames({ elements, self }: ImportContext): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const tag of elements) {
    const type = pascal(tag);
    for (const name of [type, `${camel(tag)}Kind`, `decode${type}`, `encode${type}`]) {
      names.set(name, tag === self ? '' : at('elements', tag));
    }
  }
  return names;
}

export function interfaceText(
  name: string,
  doc: string,
  type: string | undefined,
  properties: readonly Property[],
): string {
  const lines = properties.flatMap((property) => [
    ...(property.note === '' ? [] : [`  /** ${property.note} */`]),
    `  readonly ${property.name}${property.optional === true ? '?' : ''}: ${property.type};`,
  ]);
  const tag = type === undefined ? [] : [`  readonly type: '${type}';`];
  return [`/** ${doc} */`, `export interface ${name} {`, ...tag, ...lines, '}', ''].join('\n');
}

/** A function that fills what may be left out. */
export function builderText(
  name: string,
  interfaceName: string,
  type: string | undefined,
  properties: readonly Property[],
): string {
  const optional = properties.filter((property) => property.initial !== undefined);
  const keys = optional.map((property) => `'${property.name}'`).join(' | ') || 'never';
  const allOptional = optional.length === properties.length;
  const initials = optional.map((property) => `  ${property.name}: ${property.initial},`);
  const tag = type === undefined ? [] : [`  type: '${type}',`];
  const parameter = `fields: Buildable<${interfaceName}, ${keys}>${allOptional ? ' = {}' : ''}`;
  if (properties.length === 0)
    return `export const ${name} = (): ${interfaceName} => ({ type: '${type}' });\n`;
  return [
    `/** A ${interfaceName} with the usual values where \`fields\` says nothing. */`,
    `export const ${name} = (${parameter}): ${interfaceName} => ({`,
    ...tag,
    ...initials,
    '  ...fields,',
    '});',
    '',
  ].join('\n');
}

/** Where the specification has it, for docstrings: "OpenFlow 1.1 to 1.3 §A.3.4.1". */
export function sectionText({
  versions,
  section,
}: {
  readonly versions: readonly Version[];
  readonly section: string;
}): string {
  const [first, last] = [versions[0], versions.at(-1)];
  return `OpenFlow ${first}${first === last ? '' : ` to ${last}`} §${section}.`;
}

export const indent = (lines: readonly string[], by = 2): string =>
  lines.map((line) => `${' '.repeat(by)}${line}\n`).join('');

/** The returned object of a decoder. */
export function returned(type: string | undefined, layout: Layout): string {
  const names = layout.properties.map((property) => property.name);
  const parts = [...(type === undefined ? [] : [`type: '${type}'`]), ...names];
  return parts.length === 0 ? 'return {};' : `return { ${parts.join(', ')} };`;
}
