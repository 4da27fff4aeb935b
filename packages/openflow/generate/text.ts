/** Pieces of generated text that several generators share: imports, interfaces, builders. */

import type { Layout, Property } from './layout.ts';
import { camel, kebab, pascal } from './names.ts';

export const HEADER = '// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.\n';

const SHARED: ReadonlyMap<string, string> = new Map([
  ...['need', 'exactly', 'bytesOf', 'u8', 'u16', 'u32', 'u64', 'readText', 'writeText'].map(
    (name) => [name, '../runtime/bounds.ts'] as const,
  ),
  ...['readMac', 'writeMac', 'readDpid', 'writeDpid'].map(
    (name) => [name, '../runtime/addresses.ts'] as const,
  ),
  ...['decodeList', 'encodeList', 'ELEMENT'].map((name) => [name, '../runtime/list.ts'] as const),
  ...['decodeBitmap', 'encodeBitmap'].map((name) => [name, '../runtime/bitmap.ts'] as const),
  ...['endOfMatch', 'decodeMatch', 'encodeMatch', 'decodeSetField', 'encodeSetField'].map(
    (name) => [name, '../runtime/match.ts'] as const,
  ),
]);

export interface ImportContext {
  /** The file of each structure and union by its tag. */
  readonly elements: ReadonlySet<string>;
  /** The tag whose file is being written. */
  readonly self?: string;
}

/** Import statements for the names that a file uses. */
export function imports(uses: Iterable<string>, types: Iterable<string>, context: ImportContext): string {
  const files = new Map<string, Set<string>>();
  const add = (file: string, name: string): void => {
    const names = files.get(file) ?? new Set<string>();
    names.add(name);
    files.set(file, names);
  };
  for (const name of uses) {
    const shared = SHARED.get(name);
    if (shared !== undefined) add(shared, name);
    for (const element of context.elements) {
      if (element === context.self) continue;
      const [type, tag] = [pascal(element), camel(element)];
      if (name === type) add(`./${kebab(element)}.ts`, `type ${name}`);
      if ([`${tag}Kind`, `decode${type}`, `encode${type}`].includes(name))
        add(`./${kebab(element)}.ts`, name);
    }
  }
  for (const name of types) {
    if (name === 'Match' || name === 'OxmValues') add('./match-types.ts', `type ${name}`);
    if (name === 'ElementKind') add('../runtime/list.ts', 'type ElementKind');
    if (name === 'Writer') add('../runtime/writer.ts', 'type Writer');
    if (name === 'Buildable') add('../runtime/buildable.ts', 'type Buildable');
  }
  return [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, names]) => {
      const sorted = [...names].sort((a, b) => (a.replace('type ', '') < b.replace('type ', '') ? -1 : 1));
      if (sorted.every((name) => name.startsWith('type '))) {
        return `import type { ${sorted.map((name) => name.slice(5)).join(', ')} } from '${file}';\n`;
      }
      return `import { ${sorted.join(', ')} } from '${file}';\n`;
    })
    .join('');
}

export function interfaceText(
  name: string,
  doc: string,
  type: string | undefined,
  properties: readonly Property[],
): string {
  const lines = properties.flatMap((property) => [
    ...(property.note === '' ? [] : [`  /** ${property.note} */`]),
    `  readonly ${property.name}: ${property.type};`,
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

export const indent = (lines: readonly string[], by = 2): string =>
  lines.map((line) => `${' '.repeat(by)}${line}\n`).join('');

/** The returned object of a decoder. */
export function returned(type: string | undefined, layout: Layout): string {
  const names = layout.properties.map((property) => property.name);
  const parts = [...(type === undefined ? [] : [`type: '${type}'`]), ...names];
  return `return { ${parts.join(', ')} };`;
}
