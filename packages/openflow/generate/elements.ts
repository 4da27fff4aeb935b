/** Files for structures and for unions of TLVs (actions, instructions, bands, hello elements, properties). */
import type { StructSchema, UnionMember, UnionSchema } from '../schema/dsl.ts';
import { fixedSizeOf, type Property } from './fields.ts';
import { type LayoutPrefix, layoutOf, offsetOfSelfLength } from './layout.ts';
import { camel, elementInterface, hex, literal, pascal } from './names.ts';
import {
  builderText,
  HEADER,
  type ImportContext,
  imports,
  indent,
  interfaceText,
  returned,
  sectionText,
} from './text.ts';

/** What a file of one version may refer to. */
export interface Scope extends ImportContext {
  readonly sizeOf: (tag: string) => number | undefined;
}

const BAD_LENGTH = [1, 6] as const;

export function structFile(schema: StructSchema, scope: Scope): string {
  const name = pascal(schema.name);
  const layout = layoutOf(schema.fields, { path: 'ELEMENT', sizeOf: scope.sizeOf });
  const varies = layout.fixedSize === undefined;
  const minimum = layout.fixedSize ?? layout.minimum;
  const lengthAt = varies ? offsetOfSelfLength(schema.fields, schema.name) : -1;
  const padded = schema.lengthIncludesPadding ?? true;
  const align = varies ? (schema.align ?? 8) : 1;
  const length = `writer.patchLength(lengthAt, at, '${schema.name}');`;
  const padding = `writer.padFrom(at, ${align});`;
  const body = [...layout.decode, returned(undefined, layout)];
  const encode = [...layout.encode, ...(varies ? (padded ? [length] : [length, padding]) : [])];
  const uses = [...layout.uses, 'ELEMENT', 'ElementKind', 'Writer', 'Buildable'];
  return [
    HEADER,
    imports([...uses, ...layout.properties.map((property) => property.type)], {
      ...scope,
      self: schema.name,
    }),
    '\n',
    interfaceText(name, `${schema.doc} ${sectionText(schema)}`, undefined, layout.properties),
    '\n',
    builderText(camel(schema.name), name, undefined, layout.properties),
    `\nexport function decode${name}(view: DataView, off: number, end: number): ${name} {\n${indent(body)}}\n`,
    `\nexport function encode${name}(writer: Writer, value: ${name}): void {\n${indent(encode)}}\n`,
    '\n',
    kindText(schema.name, {
      lengthAt,
      minimum,
      align,
      padded,
      badLength: schema.badLength ?? BAD_LENGTH,
      ...(schema.badContent === undefined ? {} : { badContent: schema.badContent }),
    }),
  ].join('');
}

interface KindText {
  readonly lengthAt: number;
  readonly minimum: number;
  readonly align: number;
  readonly padded: boolean;
  readonly lastMayLackPadding?: boolean;
  readonly badLength: readonly [number, number];
  readonly badContent?: readonly [number, number];
}

function kindText(tag: string, kind: KindText): string {
  const name = pascal(tag);
  return [
    `export const ${camel(tag)}Kind: ElementKind<${name}> = {`,
    `  lengthAt: ${kind.lengthAt},`,
    `  minimum: ${kind.minimum},`,
    `  align: ${kind.align},`,
    `  lengthIncludesPadding: ${kind.padded},`,
    ...(kind.lastMayLackPadding === true ? ['  lastMayLackPadding: true,'] : []),
    `  badLength: [${kind.badLength.join(', ')}],`,
    ...(kind.badContent === undefined ? [] : [`  badContent: [${kind.badContent.join(', ')}],`]),
    `  decode: decode${name},`,
    `  encode: encode${name},`,
    '};',
    '',
  ].join('\n');
}

