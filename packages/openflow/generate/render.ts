/**
 * All generated files in memory, by path. A version has a folder; a file that would equal, with everything it
 * refers to, that of a version written before is not written again: the later version refers to the earlier file.
 */
import type { MessageSchema, StructSchema, UnionSchema } from '../schema/dsl.ts';
import { schemaOf, type VersionSchema } from '../schema/index.ts';
import { basicRows, oxmRows } from '../schema/tables/oxm/index.ts';
import type { Version } from '../schema/versions.ts';
import { constantsFile } from './constants.ts';
import { customFiles } from './customs.ts';
import { dispatchFile } from './dispatch.ts';
import { doorFile, structsFile } from './doors.ts';
import { type Scope, structFile, unionFile } from './elements.ts';
import { fixedSizeOf } from './fields.ts';
import { matchDecodeFile, matchEncodeFile, matchFieldsFile, matchTypesFile } from './match.ts';
import { messageFile } from './messages.ts';
import { folderOf, kebab } from './names.ts';

/** The most used first: what others share with it stands in its folder. */
const ORDER: readonly Version[] = ['1.3', '1.4', '1.5', '1.2', '1.1', '1.0'];

/** A file before it has a place: paths of other files stand in it as `@{folder/name.ts}`. */
interface Draft {
  readonly text: string;
  /** Folder-relative paths that the text refers to. */
  readonly refers: readonly string[];
  /** Path under src/generated/. */
  home: string;
}

export interface Rendered {
  readonly files: ReadonlyMap<string, string>;
  /** What could not be generated, and why. */
  readonly problems: readonly string[];
}

export function render(): Rendered {
  const problems: string[] = [];
  const files = new Map<string, string>();
  files.set('match-types.ts', matchTypesFile(oxmRows));
  files.set('match-fields.ts', matchFieldsFile(oxmRows));
  files.set('match-decode.ts', matchDecodeFile(basicRows));
  files.set('match-encode.ts', matchEncodeFile(basicRows));
  const done: ReadonlyMap<string, Draft>[] = [];
  for (const version of ORDER) {
    const folder = folderOf(version);
    const whole = schemaOf(version);
    const drafts = draftsOf(whole, (problem) => problems.push(`${version}: ${problem}`));
    const schema = whatIsDrafted(whole, drafts);
    settle(drafts, folder, done);
    done.push(drafts);
    for (const draft of drafts.values()) {
      if (draft.home.startsWith(`${folder}/`)) files.set(draft.home, placed(draft.text, draft.home, drafts));
    }
    const doors = {
      'messages.ts': dispatchFile(schema),
      'index.ts': doorFile(schema),
      'structs.ts': structsFile(schema),
    };
    for (const [name, text] of Object.entries(doors)) {
      files.set(`${folder}/${name}`, placed(text, `${folder}/${name}`, drafts));
    }
    files.set(`${folder}/constants.ts`, constantsFile(version));
  }
  return { files, problems };
}

function draftsOf(schema: VersionSchema, refuse: (problem: string) => void): Map<string, Draft> {
  const { messages, structs, unions } = schema;
  const scope = scopeOf(schema);
  const drafts = new Map<string, Draft>();
  const add = (path: string, write: () => string): void => {
    try {
      const text = write();
      const refers = [...text.matchAll(/@\{([^}]+)\}/g)].map((found) => found[1] ?? '');
      drafts.set(path, { text, refers, home: '' });
    } catch (error) {
      refuse(`${path}: ${error instanceof Error ? error.message : error}`);
    }
  };
  for (const one of structs) add(pathOf(one), () => structFile(one, scope));
  for (const one of unions) add(pathOf(one), () => unionFile(one, scope));
  for (const one of messages) add(pathOf(one), () => messageFile(one, scope));
  for (;;) {
    const broken = [...drafts].find(([, draft]) => draft.refers.some((path) => !drafts.has(path)));
    if (broken === undefined) return drafts;
    refuse(`${broken[0]} refers to a file that is not generated`);
    drafts.delete(broken[0]);
  }
}

const pathOf = (schema: MessageSchema | StructSchema | UnionSchema): string =>
  schema.schema === 'message' ? `messages/${kebab(schema.type)}.ts` : `elements/${kebab(schema.name)}.ts`;

const whatIsDrafted = (schema: VersionSchema, drafts: ReadonlyMap<string, Draft>): VersionSchema => {
  const has = (one: MessageSchema | StructSchema | UnionSchema): boolean => drafts.has(pathOf(one));
  return {
    version: schema.version,
    messages: schema.messages.filter(has),
    structs: schema.structs.filter(has),
    unions: schema.unions.filter(has),
  };
};

function scopeOf({ structs, unions }: VersionSchema): Scope {
  const sizes = new Map(structs.map((one) => [one.name, fixedSizeOf(one.fields)]));
  return {
    elements: new Set([...structs.map((one) => one.name), ...unions.map((one) => one.name)]),
    customs: customFiles(),
    sizeOf: (tag) => sizes.get(tag),
  };
}

/** Gives every draft its place: the folder of this version, or where an equal file stands already. */
function settle(
  drafts: ReadonlyMap<string, Draft>,
  folder: string,
  done: readonly ReadonlyMap<string, Draft>[],
): void {
  const visit = (path: string, outer: readonly string[]): string => {
    const draft = drafts.get(path);
    if (draft === undefined) throw new Error(`nothing generates ${path}`);
    if (draft.home !== '') return draft.home;
    if (outer.includes(path)) throw new Error(`${[...outer, path].join(' > ')} is a circle`);
    const homes = draft.refers.map((other) => visit(other, [...outer, path]));
    const twin = done
      .map((others) => others.get(path))
      .find(
        (other) =>
          other?.text === draft.text &&
          other.refers.every((_, index) => homeOf(other, index, done) === homes[index]),
      );
    draft.home = twin?.home ?? `${folder}/${path}`;
    return draft.home;
  };
  for (const path of drafts.keys()) visit(path, []);
}

/** Where a file that was settled before found what it refers to. */
function homeOf(
  draft: Draft,
  index: number,
  done: readonly ReadonlyMap<string, Draft>[],
): string | undefined {
  const version = done.find((others) => [...others.values()].includes(draft));
  return version?.get(draft.refers[index] ?? '')?.home;
}

/** The text with the paths as they are seen from `home`. */
const placed = (text: string, home: string, drafts: ReadonlyMap<string, Draft>): string =>
  text.replaceAll(/@\{([^}]+)\}/g, (_, path: string) => relativePath(home, drafts.get(path)?.home ?? path));

function relativePath(from: string, to: string): string {
  const folder = from.split('/').slice(0, -1);
  const target = to.split('/');
  while (folder.length > 0 && folder[0] === target[0]) {
    folder.shift();
    target.shift();
  }
  return `${folder.length === 0 ? './' : '../'.repeat(folder.length)}${target.join('/')}`;
}
