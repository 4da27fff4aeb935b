/** The hand-written codecs of src/runtime/custom/: which file exports which name. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '..', 'src', 'runtime', 'custom');

export function customFiles(): ReadonlyMap<string, string> {
  const names = existsSync(FOLDER) ? readdirSync(FOLDER) : [];
  return new Map(
    names
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .flatMap((file) => exportsOf(file).map((name) => [name, `../../../runtime/custom/${file}`] as const)),
  );
}

const exportsOf = (file: string): string[] =>
  [
    ...readFileSync(join(FOLDER, file), 'utf8').matchAll(
      /^export (?:function|const|interface|type) ([A-Za-z0-9]+)/gm,
    ),
  ].map((found) => found[1] ?? '');