export function unionFile(schema: UnionSchema, scope: Scope): string {
  const name = pascal(schema.name);
  const places = placesOf(schema);
  const members = schema.members.map((member) => memberParts(schema, member, scope));
  const unknown = `Unknown${name}`;
  const uses = [
    'bytesOf',
    'u16',
    'ELEMENT',
    'ElementKind',
    'Writer',
    ...members.flatMap((part) => part.uses),
  ];
  return [
    HEADER,
    imports(uses, { ...scope, self: schema.name }),
    '\n',
    ...members.map((part) => `${part.interface}\n`),
    `/** An element whose type this version does not name: kept as bytes, encoded unchanged. */\n`,
    `export interface ${unknown} {\n  readonly type: 'unknown';\n  readonly code: number;\n`,
    '  /** What follows type and length. */\n  readonly data: Uint8Array;\n}\n\n',
    `/** ${schema.doc} OpenFlow §${schema.section}. */\n`,
    `export type ${name} =\n${[...members.map((part) => part.name), unknown].map((part) => `  | ${part}`).join('\n')};\n\n`,
    `/** Builders for ${name}. */\nexport const ${camel(schema.name)} = {\n${members.map((part) => part.builder).join('')}};\n\n`,
    `export function decode${name}(view: DataView, off: number, end: number): ${name} {\n`,
    `  switch (view.getUint16(${places.type('off')})) {\n`,
    ...schema.members.flatMap((member, index) =>
      member.experimenter === undefined
        ? [caseText(schema, members, index, members[index]?.decode ?? [])]
        : [],
    ),
    '    default:\n',
    `      return { type: 'unknown', code: view.getUint16(${places.type('off')}), data: bytesOf(view, off + 4, end) };\n`,
    '  }\n}\n\n',
    ...experimenterDecoders(schema, members),
    `export function encode${name}(writer: Writer, value: ${name}): void {\n  switch (value.type) {\n`,
    ...members.map((part) => `    case '${part.type}': {\n${indent([...part.encode, 'return;'], 6)}    }\n`),
    `    case 'unknown': {\n`,
    indent(
      [
        'const at = writer.claim(4);',
        `writer.view.setUint16(${places.type('at')}, u16(value.code, 'code'));`,
        'writer.append(value.data);',
        ...closing(schema),
      ],
      6,
    ),
    '    }\n  }\n}\n\n',
    kindText(schema.name, {
      lengthAt: schema.header === 'length_type' ? 0 : 2,
      minimum: schema.minimum,
      align: schema.align,
      padded: schema.lengthIncludesPadding,
      ...(schema.lastMayLackPadding === true ? { lastMayLackPadding: true } : {}),
      badLength: schema.badLength,
    }),
  ].join('');
}

/** Where type and length stand. */
function placesOf(schema: UnionSchema) {
  const [type, length] = schema.header === 'length_type' ? [2, 0] : [0, 2];
  const place = (offset: number) => (base: string) => (offset === 0 ? base : `${base} + ${offset}`);
  return { type: place(type), length: place(length) };
}

type Member = ReturnType<typeof memberParts>;

const EXPERIMENTER_CODE = 0xffff;

/** The case of one number; that of experimenters asks first whether one of them is known. */
function caseText(
  schema: UnionSchema,
  members: readonly Member[],
  index: number,
  decode: readonly string[],
): string {
  const member = members[index];
  const named = schema.members.some(({ experimenter }) => experimenter !== undefined);
  const asks =
    schema.members[index]?.code === EXPERIMENTER_CODE && named
      ? [
          `const known = decodeExperimenter${pascal(schema.name)}(view, off, end);`,
          'if (known !== undefined) return known;',
        ]
      : [];
  return `    case ${member?.code}: {\n${indent([...asks, ...decode], 6)}    }\n`;
}

/** One function that knows every experimenter of the union, and one for each of their elements. */
function experimenterDecoders(schema: UnionSchema, members: readonly Member[]): string[] {
  const named = schema.members.flatMap((member, index) => {
    const part = members[index];
    return member.experimenter === undefined || part === undefined ? [] : [{ ...member.experimenter, part }];
  });
  if (named.length === 0) return [];
  const name = pascal(schema.name);
  const bytes = schema.subtypeBytes ?? 2;
  const subtype = `view.getUint${bytes * 8}(off + 8)`;
  const ids = [...new Set(named.map(({ id }) => id))];
  return [
    `function decodeExperimenter${name}(view: DataView, off: number, end: number): ${name} | undefined {\n`,
    `  if (end - off < ${8 + bytes}) return undefined;\n`,
    '  switch (view.getUint32(off + 4)) {\n',
    ...ids.map(
      (id) => `    case ${hex(id, 8)}:\n      return decode${name}Of${hex(id, 8)}(view, off, end);\n`,
    ),
    '    default:\n      return undefined;\n  }\n}\n\n',
    ...ids.flatMap((id) => [
      `function decode${name}Of${hex(id, 8)}(view: DataView, off: number, end: number): ${name} | undefined {\n`,
      `  switch (${subtype}) {\n`,
      ...named
        .filter((one) => one.id === id)
        .map((one) => `    case ${one.subtype}: {\n${indent(one.part.decode, 6)}    }\n`),
      '    default:\n      return undefined;\n  }\n}\n\n',
    ]),
  ];
}

