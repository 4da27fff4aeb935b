/**
 * Messages by hand: `vectors/*.txt`. A line `== title` begins a message; hexadecimal digits follow, with comments
 * after `#`. They cover what no program at hand sends.
 */
import { readdirSync, readFileSync } from 'node:fs';

export interface Vector {
  readonly title: string;
  readonly hex: string;
}

const folder = new URL('./vectors/', import.meta.url);

export function readVectors(): readonly Vector[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .flatMap((file) => readFileSync(new URL(file, folder), 'utf8').split(/^== /m).slice(1).map(vectorOf));
}

function vectorOf(text: string): Vector {
  const [title = '', ...lines] = text.split('\n');
  return { title, hex: lines.map((line) => line.replace(/#.*/, '').replace(/\s+/g, '')).join('') };
}
