/**
 * Reads `lines/*.txt`. A section begins with `[what]`:
 *
 *   [add-flows OPTIONS]    one flow a line, all of a section in as few runs as ovs-ofctl allows
 *   [add-groups OPTIONS]   the same with groups
 *   [bundle]               the whole section is one bundle file
 *   [run]                  each line is one run; BR is the switch
 *   [monitor]              each line is one run that has to be ended
 *
 * A line that some version refuses is no mistake: refusals are part of the corpus.
 */
import { readdirSync, readFileSync } from 'node:fs';

export interface Section {
  readonly file: string;
  readonly kind: 'add-flows' | 'add-groups' | 'bundle' | 'run' | 'monitor';
  readonly options: readonly string[];
  readonly lines: readonly string[];
}

const KINDS: readonly Section['kind'][] = ['add-flows', 'add-groups', 'bundle', 'run', 'monitor'];
const folder = new URL('./lines/', import.meta.url);

export function readSections(): readonly Section[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .flatMap((file) => sectionsOf(file, readFileSync(new URL(file, folder), 'utf8')));
}

function sectionsOf(file: string, text: string): readonly Section[] {
  const sections: (Section & { lines: string[] })[] = [];
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const heading = /^\[(\S+)(?: (.*))?\]$/.exec(line);
    if (heading === null) {
      sections.at(-1)?.lines.push(line);
      continue;
    }
    const kind = KINDS.find((one) => one === heading[1]);
    if (kind === undefined) throw new Error(`${file}: there is no section [${heading[1]}]`);
    sections.push({ file, kind, options: heading[2]?.split(' ') ?? [], lines: [] });
  }
  return sections;
}

/** Splits at blanks; single quotes keep them. */
export function splitArguments(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
}
