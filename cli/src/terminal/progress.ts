/** How a migration is told while it runs: one line drawn over on a terminal, else a line a second at most. */
import type { MigrationRecord } from '@sluice/controller';
import type { Io } from '../io.ts';
import * as format from './format.ts';

const BAR_WIDTH = 24;
const LINE_PERIOD_MS = 1_000;

export interface Progress {
  show(record: MigrationRecord): void;
  /** Leaves the last line standing. */
  end(): void;
}

export function createProgress(
  io: Io,
  options: { readonly quiet: boolean; readonly nowMs?: () => number },
): Progress {
  const nowMs = options.nowMs ?? (() => performance.now());
  let last = '';
  let lastAt = Number.NEGATIVE_INFINITY;
  if (options.quiet) return { show: () => {}, end: () => {} };
  return {
    show: (record) => {
      const line = progressLine(record);
      if (line === last) return;
      if (io.isTerminal) io.err(`\r\u001b[K${line}`);
      else if (nowMs() - lastAt >= LINE_PERIOD_MS) {
        lastAt = nowMs();
        io.err(`${line}\n`);
      }
      last = line;
    },
    end: () => {
      if (io.isTerminal && last !== '') io.err('\n');
    },
  };
}

/** The share is of memory that is at the destination and clean, as of the last round boundary. */
export function progressLine(record: MigrationRecord): string {
  const round = record.rounds.at(-1);
  const memory = record.vmProfile.memoryBytes;
  const isThere = record.phase === 'completed';
  const remaining = isThere ? 0 : (round?.remainingBytes ?? memory);
  const share = memory > 0 ? Math.max(0, 1 - remaining / memory) : 0;
  const filled = Math.floor(share * BAR_WIDTH);
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}]`;
  return [
    `${record.vm} ${record.source} -> ${record.destination}`,
    `${bar} ${String(Math.floor(share * 100)).padStart(3)} %`,
    record.phase,
    round ? `round ${round.round}` : 'round 0',
    `remaining ${format.volume(remaining)}`,
    ...(round
      ? [
          `reserved ${format.rate(round.reservedBitsPerSec)}`,
          `dirty ${format.byteRate(round.dirtyRateBytesPerSec)}`,
        ]
      : []),
  ].join('  ');
}
