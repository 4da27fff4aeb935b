/**
 * What is not sent of a page: deltas to a copy the other side has, and content it has from elsewhere (CloudNet). The
 * slides give total volumes only, so the share that both leave is calibrated to them; how it splits is an assumption.
 */

export interface PageCompression {
  /** δ: mean size of a delta, of a page; 1 sends whole pages. */
  readonly deltaRatio: number;
  /** Share of pages whose old copy is still in the sender's cache, so that a delta can be made at all. */
  readonly cacheHitShare: number;
  /** h: share of content found by its hash on the other side; from round 0 on. */
  readonly redundantShare: number;
  /** Share of a page that an index costs instead of found content. */
  readonly indexRatio: number;
}

/** Bytes of a round for each byte of its pages. */
export function wireShare(round: number, of: PageCompression): number {
  const found = of.redundantShare * of.indexRatio;
  const rest = 1 - of.redundantShare;
  const delta = round === 0 ? 1 : 1 - of.cacheHitShare * (1 - of.deltaRatio);
  return found + rest * delta;
}

/** Mean delta to expect when a page of so many words has that many changed: runs of zeros cost their lengths. */
export const deltaOf = (changedBytes: number, runs: number, pageBytes: number): number =>
  Math.min(1, (changedBytes + runs * RUN_HEADER_BYTES) / pageBytes);

/** Two lengths a run, in one or two bytes each (XBZRLE). */
const RUN_HEADER_BYTES = 3;

/**
 * The share left of pages after round 0 with which a VM of `memoryBytes` sends `sentBytes` where whole pages would be
 * `plainBytes`; null when no share from 0 to 1 explains it.
 */
export function calibratedShare(of: {
  readonly memoryBytes: number;
  readonly plainBytes: number;
  readonly sentBytes: number;
}): number | null {
  const later = of.plainBytes - of.memoryBytes;
  if (later <= 0) return null;
  const share = (of.sentBytes - of.memoryBytes) / later;
  return share >= 0 && share <= 1 ? share : null;
}
