import type { MigrationRecord } from '@sluice/controller';
import { describe, expect, it } from 'vitest';
import type { Io } from '../io.ts';
import { createProgress, progressLine } from './progress.ts';

const record = (phase: string, remainingBytes: number | null): MigrationRecord =>
  ({
    vm: 'web',
    source: 'h1',
    destination: 'h2',
    phase,
    vmProfile: { memoryBytes: 100e6 },
    rounds:
      remainingBytes === null
        ? []
        : [{ round: 1, remainingBytes, reservedBitsPerSec: 57.4e6, dirtyRateBytesPerSec: 2e6 }],
  }) as unknown as MigrationRecord;

function setup(isTerminal: boolean) {
  let text = '';
  let nowMs = 0;
  const err = (part: string) => {
    text += part;
  };
  const progress = createProgress({ isTerminal, err } as unknown as Io, { quiet: false, nowMs: () => nowMs });
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { progress, text: () => text, pass };
}

describe('progress', () => {
  it('says what is where, with units', () => {
    expect(progressLine(record('precopy', 25e6))).toBe(
      'web h1 -> h2  [##################......]  75 %  precopy  round 1  remaining 25.0 MB  reserved 57.4 Mbit/s  dirty 2.00 MB/s',
    );
    expect(progressLine(record('preparing', null))).toContain('[........................]   0 %');
    expect(progressLine(record('completed', 25e6))).toContain('100 %');
  });

  it('is a line a second at most when nobody watches a terminal', () => {
    const { progress, text, pass } = setup(false);
    for (const remaining of [90e6, 80e6, 70e6]) {
      progress.show(record('precopy', remaining));
      pass(400);
    }
    progress.show(record('precopy', 60e6));
    progress.end();
    expect(text().match(/remaining \d+/g)).toEqual(['remaining 90', 'remaining 60']);
  });

  it('is drawn over itself on a terminal', () => {
    const { progress, text } = setup(true);
    progress.show(record('precopy', 90e6));
    progress.show(record('precopy', 90e6));
    progress.show(record('precopy', 80e6));
    progress.end();
    expect(text().split('\r\u001b[K')).toHaveLength(3);
    expect(text().endsWith('\n')).toBe(true);
  });
});
