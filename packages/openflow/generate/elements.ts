/** Files for structures and for unions of TLVs (actions, instructions, bands, hello elements, properties). */
import type { StructSchema, UnionMember, UnionSchema } from '../schema/dsl.ts';
import { type LayoutPrefix, layoutOf } from './layout.ts';
import { camel, elementInterface, literal, pascal } from './names.ts';
import { builderText, HEADER, imports, indent, interfaceText, returned } from './text.ts';

export function structFile(schema: StructSchema, elements: ReadonlySet<string>): string {
  const name = pascal(schema.name);
  const layout = layoutOf(schema.fields, { path: 'ELEMENT' });
  const varies = layout.fixedSize === undefined;
  const minimum = layout.fixedSize ?? layout.minimum;
  const lengthAt = varies ? offsetOfSelfLength(schema) : -1;
  const body = [...layout.decode, returned(undefined, layout)];
  const encode = [
    ...layout.encode,
    ...(varies ? [`writer.patchLength(lengthAt, at, '${schema.name}');`] : []),
  ];
  const types = ['ElementKind', 'Writer', 'Buildable', ...layout.properties.map((property) => property.type)];
  return [
    HEADER,
    imports([...layout.uses, 'ELEMENT'], types, { elements, self: schema.name }),
    '\n',
    interfaceText(name, `${schema.doc} OpenFlow 1.3.0 §${schema.section}.`, undefined, layout.properties),
    '\n',
    builderText(camel(schema.name), name, undefined, layout.properties),
    `\nexport function decode${name}(view: DataView, off: number, end: number): ${name} {\n${indent(body)}}\n`,
    `\nexport function encode${name}(writer: Writer, value: ${name}): void {\n${indent(encode)}}\n`,
    '\n',
    kindText(schema.name, { lengthAt, minimum, align: varies ? 8 : 1, padded: true, badLength: [1, 6] }),
  ].join('');
}

function offsetOfSelfLength(schema: StructSchema): number {
  let offset = 0;
  for (const field of schema.fields) {
    if (field.kind === 'self_length') return offset;
    offset +=
      field.kind === 'scalar' ? ({ u8: 1, u16: 2, u32: 4, u64: 8, mac: 6, dpid: 8 } as const)[field.wire] : 0;
  }
  throw new Error(`${schema.name} varies in size and has no length of its own`);
}

interface KindText {
  readonly lengthAt: number;
  readonly minimum: number;
  readonly align: number;
  readonly padded: boolean;
  readonly badLength: readonly [number, number];
}

function kindText(tag: string, kind: KindText): string {
  const name = pascal(tag);
  return [
    `export const ${camel(tag)}Kind: ElementKind<${name}> = {`,
    `  lengthAt: ${kind.lengthAt},`,
    `  minimum: ${kind.minimum},`,
    `  align: ${kind.align},`,
    `  lengthIncludesPadding: ${kind.padded},`,
    `  badLength: [${kind.badLength.join(', ')}],`,
    `  decode: decode${name},`,
    `  encode: encode${name},`,
    '};',
    '',
  ].join('\n');
}

export function unionFile(schema: UnionSchema, elements: ReadonlySet<string>): string {
  const name = pascal(schema.name);
  const members = schema.members.map((member) => memberParts(schema, member));
  const unknown = `Unknown${name}`;
  const uses = new Set(['bytesOf', 'u16', 'ELEMENT', ...members.flatMap((part) => [...part.uses])]);
  const types = ['ElementKind', 'Writer'];
  if (schema.name === 'action') types.push('OxmValues');
  const align = schema.lengthIncludesPadding ? 'length' : 'padding';
  return [
    HEADER,
    imports(uses, types, { elements, self: schema.name }),
    '\n',
    ...members.map((part) => `${part.interface}\n`),
    `/** An element whose type this version does not name: kept as bytes, encoded unchanged. */\n`,
    `export interface ${unknown} {\n  readonly type: 'unknown';\n  readonly code: number;\n`,
    '  /** What follows type and length. */\n  readonly data: Uint8Array;\n}\n\n',
    `/** ${schema.doc} OpenFlow 1.3.0 §${schema.section}. */\n`,
    `export type ${name} =\n${[...members.map((part) => part.name), unknown].map((part) => `  | ${part}`).join('\n')};\n\n`,
    `/** Builders for ${name}. */\nexport const ${camel(schema.name)} = {\n${members.map((part) => part.builder).join('')}};\n\n`,
    `export function decode${name}(view: DataView, off: number, end: number): ${name} {\n`,
    '  switch (view.getUint16(off)) {\n',
    ...members.map((part) => `    case ${part.code}: {\n${indent(part.decode, 6)}    }\n`),
    '    default:\n',
    "      return { type: 'unknown', code: view.getUint16(off), data: bytesOf(view, off + 4, end) };\n",
    '  }\n}\n\n',
    `export function encode${name}(writer: Writer, value: ${name}): void {\n  switch (value.type) {\n`,
    ...members.map((part) => `    case '${part.type}': {\n${indent([...part.encode, 'return;'], 6)}    }\n`),
    `    case 'unknown': {\n`,
    indent(
      [
        'const at = writer.claim(4);',
        "writer.view.setUint16(at, u16(value.code, 'code'));",
        'writer.append(value.data);',
        ...closing(schema, 'at + 2', align),
      ],
      6,
    ),
    '    }\n  }\n}\n\n',
    kindText(schema.name, {
      lengthAt: 2,
      minimum: schema.minimum,
      align: schema.align,
      padded: schema.lengthIncludesPadding,
      badLength: schema.badLength,
    }),
  ].join('');
}

