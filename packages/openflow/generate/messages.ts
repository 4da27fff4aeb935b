/** One file a message. */
import type { MessageSchema } from '../schema/dsl.ts';
import type { Scope } from './elements.ts';
import { type Layout, type LayoutPrefix, layoutOf } from './layout.ts';
import { hex, literal, messageBuilder, messageInterface, pascal } from './names.ts';
import { builderText, HEADER, imports, indent, interfaceText, returned, sectionText } from './text.ts';

/** Bytes of a multipart before its body: u16 type and u16 flags, from 1.1 on 4 bytes of padding. */
export const multipartBytes = (schema: MessageSchema): 4 | 8 => (schema.versions[0] === '1.0' ? 4 : 8);

/** Number of a multipart, number of an experimenter's message: what stands before the fields. */
function prefixOf(schema: MessageSchema): LayoutPrefix | undefined {
  const { multipart, experimenter } = schema;
  const header = multipart === undefined ? 0 : multipartBytes(schema);
  if (header === 0 && experimenter === undefined) return undefined;
  return {
    size: header + (experimenter === undefined ? 0 : 8),
    decode: (off) => (multipart === undefined ? [] : [`const flags = view.getUint16(${off} + 2);`]),
    encode: (at) => [
      ...(multipart === undefined
        ? []
        : [
            `VIEW.setUint16(${at}, ${literal(multipart)});`,
            `VIEW.setUint16(${at} + 2, u16(value.flags, 'flags'));`,
            ...(header === 8 ? [`VIEW.setUint32(${at} + 4, 0);`] : []),
          ]),
      ...(experimenter === undefined
        ? []
        : [
            `VIEW.setUint32(${header === 0 ? at : `${at} + ${header}`}, ${hex(experimenter.id, 8)});`,
            `VIEW.setUint32(${at} + ${header + 4}, ${experimenter.subtype});`,
          ]),
    ],
  };
}

function layoutOfMessage(schema: MessageSchema, scope: Scope): Layout {
  const prefix = prefixOf(schema);
  const layout = layoutOf(schema.fields, {
    path: `'${schema.type}'`,
    sizeOf: scope.sizeOf,
    ...(prefix === undefined ? {} : { prefix }),
  });
  if (schema.multipleOf !== undefined) {
    const check = `multipleOf(off, end, ${schema.multipleOf}, '${schema.type}');`;
    const uses = new Set([...layout.uses, 'multipleOf']);
    return withFlags(schema, { ...layout, decode: [check, ...layout.decode], uses });
  }
  return withFlags(schema, layout);
}

function withFlags(schema: MessageSchema, layout: Layout): Layout {
  if (schema.multipart === undefined) return layout;
  const flags = { name: 'flags', type: 'number', note: 'more fragments follow', initial: '0' };
  return { ...layout, properties: [flags, ...layout.properties], uses: new Set([...layout.uses, 'u16']) };
}

export function messageFile(schema: MessageSchema, scope: Scope): string {
  const name = messageInterface(schema.type);
  const suffix = pascal(schema.type);
  const layout = layoutOfMessage(schema, scope);
  const uses = [...layout.uses, 'Writer', ...layout.properties.map((property) => property.type)];
  if (layout.properties.length > 0) uses.push('Buildable');
  const writer = layout.encode.length === 0 ? '_writer' : 'writer';
  const value = layout.encode.some((line) => line.includes('value.')) ? 'value' : '_value';
  const view = layout.decode.some((line) => line.includes('view')) ? 'view' : '_view';
  return [
    HEADER,
    imports(uses, scope),
    '\n',
    interfaceText(name, `${schema.doc} ${sectionText(schema)}`, schema.type, layout.properties),
    '\n',
    builderText(messageBuilder(schema.type), name, schema.type, layout.properties),
    `\nexport function decode${suffix}(${view}: DataView, off: number, end: number): ${name} {\n`,
    indent([...layout.decode, returned(schema.type, layout)]),
    '}\n',
    `\nexport function encode${suffix}(${writer}: Writer, ${value}: ${name}): void {\n`,
    indent(layout.encode),
    '}\n',
  ].join('');
}
