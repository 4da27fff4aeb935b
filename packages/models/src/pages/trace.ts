/**
 * Which pages a VM writes, interval by interval: made up, or recorded. A recorded trace is text with one line an interval
 * and the page numbers written in it between blanks; ranges as `12-40`.
 */

export interface PageTrace {
  readonly pages: number;
  /** Length of every interval. */
  readonly intervalSec: number;
  /** Distinct pages written in each interval, rising. */
  readonly written: readonly Uint32Array[];
}

export interface SyntheticTrace {
  readonly pages: number;
  readonly intervals: number;
  readonly intervalSec: number;
  /** Share of the pages that is hot, and the probability that a hot page is written in an interval. */
  readonly hotShare: number;
  readonly hotProbability: number;
  readonly coldProbability: number;
  /** In these intervals [from, to) all pages are written with `surgeProbability`. */
  readonly surge?: { readonly from: number; readonly to: number; readonly probability: number };
  readonly seed: number;
}

/** Every page written independently: an assumption, and the kindest one for a predictor. */
export function syntheticTrace(of: SyntheticTrace): PageTrace {
  const next = sequence(of.seed);
  const hot = Math.round(of.pages * of.hotShare);
  const written = Array.from({ length: of.intervals }, (_, interval) => {
    const isSurge = of.surge !== undefined && interval >= of.surge.from && interval < of.surge.to;
    const found: number[] = [];
    for (let page = 0; page < of.pages; page += 1) {
      const usual = page < hot ? of.hotProbability : of.coldProbability;
      if (next() < (isSurge ? (of.surge?.probability ?? 0) : usual)) found.push(page);
    }
    return Uint32Array.from(found);
  });
  return { pages: of.pages, intervalSec: of.intervalSec, written };
}

export type TraceText =
  | { readonly ok: true; readonly trace: PageTrace }
  | { readonly ok: false; readonly line: number; readonly message: string };

export function readTrace(
  text: string,
  of: { readonly pages: number; readonly intervalSec: number },
): TraceText {
  const written: Uint32Array[] = [];
  const lines = text.replace(/\n$/, '').split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    const found = new Set<number>();
    for (const word of line.split(/\s+/).filter((part) => part !== '')) {
      const match = /^(\d+)(?:-(\d+))?$/.exec(word);
      const from = Number(match?.[1]);
      const to = Number(match?.[2] ?? match?.[1]);
      if (match === null || to < from || to >= of.pages)
        return { ok: false, line: index + 1, message: `"${word}" is not a page or range below ${of.pages}` };
      for (let page = from; page <= to; page += 1) found.add(page);
    }
    written.push(Uint32Array.from([...found].sort((a, b) => a - b)));
  }
  return { ok: true, trace: { ...of, written } };
}

function sequence(seed: number): () => number {
  let state = seed % 2147483648;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}
