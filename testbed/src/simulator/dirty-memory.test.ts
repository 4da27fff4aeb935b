import { describe, expect, it } from 'vitest';
import { DirtyMemory } from './dirty-memory.ts';

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
    expect(new DirtyMemory(workload).dirtiedBytes(0, 2)).toBe(20 * PAGE);
    expect(new DirtyMemory(workload).dirtiedBytes(0, 60)).toBe(50 * PAGE);
    expect(new DirtyMemory(workload).dirtiedBytes(3, 3)).toBe(0);
  });
  it('adds up over phases, and the last phase stays', () => {
    const workload = { repeat: false, phases: [phase(10, 10, 1000), phase(10, 30, 1000)] };
    expect(new DirtyMemory(workload).dirtiedBytes(5, 15)).toBe((50 + 150) * PAGE);
    expect(new DirtyMemory(workload).phaseAt(500)).toBe(workload.phases[1]);
  });
  it('starts anew when the workload repeats', () => {
    const workload = { repeat: true, phases: [phase(1, 10, 1000), phase(1, 30, 1000)] };
    expect(new DirtyMemory(workload).dirtiedBytes(0, 4)).toBe(80 * PAGE);
  });
  it('of many short phases is what they dirty one after the other', () => {
    const phases = Array.from({ length: 100 }, (_, index) => phase(0.125, 8 * (index + 1), 100_000));
    const [once, again] = [
      new DirtyMemory({ repeat: false, phases }),
      new DirtyMemory({ repeat: true, phases }),
    ];
    for (const [from, to] of [
      [0, 12.5],
      [3.25, 7.125],
      [12.25, 12.5],
    ] as const)
      expect(again.dirtiedBytes(from, to)).toBe(once.dirtiedBytes(from, to));
    expect(again.dirtiedBytes(0, 37.5)).toBe(3 * once.dirtiedBytes(0, 12.5));
  });
  it('meets fewer distinct pages when they are drawn at random', () => {
    const workload = { repeat: false, phases: [phase(100, 100, 100, 'random')] };
    expect(new DirtyMemory(workload).dirtiedBytes(0, 1)).toBe(Math.floor(100 * (1 - Math.exp(-1))) * PAGE);
  });
});
