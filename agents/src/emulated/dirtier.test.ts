import { describe, expect, it } from 'vitest';
import { dirtyProfileSchema, PAGE_BYTES } from '../config.ts';
import { advance, DIRTY_CATCH_UP_MS, START } from './dirtier.ts';

const TICK_MS = 5;
const run = (input: unknown, durationMs: number, from = START) => {
  const profile = dirtyProfileSchema.parse(input);
  const written: number[] = [];
  let position = from;
  for (let at = 0; at < durationMs; at += TICK_MS)
    position = advance(profile, position, TICK_MS, (page) => written.push(page));
  return { written, position };
};
const phase = (durationSec: number, pagesPerSec: number, pages: number, pattern = 'cyclic') => ({
  durationSec,
  dirtyRateBytesPerSec: pagesPerSec * PAGE_BYTES,
  workingSetBytes: pages * PAGE_BYTES,
  pattern,
});

describe('a dirtying guest', () => {
  it('writes at its rate, also when a tick is worth less than a page', () => {
    expect(run({ phases: [phase(1, 30, 10)] }, 10_000).written).toHaveLength(300);
  });

  it('stays within its working set, cyclic in order, random all over', () => {
    expect(run({ phases: [phase(1, 7, 3)] }, 1000).written).toEqual([1, 2, 0, 1, 2, 0, 1]);
    const random = run({ phases: [phase(1, 1000, 16, 'random')] }, 1000).written;
    expect(new Set(random).size).toBe(16);
    expect(Math.max(...random)).toBe(15);
  });

  it('goes through its phases; the last one stays', () => {
    const phases = [phase(1, 100, 10), phase(1, 300, 10)];
    expect(run({ phases }, 1000).written).toHaveLength(100);
    expect(run({ phases }, 2000).written).toHaveLength(400);
    expect(run({ phases }, 4000).written).toHaveLength(1000);
  });

  it('begins again after its phases when they repeat', () => {
    const phases = [phase(1, 100, 10), phase(1, 300, 10)];
    expect(run({ phases, repeat: true }, 4000).written).toHaveLength(800);
  });

  it('writes more in a burst', () => {
    const burst = { periodSec: 1, durationSec: 0.5, dirtyRateBytesPerSec: 200 * PAGE_BYTES };
    expect(run({ phases: [phase(9, 100, 10)], burst }, 2000).written).toHaveLength(400);
  });

  it('goes on where it was when its position is carried over', () => {
    const input = { phases: [phase(1, 100, 10), phase(1, 300, 10, 'random')], repeat: true };
    const whole = run(input, 3000);
    const first = run(input, 1700);
    const second = run(input, 1300, first.position);
    expect([...first.written, ...second.written]).toEqual(whole.written);
  });

  it('writes less while it is throttled', () => {
    const written: number[] = [];
    const profile = dirtyProfileSchema.parse({ phases: [phase(99, 1000, 10)] });
    advance(profile, START, 100, (page) => written.push(page), 0.75);
    expect(written).toHaveLength(25);
  });

  it('does not make up for a long stall', () => {
    const written: number[] = [];
    const profile = dirtyProfileSchema.parse({ phases: [phase(99, 100, 10)] });
    advance(profile, START, 10_000, (page) => written.push(page));
    expect(written).toHaveLength((100 * DIRTY_CATCH_UP_MS) / 1000);
  });
});
