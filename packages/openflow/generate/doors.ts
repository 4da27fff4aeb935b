/** The files by which a version's names are opened: `index.ts`, and `structs.ts` for builders of structures. */
import type { VersionSchema } from '../schema/index.ts';
import { camel, elementInterface, messageBuilder, messageInterface, pascal } from './names.ts';
import { at, HEADER } from './text.ts';

export function doorFile({ messages, structs, unions }: VersionSchema): string {
  const line = (names: readonly string[], path: string) => `export { ${names.join(', ')} } from '${path}';\n`;
  const sorted = [...messages].sort((a, b) => (a.type < b.type ? -1 : 1));
  return [
    HEADER,
    ...sorted.map(({ type }) =>
      line([messageBuilder(type), `type ${messageInterface(type)}`], at('messages', type)),
    ),
    ...structs.map(({ name }) =>
      line([...(name === 'bucket' ? [camel(name)] : []), `type ${pascal(name)}`], at('elements', name)),
    ),
    ...unions.map(({ name, members }) =>
      line(
        [
          camel(name),
          `type ${pascal(name)}`,
          ...members.map((member) => `type ${elementInterface(name, member.type)}`),
          `type Unknown${pascal(name)}`,
        ],
        at('elements', name),
      ),
    ),
    "export * from './constants.ts';\n",
    "export { type KnownMessage, MESSAGE_CODES, type Replies } from './messages.ts';\n",
    "export * as struct from './structs.ts';\n",
  ].join('');
}

export const structsFile = ({ structs }: VersionSchema): string =>
  HEADER + structs.map(({ name }) => `export { ${camel(name)} } from '${at('elements', name)}';\n`).join('');
