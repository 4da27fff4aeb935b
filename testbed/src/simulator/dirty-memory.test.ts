import { describe, expect, it } from 'vitest';
import { dirtiedBytes, phaseAt } from './dirty-memory.ts';

const PAGE = 4096;
const phase = (
  durationSec: number,
  pagesPerSec: number,
  pages: number,
  pattern: 'cyclic' | 'random' = 'cyclic',
) => ({
  durationSec,
  dirtyRateBytesPerSec: pagesPerSec * PAGE,
  workingSetBytes: pages * PAGE,
  pattern,
});

describe('dirtied memory', () => {
  it('grows with time until the working set is through', () => {
    const workload = { repeat: false, phases: [phase(100, 10, 50)] };
    expect(dirtiedBytes(workload, 0, 2)).toBe(20 * PAGE);
    expect(dirtiedBytes(workload, 0, 60)).toBe(50 * PAGE);
    expect(dirtiedBytes(workload, 3, 3)).toBe(0);
  });
  it('adds up over phases, and the last phase stays', () => {
    const workload = { repeat: false, phases: [phase(10, 10, 1000), phase(10, 30, 1000)] };
    expect(dirtiedBytes(workload, 5, 15)).toBe((50 + 150) * PAGE);
    expect(phaseAt(workload, 500).phase).toBe(workload.phases[1]);
  });
  it('starts anew when the workload repeats', () => {
    const workload = { repeat: true, phases: [phase(1, 10, 1000), phase(1, 30, 1000)] };
    expect(dirtiedBytes(workload, 0, 4)).toBe(80 * PAGE);
  });
  it('meets fewer distinct pages when they are drawn at random', () => {
    const workload = { repeat: false, phases: [phase(100, 100, 100, 'random')] };
    expect(dirtiedBytes(workload, 0, 1)).toBe(Math.floor(100 * (1 - Math.exp(-1))) * PAGE);
  });
});
