/** `messages.ts` of a version: the union of its messages, and the way from numbers to codecs and back. */
import type { MessageSchema } from '../schema/dsl.ts';
import type { VersionSchema } from '../schema/index.ts';
import { wireVersion } from '../schema/versions.ts';
import { hex, literal, messageInterface, pascal } from './names.ts';
import { at, HEADER } from './text.ts';

const EXPERIMENTER = 4;
const EXPERIMENTER_MULTIPART = 0xffff;

export function dispatchFile({ version, messages }: VersionSchema): string {
  const is10 = version === '1.0';
  const [requests, replies] = is10 ? [16, 17] : [18, 19];
  const plain = messages.filter((schema) => schema.multipart === undefined);
  const side = (code: number) =>
    messages.filter((schema) => schema.code === code && schema.multipart !== undefined);
  const multipartBytes = is10 ? 4 : 8;
  return [
    HEADER,
    ...[...messages].sort(byType).map((schema) => importText(schema)),
    "import type { VersionCodec } from '../../runtime/version-codec.ts';\n",
    "import type { Writer } from '../../runtime/writer.ts';\n\n",
    '/** Every message that this version names. */\n',
    `export type KnownMessage =\n${messages.map((schema) => `  | ${messageInterface(schema.type)}`).join('\n')};\n\n`,
    "/** OFPT_* number of each message. */\nexport const MESSAGE_CODES: Readonly<Record<KnownMessage['type'], number>> = {\n",
    ...messages.map((schema) => `  ${schema.type}: ${schema.code},\n`),
    '};\n\n',
    ...replyTables(messages),
    fragmentLists(side(replies ?? 19)),
    decoder('Body', 'The message of this OFPT_* number, or undefined when nobody has named it.', plain, 0),
    decoder(
      'MultipartRequest',
      'The multipart request of this number.',
      side(requests ?? 18),
      multipartBytes,
    ),
    decoder('MultipartReply', 'The multipart reply of this number.', side(replies ?? 19), multipartBytes),
    'export function encodeBody(writer: Writer, message: KnownMessage): boolean {\n  switch (message.type) {\n',
    ...messages.map(
      (schema) =>
        `    case '${schema.type}':\n      encode${pascal(schema.type)}(writer, message);\n      return true;\n`,
    ),
    '    default:\n      return false;\n  }\n}\n\n',
    '/** This version for the codec of whole messages. */\nexport const codec: VersionCodec<KnownMessage> = {\n',
    `  version: ${wireVersion(version)},\n  multipartRequest: ${requests},\n  multipartReply: ${replies},\n`,
    `  multipartBytes: ${multipartBytes},\n  codes: MESSAGE_CODES,\n  replyTypes: REPLY_TYPES,\n  fragmentLists: FRAGMENT_LISTS,\n`,
    '  decodeBody,\n  decodeMultipartRequest,\n  decodeMultipartReply,\n  encodeBody,\n};\n',
  ].join('');
}

const byType = (a: MessageSchema, b: MessageSchema): number => (a.type < b.type ? -1 : 1);

function importText(schema: MessageSchema): string {
  const suffix = pascal(schema.type);
  const names = [`decode${suffix}`, `encode${suffix}`, `type ${messageInterface(schema.type)}`];
  return `import { ${names.join(', ')} } from '${at('messages', schema.type)}';\n`;
}

function replyTables(messages: readonly MessageSchema[]): string[] {
  const types = new Set(messages.map((schema) => schema.type));
  const answered = messages.flatMap(({ type, reply }) =>
    reply === undefined || !types.has(reply) ? [] : [{ type, reply }],
  );
  return [
    '/** The reply that each request is answered with. */\nexport interface Replies {\n',
    ...answered.map(({ type, reply }) => `  ${type}: ${messageInterface(reply)};\n`),
    '}\n\n',
    "export const REPLY_TYPES: { readonly [R in keyof Replies]: Replies[R]['type'] } = {\n",
    ...answered.map(({ type, reply }) => `  ${type}: '${reply}',\n`),
    '};\n\n',
  ];
}

const fragmentLists = (replies: readonly MessageSchema[]): string =>
  [
    '/** The list that grows from fragment to fragment, of replies that may come in several. */\n',
    'export const FRAGMENT_LISTS: Readonly<Record<string, string>> = {\n',
    ...replies.flatMap((schema) => {
      const list = schema.fields.find((field) => field.kind === 'list');
      return list === undefined ? [] : [`  ${schema.type}: '${list.name}',\n`];
    }),
    '};\n\n',
  ].join('');

/** A function from a number to a message; `header` bytes stand before what an experimenter says of itself. */
function decoder(name: string, doc: string, messages: readonly MessageSchema[], header: number): string {
  const numberOf = (schema: MessageSchema): number => schema.multipart ?? schema.code;
  const own = messages.filter((schema) => schema.experimenter !== undefined);
  const ids = [...new Set(own.map((schema) => schema.experimenter?.id ?? 0))];
  const generic = name === 'Body' ? EXPERIMENTER : EXPERIMENTER_MULTIPART;
  const call = (schema: MessageSchema) => `return decode${pascal(schema.type)}(view, off, end);\n`;
  const parameters = 'view: DataView, off: number, end: number): KnownMessage | undefined {\n';
  const ask =
    own.length === 0
      ? ''
      : `      const known = decode${name}OfExperimenter(view, off, end);\n      if (known !== undefined) return known;\n`;
  const named = messages.filter((schema) => schema.experimenter === undefined);
  return [
    `/** ${doc} */\n`,
    `export function decode${name}(number: number, ${parameters}`,
    '  switch (number) {\n',
    ...named.map((schema) =>
      numberOf(schema) === generic
        ? `    case ${literal(generic)}: {\n${ask}      ${call(schema)}    }\n`
        : `    case ${literal(numberOf(schema))}:\n      ${call(schema)}`,
    ),
    '    default:\n      return undefined;\n  }\n}\n\n',
    ...(own.length === 0
      ? []
      : [
          `function decode${name}OfExperimenter(${parameters}`,
          `  if (end - off < ${header + 8}) return undefined;\n`,
          `  switch (view.getUint32(off${header === 0 ? '' : ` + ${header}`})) {\n`,
          ...ids.map(
            (id) => `    case ${hex(id, 8)}:\n      return decode${name}Of${hex(id, 8)}(view, off, end);\n`,
          ),
          '    default:\n      return undefined;\n  }\n}\n\n',
          ...ids.flatMap((id) => [
            `function decode${name}Of${hex(id, 8)}(${parameters}`,
            `  switch (view.getUint32(off + ${header + 4})) {\n`,
            ...own
              .filter((schema) => schema.experimenter?.id === id)
              .map((schema) => `    case ${schema.experimenter?.subtype}:\n      ${call(schema)}`),
            '    default:\n      return undefined;\n  }\n}\n\n',
          ]),
        ]),
  ].join('');
}
