/**
 * Every layout in one place: what the generator and the annotator read. The folders are the register: a file put
 * into messages/, structs/ or tables/ is found here without being named.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MessageSchema, StructSchema, UnionMember, UnionSchema } from './dsl.ts';
import { VERSIONS, type Version } from './versions.ts';

type AnySchema = MessageSchema | StructSchema | UnionSchema;

/** What one version of the protocol consists of. */
export interface VersionSchema {
  readonly version: Version;
  readonly messages: readonly MessageSchema[];
  readonly structs: readonly StructSchema[];
  readonly unions: readonly UnionSchema[];
}

export const versions: readonly VersionSchema[] = await load();

/** The layouts of one version. */
export function schemaOf(version: Version): VersionSchema {
  const found = versions.find((schema) => schema.version === version);
  if (found === undefined) throw new Error(`no schema of ${version}`);
  return found;
}

async function load(): Promise<readonly VersionSchema[]> {
  const all: AnySchema[] = [];
  for (const folder of ['messages', 'structs', 'tables']) {
    const path = join(import.meta.dirname, folder);
    for (const file of readdirSync(path).sort()) {
      const module: Record<string, unknown> = await import(pathToFileURL(join(path, file)).href);
      all.push(...Object.values(module).flat().filter(isSchema));
    }
  }
  return VERSIONS.map((version) => resolve(version, all));
}

function isSchema(value: unknown): value is AnySchema {
  return typeof value === 'object' && value !== null && 'schema' in value;
}

function resolve(version: Version, all: readonly AnySchema[]): VersionSchema {
  const mine = all.filter((schema) => schema.versions.includes(version));
  const messages = mine.filter((schema) => schema.schema === 'message');
  // By name: in which order a module lists what it exports depends on who loads it.
  const structs = mine.filter((schema) => schema.schema === 'struct').toSorted(byName);
  const unions = mine
    .filter((schema) => schema.schema === 'union')
    .map((schema) => ({
      ...schema,
      members: schema.members.filter((member) => hasMember(member, version)),
    }))
    .toSorted(byName);
  refuseTwice(
    version,
    messages.map((schema) => schema.type),
  );
  refuseTwice(version, [...structs.map((schema) => schema.name), ...unions.map((schema) => schema.name)]);
  return {
    version,
    messages: messages.toSorted(
      (a, b) => a.code - b.code || (a.multipart ?? -1) - (b.multipart ?? -1) || (a.type < b.type ? -1 : 1),
    ),
    structs,
    unions,
  };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}

function hasMember(member: UnionMember, version: Version): boolean {
  return member.versions === undefined || member.versions.includes(version);
}

function refuseTwice(version: Version, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`${version} has two layouts of ${twice}`);
}
