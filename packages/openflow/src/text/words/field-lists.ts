/**
 * Lists of fields as Open vSwitch shortens them: neighbours that begin alike share their beginning in braces, numbers
 * that follow each other become the first and the last: `eth_{src,dst}`, `reg0...reg15`.
 */
import { FIELDS } from './fields.ts';

const PLACES = new Map(FIELDS.map(({ name }, place) => [name, place] as const));

/** Names of fields in the order of Open vSwitch, shortened. */
export function fieldListText(names: Iterable<string>): string {
  const place = (name: string): number => PLACES.get(name) ?? PLACES.size;
  const inOrder = [...new Set(names)].sort((a, b) => place(a) - place(b));
  return shortened(inOrder).join(' ');
}

function shortened(names: readonly string[]): readonly string[] {
  const texts: string[] = [];
  for (let at = 0; at < names.length; ) {
    const series = seriesLength(names, at);
    const family = familyLength(names, at);
    const [first = '', last = ''] = [names[at], names[at + series - 1]];
    if (series >= SERIES_MIN) {
      texts.push(`${first}...${last}`);
      at += series;
    } else if (family > 1) {
      const prefix = prefixOf(first);
      const rest = names.slice(at, at + family).map((name) => name.slice(prefix.length));
      texts.push(`${prefix}{${shortened(rest).join(',')}}`);
      at += family;
    } else {
      texts.push(first);
      at += 1;
    }
  }
  return texts;
}

const SERIES_MIN = 3;

/** `eth_` of `eth_src`; '' when nothing could be shared. */
const prefixOf = (name: string): string => /^[^_]+_/.exec(name)?.[0] ?? '';

function familyLength(names: readonly string[], from: number): number {
  const prefix = prefixOf(names[from] ?? '');
  if (prefix === '') return 1;
  let end = from + 1;
  while (names[end]?.startsWith(prefix) === true) end += 1;
  return end - from;
}

function seriesLength(names: readonly string[], from: number): number {
  const [, stem, number] = /^(.*?)(\d+)$/.exec(names[from] ?? '') ?? [];
  if (stem === undefined) return 1;
  let end = from + 1;
  while (names[end] === `${stem}${Number(number) + end - from}`) end += 1;
  return end - from;
}

/** `1-3,7`. */
export function rangesText(numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const texts: string[] = [];
  for (let at = 0; at < sorted.length; ) {
    const first = sorted[at] ?? 0;
    let end = at + 1;
    while (sorted[end] === first + end - at) end += 1;
    texts.push(end - at === 1 ? `${first}` : `${first}-${first + end - at - 1}`);
    at = end;
  }
  return texts.join(',');
}
