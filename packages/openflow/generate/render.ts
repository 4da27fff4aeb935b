/** All generated files in memory, by name. The test compares them with what is committed. */
import { messages, structs, unions } from '../schema/index.ts';
import { oxmRows } from '../schema/tables/oxm.ts';
import { constantsFile } from './constants.ts';
import { structFile, unionFile } from './elements.ts';
import { matchDecodeFile, matchEncodeFile, matchTypesFile } from './match.ts';
import { dispatchFile, doorFile, messageFile, structsDoorFile } from './messages.ts';
import { elementInterface, kebab, pascal } from './names.ts';

export function render(): ReadonlyMap<string, string> {
  const elements = new Set([...structs.map((schema) => schema.name), ...unions.map((schema) => schema.name)]);
  const files = new Map<string, string>();
  for (const schema of structs) files.set(`${kebab(schema.name)}.ts`, structFile(schema, elements));
  for (const schema of unions) files.set(`${kebab(schema.name)}.ts`, unionFile(schema, elements));
  for (const schema of messages) files.set(`${kebab(schema.type)}.ts`, messageFile(schema, elements));
  files.set('match-types.ts', matchTypesFile(oxmRows));
  files.set('match-decode.ts', matchDecodeFile(oxmRows));
  files.set('match-encode.ts', matchEncodeFile(oxmRows));
  files.set('constants.ts', constantsFile());
  files.set('structs.ts', structsDoorFile(structs.map((schema) => schema.name)));
  files.set('messages.ts', dispatchFile(messages));
  const members = unions.map((schema) => ({
    name: schema.name,
    members: [
      ...schema.members.map((member) => elementInterface(schema.name, member.type)),
      `Unknown${pascal(schema.name)}`,
    ],
  }));
  files.set(
    'index.ts',
    doorFile(
      messages,
      structs.map((schema) => schema.name),
      members,
    ),
  );
  return files;
}