/** Statements that pad an element and write its length, in the order that the padding rule asks for. */
function closing(schema: UnionSchema, lengthAt: string, rule: string): string[] {
  const patch = `writer.patchLength(${lengthAt}, at, '${schema.name}');`;
  const padding = `writer.padFrom(at, ${schema.align});`;
  return rule === 'length' ? [padding, patch] : [patch, padding];
}

function memberParts(schema: UnionSchema, member: UnionMember) {
  const name = elementInterface(schema.name, member.type);
  const code = literal(member.code);
  const prefix = (size: number | undefined): LayoutPrefix => ({
    size: 4,
    decode: () => [],
    encode: (at) => [
      `VIEW.setUint16(${at}, ${code});`,
      ...(size === undefined ? [] : [`VIEW.setUint16(${at} + 2, ${size});`]),
    ],
  });
  const fixed = layoutOf(member.fields, { path: 'ELEMENT', prefix: prefix(0) }).fixedSize;
  const layout = layoutOf(member.fields, { path: 'ELEMENT', prefix: prefix(fixed) });
  const rule = schema.lengthIncludesPadding ? 'length' : 'padding';
  const encode = [...layout.encode, ...(fixed === undefined ? closing(schema, 'at + 2', rule) : [])];
  const isSetField = member.fields.some((field) => field.kind === 'oxm');
  return {
    name,
    type: member.type,
    code,
    uses: layout.uses,
    decode: [...layout.decode, isSetField ? 'return setField;' : returned(member.type, layout)],
    encode,
    interface: isSetField
      ? setFieldInterface(name, member.doc)
      : interfaceText(name, member.doc, member.type, layout.properties),
    builder: isSetField ? setFieldBuilder(name) : memberBuilder(name, member, layout.properties),
  };
}

function setFieldInterface(name: string, doc: string): string {
  return [
    `/** ${doc} A field that this version does not name stands under its OXM header, with its bytes. */`,
    `export type ${name} =`,
    "  | { readonly [F in keyof OxmValues]: { readonly type: 'set_field'; readonly field: F; readonly value: OxmValues[F] } }[keyof OxmValues]",
    `  | { readonly type: 'set_field'; readonly field: \`0x\${string}\`; readonly value: Uint8Array };`,
    '',
  ].join('\n');
}

const setFieldBuilder = (name: string): string =>
  [
    `  setField: <F extends keyof OxmValues>(field: F, value: OxmValues[F]): ${name} =>`,
    `    ({ type: 'set_field', field, value }) as ${name},`,
    '',
  ].join('\n');

function memberBuilder(
  name: string,
  member: UnionMember,
  properties: ReturnType<typeof layoutOf>['properties'],
): string {
  const key = camel(member.type);
  const [only] = properties;
  if (only === undefined) return `  ${key}: (): ${name} => ({ type: '${member.type}' }),\n`;
  if (properties.length === 1) {
    const given = only.name === 'ethertype' && only.initial !== undefined ? ` = ${only.initial}` : '';
    return `  ${key}: (${only.name}: ${only.type}${given}): ${name} => ({ type: '${member.type}', ${only.name} }),\n`;
  }
  const parameter = properties
    .map((property) => `${property.name}${property.initial === undefined ? '' : '?'}: ${property.type}`)
    .join('; ');
  const initials = properties.flatMap((property) =>
    property.initial === undefined ? [] : [`${property.name}: ${property.initial}, `],
  );
  return `  ${key}: (fields: { ${parameter} }): ${name} => ({ type: '${member.type}', ${initials.join('')}...fields }),\n`;
}
