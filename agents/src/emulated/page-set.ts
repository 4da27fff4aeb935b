/** Sets of pages as bitmaps: page p is byte p/8, bit p%8. */

export function pagesOf(bitmap: Buffer): Uint32Array {
  const pages: number[] = [];
  for (let at = 0; at < bitmap.length; at += 1) {
    let bits = bitmap[at] ?? 0;
    for (let bit = 0; bits !== 0; bit += 1, bits >>= 1) if (bits & 1) pages.push(at * 8 + bit);
  }
  return Uint32Array.from(pages);
}

export const allPages = (pageCount: number): Uint32Array =>
  Uint32Array.from({ length: pageCount }, (_, page) => page);

/** Pages in either bitmap; both must be of the same VM. */
export function union(a: Buffer, b: Buffer): Buffer {
  const both = Buffer.from(a);
  for (let at = 0; at < both.length; at += 1) both[at] = (both[at] ?? 0) | (b[at] ?? 0);
  return both;
}
