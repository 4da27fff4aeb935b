import { bitsPerSec, bytes, millis } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { qemuStop } from './qemu.ts';
import { CLOUDNET_WINDOW, smartStop } from './smart-stop.ts';
import type { RoundBehind, StopPolicy, StopReason } from './stop-policy.ts';
import { volumeThreshold } from './threshold.ts';
import { xenCodeStop, xenDefaultStop, xenModernStop, xenNsdiStop } from './xen.ts';

const PAGE = 4096;
const N = 100_000;

/** Plays pages left after each round through a rule; the first round sends all N pages. */
function stopsAt(
  policy: StopPolicy,
  left: readonly number[],
  rateMbitPerSec = 100,
): readonly [number, StopReason] | null {
  const rounds: { sent: ReturnType<typeof bytes>; remaining: ReturnType<typeof bytes> }[] = [];
  let sentTotal = 0;
  for (const [round, pages] of left.entries()) {
    const sent = bytes((round === 0 ? N : (left[round - 1] ?? 0)) * PAGE);
    sentTotal += sent;
    rounds.push({ sent, remaining: bytes(pages * PAGE) });
    const behind: RoundBehind = {
      round,
      sent,
      sentTotal: bytes(sentTotal),
      remaining: bytes(pages * PAGE),
      memory: bytes(N * PAGE),
      rate: bitsPerSec(rateMbitPerSec * 1e6),
      duration: millis((sent * 8) / (rateMbitPerSec * 1e3)),
      rounds,
    };
    const reason = policy(behind);
    if (reason !== null) return [round, reason];
  }
  return null;
}

describe('xen', () => {
  const shrinking = Array.from({ length: 40 }, (_, i) => Math.round(N / 2 ** (i + 1)));

  it('stops after a round that sent fewer than 50 pages, not when fewer are left', () => {
    // 100000/2^11 = 49 pages are left after round 10 and sent in round 11.
    expect(stopsAt(xenDefaultStop(29), shrinking)).toEqual([11, 'few_pages']);
    expect(stopsAt(xenModernStop, shrinking)).toEqual([4, 'rounds_max']);
    expect(stopsAt(xenModernStop, [10])).toEqual([0, 'few_pages']);
  });

  it('stops after 29 rounds, and after more than three times the memory', () => {
    expect(stopsAt(xenDefaultStop(29), Array(40).fill(1000))).toEqual([28, 'rounds_max']);
    expect(stopsAt(xenDefaultStop(29), Array(40).fill(N))).toEqual([3, 'sent_too_much']);
    expect(stopsAt(xenDefaultStop(29), [N, N, 1000, 60, 10, 0])).toEqual([3, 'sent_too_much']);
  });

  it('stops at the highest rate as soon as a round grows', () => {
    const growing = [1000, 2000, 3000];
    expect(stopsAt(xenCodeStop(bitsPerSec(500e6)), growing, 500)).toEqual([2, 'rate_max']);
    expect(stopsAt(xenCodeStop(bitsPerSec(500e6)), growing, 400)).toBeNull();
  });

  it('of the paper stops below 256 KiB, or when it would want more than it may have', () => {
    const limit = xenNsdiStop(bitsPerSec(500e6));
    expect(stopsAt(limit, [1000, 64, 63])).toEqual([2, 'small_rest']);
    // 0.91 of a round dirtied at 500 Mbit/s asks for 505 Mbit/s; 0.9 asks for exactly 500.
    expect(stopsAt(limit, [N * 0.91], 500)).toEqual([0, 'rate_max']);
    expect(stopsAt(limit, [N * 0.9], 500)).toBeNull();
  });
});

describe('qemu', () => {
  it('completes when strictly less is pending than fits, and never otherwise', () => {
    // 100 Mbit/s for 300 ms are 3.75 MB.
    const policy = qemuStop({ downtimeLimit: millis(300), switchoverRate: null });
    const fits = 3.75e6 / PAGE;
    expect(stopsAt(policy, [5000, fits, fits - 1])).toEqual([2, 'downtime_reachable']);
    expect(stopsAt(policy, [5000, 0])).toEqual([1, 'nothing_left']);
    expect(stopsAt(policy, Array(500).fill(5000))).toBeNull();
    const fast = qemuStop({ downtimeLimit: millis(300), switchoverRate: bitsPerSec(1e9) });
    expect(stopsAt(fast, [5000])).toEqual([0, 'downtime_reachable']);
  });
});

describe('smart stop', () => {
  const policy = smartStop({ window: CLOUDNET_WINDOW, roundsMax: 29 });

  it('waits while rounds still shrink, then for a local minimum of the window', () => {
    // Round 4 leaves more than it sent; 2100 is the least of the five before and of itself at round 8.
    const left = [9000, 5000, 3000, 2500, 2800, 2600, 2700, 2550, 2100, 2000];
    expect(stopsAt(policy, left)).toEqual([8, 'local_minimum']);
  });

  it('forgets what is older than its window', () => {
    const left = [9000, 1000, 3000, 2900, 2950, 2800, 2990, 2790, 2795];
    expect(stopsAt(policy, left)).toEqual([7, 'local_minimum']);
    expect(stopsAt(smartStop({ window: 7, roundsMax: 29 }), left)).toBeNull();
    expect(stopsAt(smartStop({ window: 1, roundsMax: 29 }), left)).toEqual([3, 'local_minimum']);
  });

  it('takes a tie for a minimum', () => {
    expect(stopsAt(policy, [5000, 5000, 6000, 5000])).toEqual([3, 'local_minimum']);
  });

  it("keeps Xen's guards", () => {
    expect(stopsAt(policy, [49])).toEqual([0, 'few_pages']);
    expect(stopsAt(policy, [5000, 0])).toEqual([1, 'nothing_left']);
    const climbing = Array.from({ length: 40 }, (_, i) => 1000 + i);
    expect(stopsAt(policy, climbing)).toEqual([28, 'rounds_max']);
    expect(stopsAt(policy, [N - 3, N - 2, N - 1, N])).toEqual([3, 'sent_too_much']);
  });
});

describe('threshold', () => {
  it('stops at or below V_th, and makes round n_max the stop-and-copy', () => {
    const policy = volumeThreshold({ threshold: bytes(1000 * PAGE), roundsMax: 8 });
    expect(stopsAt(policy, [5000, 1000])).toEqual([1, 'small_rest']);
    expect(stopsAt(policy, Array(20).fill(5000))).toEqual([7, 'rounds_max']);
  });
});
