import { describe, expect, it } from 'vitest';
import { switchoverCost } from './hitless.ts';

const echo = (seq: number, sentMs: number, receivedMs: number) => ({ seq, sentMs, receivedMs });
/** One probe a millisecond, answered half a millisecond later, until the guest stops at 100. */
const before = Array.from({ length: 100 }, (_, ms) => echo(ms, ms, ms + 0.5));
const instants = { stopMs: 100, resumeMs: 150 };

describe('the outage of a switchover', () => {
  it('is the guest waking up as long as a probe lies at its port unanswered', () => {
    const after = Array.from({ length: 80 }, (_, index) =>
      echo(120 + index, 120 + index, 170.5 + index / 10),
    );
    const sent = [
      { atMs: 151, frames: 1 },
      { atMs: 170, frames: 9 },
    ];
    expect(switchoverCost([...before, ...after], instants, sent)).toEqual({
      ...{ gapMs: 71, stoppedMs: 50, wakingMs: 20, networkMs: 1 },
      ...{ lost: 20, flippedMs: 20 },
    });
  });

  it('is the network as long as nothing reaches a guest that runs', () => {
    const after = Array.from({ length: 80 }, (_, index) => echo(180 + index, 180 + index, 181 + index));
    const sent = [{ atMs: 180.5, frames: 3 }];
    const { wakingMs, networkMs, lost, flippedMs } = switchoverCost([...before, ...after], instants, sent);
    expect(wakingMs).toBe(0.5);
    expect(networkMs).toBe(31);
    expect(lost).toBe(80);
    expect(flippedMs).toBe(80);
  });

  it('loses nothing where every probe is answered in the end', () => {
    const after = Array.from({ length: 80 }, (_, index) => echo(100 + index, 100 + index, 151 + index));
    const sent = [{ atMs: 150.5, frames: 5 }];
    const cost = switchoverCost([...before, ...after], instants, sent);
    expect(cost).toMatchObject({ lost: 0, flippedMs: -1 });
  });

  it('cannot be told of a guest that is not heard again', () => {
    expect(() => switchoverCost(before, instants, [])).toThrow('was not heard');
  });
});
