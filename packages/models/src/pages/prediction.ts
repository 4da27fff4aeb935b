/**
 * Pre-copy page by page over a trace, with and without probability prediction of dirty pages (PPC: Fang, Chen, Ge 2016,
 * read as abstract: predict how likely each page becomes dirty, do not send likely ones again and again). The predictor
 * itself is our assumption: an exponentially weighted share of intervals in which the page was written; pages above a
 * limit are held back until the stop-and-copy.
 * Indices stay within the arrays they were made for, hence the casts.
 */
import type { PageTrace } from './trace.ts';

export interface PagePrecopy {
  readonly trace: PageTrace;
  readonly pageBytes: number;
  readonly rateBitsPerSec: number;
  /** Rounds after round 0; the last one is the stop-and-copy. */
  readonly roundsMax: number;
  /** A rest of at most so many pages is sent with the VM stopped. */
  readonly thresholdPages: number;
  /** null: every dirty page is sent in the next round. */
  readonly prediction: {
    /** Weight of the newest interval. */
    readonly weight: number;
    /** Pages more likely than this are held back. */
    readonly holdAbove: number;
  } | null;
}

export interface PageRound {
  readonly phase: 'precopy' | 'stop_and_copy';
  readonly sentPages: number;
  /** Dirty, but likely to be dirtied again. */
  readonly heldPages: number;
  readonly seconds: number;
}

export interface PagePrecopyResult {
  readonly rounds: readonly PageRound[];
  readonly totalTimeSec: number;
  readonly stopAndCopySec: number;
  readonly sentPages: number;
  /** Of predictions over pages and intervals: right ones. 0 without any. */
  readonly hitShare: number;
}

/** The trace begins again where a migration outlasts it. A round that ends within an interval dirties its share of it. */
export function pagePrecopy(of: PagePrecopy): PagePrecopyResult {
  const { trace, prediction } = of;
  const secondsPerPage = (of.pageBytes * 8) / of.rateBitsPerSec;
  const likely = new Float64Array(trace.pages);
  const dirty = new Uint8Array(trace.pages).fill(1);
  const rounds: PageRound[] = [];
  let clock = 0;
  let seen = 0;
  let [hits, guesses] = [0, 0];
  let total = 0;
  let sentPages = 0;
  for (let round = 0; ; round += 1) {
    const left = dirty.reduce((sum, flag) => sum + flag, 0);
    if (round > 0 && (left <= of.thresholdPages || round >= of.roundsMax)) return finish(left);
    let [sent, held] = [0, 0];
    for (let page = 0; page < trace.pages; page += 1) {
      if (dirty[page] === 0) continue;
      const isHeld = round > 0 && prediction !== null && (likely[page] as number) > prediction.holdAbove;
      if (isHeld) held += 1;
      else {
        dirty[page] = 0;
        sent += 1;
      }
    }
    // Nothing but likely pages is left: another round would send nothing.
    if (round > 0 && sent === 0) return finish(left);
    const seconds = sent * secondsPerPage;
    advance(seconds);
    rounds.push({ phase: 'precopy', sentPages: sent, heldPages: held, seconds });
    total += seconds;
    sentPages += sent;
  }

  function finish(left: number): PagePrecopyResult {
    const seconds = left * secondsPerPage;
    rounds.push({ phase: 'stop_and_copy', sentPages: left, heldPages: 0, seconds });
    return {
      rounds,
      totalTimeSec: total + seconds,
      stopAndCopySec: seconds,
      sentPages: sentPages + left,
      hitShare: guesses === 0 ? 0 : hits / guesses,
    };
  }

  /** Writes of the next `seconds`; intervals that end meanwhile teach the predictor. */
  function advance(seconds: number): void {
    const end = clock + seconds;
    while (trace.written.length > 0 && clock < end) {
      const edge = (seen + 1) * trace.intervalSec;
      const part = Math.min(end, edge) - clock;
      const written = trace.written[seen % trace.written.length] as Uint32Array;
      const from = Math.round(((clock - seen * trace.intervalSec) / trace.intervalSec) * written.length);
      const to = Math.round(((clock + part - seen * trace.intervalSec) / trace.intervalSec) * written.length);
      for (let index = from; index < to; index += 1) dirty[written[index] as number] = 1;
      clock += part;
      if (clock < edge - 1e-12 * edge) break;
      learn(written);
      seen += 1;
      clock = edge;
    }
    clock = end;
  }

  function learn(written: Uint32Array): void {
    if (prediction === null) return;
    let at = 0;
    for (let page = 0; page < trace.pages; page += 1) {
      const isWritten = written[at] === page;
      if (isWritten) at += 1;
      if (seen > 0) {
        guesses += 1;
        if ((likely[page] as number) > prediction.holdAbove === isWritten) hits += 1;
      }
      likely[page] = (1 - prediction.weight) * (likely[page] as number) + (isWritten ? prediction.weight : 0);
    }
  }
}