/** Statements that pad an element and write its length, in the order that the padding rule asks for. */
function closing(schema: UnionSchema): string[] {
  const patch = `writer.patchLength(${placesOf(schema).length('at')}, at, '${schema.name}');`;
  const padding = `writer.padFrom(at, ${schema.align});`;
  return schema.lengthIncludesPadding ? [padding, patch] : [patch, padding];
}

/** Type, length, and for experimenters whose element it is. */
function prefixOf(schema: UnionSchema, member: UnionMember, size: number | undefined): LayoutPrefix {
  const places = placesOf(schema);
  const bytes = schema.subtypeBytes ?? 2;
  const { experimenter } = member;
  return {
    size: 4 + (experimenter === undefined ? 0 : 4 + bytes),
    decode: () => [],
    encode: (at) => [
      `VIEW.setUint16(${places.type(at)}, ${literal(member.code)});`,
      ...(size === undefined ? [] : [`VIEW.setUint16(${places.length(at)}, ${size});`]),
      ...(experimenter === undefined
        ? []
        : [
            `VIEW.setUint32(${at} + 4, ${hex(experimenter.id, 8)});`,
            `VIEW.setUint${bytes * 8}(${at} + 8, ${experimenter.subtype});`,
          ]),
    ],
  };
}

function memberParts(schema: UnionSchema, member: UnionMember, scope: Scope) {
  const name = elementInterface(schema.name, member.type);
  const own = fixedSizeOf(member.fields);
  const size = own === undefined ? undefined : own + prefixOf(schema, member, 0).size;
  // The length of an element that needs padding after all its fields is known only when it is padded.
  const fixed = size !== undefined && size % schema.align === 0 ? size : undefined;
  const layout = layoutOf(member.fields, {
    path: 'ELEMENT',
    prefix: prefixOf(schema, member, fixed),
    sizeOf: scope.sizeOf,
  });
  const holdsOxm = member.fields.some((field) => field.kind === 'oxm');
  const properties = holdsOxm ? [] : layout.properties;
  return {
    name,
    type: member.type,
    code: literal(member.code),
    uses: [
      ...layout.uses,
      ...properties.map((property) => property.type),
      ...(holdsOxm ? ['OxmValues'] : []),
    ],
    decode: [
      ...layout.decode,
      holdsOxm ? `return { ...oxm, type: '${member.type}' } as ${name};` : returned(member.type, layout),
    ],
    encode: [...layout.encode, ...(fixed === undefined ? closing(schema) : [])],
    interface: holdsOxm
      ? oxmInterface(name, member)
      : interfaceText(name, member.doc, member.type, properties),
    builder: holdsOxm ? oxmBuilder(name, member) : memberBuilder(name, member, properties),
  };
}

function oxmInterface(name: string, { type, doc }: UnionMember): string {
  return [
    `/** ${doc} A field that this library does not name stands under its OXM header, with its bytes. */`,
    `export type ${name} =`,
    `  | { readonly [F in keyof OxmValues]: { readonly type: '${type}'; readonly field: F; readonly value: OxmValues[F]; readonly mask?: OxmValues[F] } }[keyof OxmValues]`,
    `  | { readonly type: '${type}'; readonly field: \`0x\${string}\`; readonly value: Uint8Array; readonly mask?: undefined };`,
    '',
  ].join('\n');
}

const oxmBuilder = (name: string, { type }: UnionMember): string =>
  [
    `  /** With a mask only its bits are written, where the version has that. */`,
    `  ${camel(type)}: <F extends keyof OxmValues>(field: F, value: OxmValues[F], mask?: OxmValues[F]): ${name} =>`,
    `    ({ type: '${type}', field, value, ...(mask === undefined ? {} : { mask }) }) as ${name},`,
    '',
  ].join('\n');

function memberBuilder(name: string, member: UnionMember, properties: readonly Property[]): string {
  const key = camel(member.type);
  const [only] = properties;
  if (only === undefined) return `  ${key}: (): ${name} => ({ type: '${member.type}' }),\n`;
  if (properties.length === 1) {
    const given = only.initial === undefined ? '' : ` = ${only.initial}`;
    return `  ${key}: (${only.name}: ${only.type}${given}): ${name} => ({ type: '${member.type}', ${only.name} }),\n`;
  }
  const parameter = properties
    .map((property) => `${property.name}${property.initial === undefined ? '' : '?'}: ${property.type}`)
    .join('; ');
  const initials = properties.flatMap((property) =>
    property.initial === undefined ? [] : [`${property.name}: ${property.initial}, `],
  );
  const given = properties.every((property) => property.initial !== undefined) ? ' = {}' : '';
  return `  ${key}: (fields: { ${parameter} }${given}): ${name} => ({ type: '${member.type}', ${initials.join('')}...fields }),\n`;
}
