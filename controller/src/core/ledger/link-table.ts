/**
 * The sums of every link, by the link's number. Chunks of rows are copied on write: links of a path lie close together,
 * a cable's two directions side by side.
 */
import type { Hold } from './hold.ts';
import { EMPTY_ROW, type LinkRow, rowWith } from './link-row.ts';

export interface LinkTable {
  readonly chunks: readonly (readonly LinkRow[])[];
}

const CHUNK_BITS = 5;
const CHUNK_SIZE = 1 << CHUNK_BITS;

export const emptyTable = (links: number): LinkTable => {
  const empty: readonly LinkRow[] = Array.from({ length: CHUNK_SIZE }, () => EMPTY_ROW);
  return { chunks: Array.from({ length: Math.ceil(links / CHUNK_SIZE) }, () => empty) };
};

export const rowOf = (table: LinkTable, link: number): LinkRow =>
  table.chunks[link >> CHUNK_BITS]?.[link & (CHUNK_SIZE - 1)] ?? EMPTY_ROW;

/** With a hold as it is after a change in place of what it was before; null = it was or is not there. */
export function rebooked(table: LinkTable, before: Hold | null, after: Hold | null, now: number): LinkTable {
  const chunks = table.chunks.slice();
  const rebook = (link: number) => {
    const place = link >> CHUNK_BITS;
    const old = table.chunks[place];
    // Copied once for each change of the table.
    const chunk = chunks[place] === old ? (old ?? []).slice() : (chunks[place] as LinkRow[]);
    chunk[link & (CHUNK_SIZE - 1)] = rowWith(rowOf(table, link), link, { before, after, now });
    chunks[place] = chunk;
  };
  const some = after ?? before;
  for (const link of some?.forwardLinks ?? []) rebook(link);
  for (const link of some?.reverseLinks ?? []) if (!some?.forwardLinks.includes(link)) rebook(link);
  if (before === null || after === null || isSameFootprint(before, after)) return { chunks };
  for (const link of new Set([...before.forwardLinks, ...before.reverseLinks]))
    if (!after.forwardLinks.includes(link) && !after.reverseLinks.includes(link)) rebook(link);
  return { chunks };
}

const isSameFootprint = (a: Hold, b: Hold): boolean =>
  a.forwardLinks === b.forwardLinks && a.reverseLinks === b.reverseLinks;
