/** Files for messages, and the table that finds the codec of a message by its number. */
import type { MessageSchema } from '../schema/dsl.ts';
import { type Layout, type LayoutPrefix, layoutOf } from './layout.ts';
import { camel, kebab, literal, messageBuilder, messageInterface, pascal } from './names.ts';
import { builderText, HEADER, imports, indent, interfaceText, returned } from './text.ts';

/** A multipart begins with u16 type, u16 flags, 4 bytes of padding. */
const multipartPrefix = (code: number): LayoutPrefix => ({
  size: 8,
  decode: (off) => [`const flags = view.getUint16(${off} + 2);`],
  encode: (at) => [
    `VIEW.setUint16(${at}, ${literal(code)});`,
    `VIEW.setUint16(${at} + 2, u16(value.flags, 'flags'));`,
    `VIEW.setUint32(${at} + 4, 0);`,
  ],
});

export function layoutOfMessage(schema: MessageSchema): Layout {
  if (schema.multipart === undefined) return layoutOf(schema.fields, { path: `'${schema.type}'` });
  const layout = layoutOf(schema.fields, {
    path: `'${schema.type}'`,
    prefix: multipartPrefix(schema.multipart),
  });
  const flags = { name: 'flags', type: 'number', note: 'OFPMPF_*: more fragments follow', initial: '0' };
  return { ...layout, properties: [flags, ...layout.properties], uses: new Set([...layout.uses, 'u16']) };
}

export function messageFile(schema: MessageSchema, elements: ReadonlySet<string>): string {
  const name = messageInterface(schema.type);
  const suffix = pascal(schema.type);
  const layout = layoutOfMessage(schema);
  const types = ['Writer', ...layout.properties.map((property) => property.type)];
  if (layout.properties.length > 0) types.push('Buildable');
  const empty = layout.encode.length === 0;
  const parameters = empty ? '_writer: Writer, _value: ' : 'writer: Writer, value: ';
  const unusedValue = !empty && !layout.encode.some((line) => line.includes('value.'));
  const reads = layout.decode.some((line) => line.includes('view')) ? 'view' : '_view';
  return [
    HEADER,
    imports(layout.uses, types, { elements }),
    '\n',
    interfaceText(name, `${schema.doc} OpenFlow 1.3.0 §${schema.section}.`, schema.type, layout.properties),
    '\n',
    builderText(messageBuilder(schema.type), name, schema.type, layout.properties),
    `\nexport function decode${suffix}(${reads}: DataView, off: number, end: number): ${name} {\n`,
    indent([...layout.decode, returned(schema.type, layout)]),
    '}\n',
    `\nexport function encode${suffix}(${unusedValue ? 'writer: Writer, _value: ' : parameters}${name}): void {\n`,
    indent(layout.encode),
    '}\n',
  ].join('');
}

/** `messages.ts`: the union of all messages and the way from numbers to codecs. */
export function dispatchFile(schemas: readonly MessageSchema[]): string {
  const plain = schemas.filter((schema) => schema.multipart === undefined);
  const sorted = [...schemas].sort((a, b) => (a.type < b.type ? -1 : 1));
  const side = (code: number) =>
    schemas.filter((schema) => schema.code === code && schema.multipart !== undefined);
  const decodeCase = (schema: MessageSchema, number: number) =>
    `    case ${literal(number)}:\n      return decode${pascal(schema.type)}(view, off, end);\n`;
  return [
    HEADER,
    ...sorted.map((schema) => {
      const suffix = pascal(schema.type);
      const name = messageInterface(schema.type);
      return `import { decode${suffix}, encode${suffix}, type ${name} } from './${kebab(schema.type)}.ts';\n`;
    }),
    "import type { Writer } from '../runtime/writer.ts';\n\n",
    '/** Every message that this version names. */\n',
    `export type KnownMessage =\n${schemas.map((schema) => `  | ${messageInterface(schema.type)}`).join('\n')};\n\n`,
    "/** OFPT_* number of each message. */\nexport const MESSAGE_CODES: Readonly<Record<KnownMessage['type'], number>> = {\n",
    ...schemas.map((schema) => `  ${schema.type}: ${schema.code},\n`),
    '};\n\n',
    '/** The reply that each request is answered with. */\nexport interface Replies {\n',
    ...schemas.flatMap((schema) =>
      schema.reply === undefined ? [] : [`  ${schema.type}: ${messageInterface(schema.reply)};\n`],
    ),
    '}\n\n',
    "export const REPLY_TYPES: { readonly [R in keyof Replies]: Replies[R]['type'] } = {\n",
    ...schemas.flatMap((schema) =>
      schema.reply === undefined ? [] : [`  ${schema.type}: '${schema.reply}',\n`],
    ),
    '};\n\n',
    '/** The list that grows from fragment to fragment, of replies that may come in several. */\n',
    'export const FRAGMENT_LISTS: Readonly<Record<string, string>> = {\n',
    ...side(19).flatMap((schema) =>
      schema.fields.flatMap((field) =>
        field.kind === 'list' ? [`  ${schema.type}: '${field.name}',\n`] : [],
      ),
    ),
    '};\n\n',
    '/** The message of this OFPT_* number, or undefined when nobody has named it. */\n',
    'export function decodeBody(code: number, view: DataView, off: number, end: number): KnownMessage | undefined {\n',
    '  switch (code) {\n',
    ...plain.map((schema) => decodeCase(schema, schema.code)),
    '    default:\n      return undefined;\n  }\n}\n\n',
    ...([18, 19] as const).map((code) =>
      [
        `/** The multipart ${code === 18 ? 'request' : 'reply'} of this OFPMP_* number. */\n`,
        `export function decodeMultipart${code === 18 ? 'Request' : 'Reply'}(number: number, view: DataView, off: number, end: number): KnownMessage | undefined {\n`,
        '  switch (number) {\n',
        ...side(code).map((schema) => decodeCase(schema, schema.multipart ?? 0)),
        '    default:\n      return undefined;\n  }\n}\n\n',
      ].join(''),
    ),
    'export function encodeBody(writer: Writer, message: KnownMessage): void {\n  switch (message.type) {\n',
    ...schemas.map(
      (schema) => `    case '${schema.type}':\n      return encode${pascal(schema.type)}(writer, message);\n`,
    ),
    '  }\n}\n',
  ].join('');
}

/** `index.ts`: the names that the package's door opens. */
export function doorFile(
  schemas: readonly MessageSchema[],
  structs: readonly string[],
  unions: readonly { name: string; members: readonly string[] }[],
): string {
  const line = (names: readonly string[], tag: string) =>
    `export { ${names.join(', ')} } from './${kebab(tag)}.ts';\n`;
  return [
    HEADER,
    ...[...schemas]
      .sort((a, b) => (a.type < b.type ? -1 : 1))
      .map((schema) =>
        line([messageBuilder(schema.type), `type ${messageInterface(schema.type)}`], schema.type),
      ),
    ...structs.map((name) =>
      line(name === 'bucket' ? [camel(name), `type ${pascal(name)}`] : [`type ${pascal(name)}`], name),
    ),
    ...unions.map(({ name, members }) =>
      line([camel(name), `type ${pascal(name)}`, ...members.map((member) => `type ${member}`)], name),
    ),
    "export * from './constants.ts';\n",
    "export type { Masked, Match, OxmName, OxmValues } from './match-types.ts';\n",
  ].join('');
}

/** `structs.ts`: builders of the structures inside messages, under one name. */
export const structsDoorFile = (structs: readonly string[]): string =>
  HEADER + structs.map((name) => `export { ${camel(name)} } from './${kebab(name)}.ts';\n`).join('');
