import { bitsPerSec, instant } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { framePages } from './page-sender.ts';
import { CATCH_UP_MS, TICK_MS, TokenBucket } from './token-bucket.ts';

/** A wait shorter than what a clock can tell would not advance it. */
const TIMER_RESOLUTION_MS = 0.001;
/** A clock that is set by hand. */
const clock = () => {
  const state = { ms: 0 };
  return { state, now: () => instant(state.ms) };
};
/** Sends as a sender does: frame by frame, waiting as told. Returns the bytes sent within the time. */
const send = (bucket: TokenBucket, state: { ms: number }, untilMs: number, frameBytes: number): number => {
  let sent = 0;
  for (;;) {
    const waitMs = bucket.take(frameBytes);
    if (waitMs === 0) sent += frameBytes;
    else if (state.ms + waitMs > untilMs) return sent;
    else state.ms += Math.max(waitMs, TIMER_RESOLUTION_MS);
  }
};

describe('a token bucket', () => {
  it('sends what the rate allows, within one frame', () => {
    const { state, now } = clock();
    const bucket = new TokenBucket(bitsPerSec(60e6), now);
    const sent = send(bucket, state, 10_000, 16_000);
    expect(sent).toBeGreaterThan(75e6 - 32_000);
    expect(sent).toBeLessThanOrEqual(75e6);
  });

  it('makes up for a short stall and not for a long one', () => {
    const { state, now } = clock();
    const bucket = new TokenBucket(bitsPerSec(8e6), now); // 1000 bytes per ms
    state.ms += 50;
    expect(send(bucket, state, state.ms, 1000)).toBe(50_000);
    state.ms += 5000;
    expect(send(bucket, state, state.ms, 1000)).toBe(CATCH_UP_MS * 1000);
  });

  it('has a new rate in force at once, without credit from before', () => {
    const { state, now } = clock();
    const bucket = new TokenBucket(bitsPerSec(8e6), now);
    send(bucket, state, 1000, 1000);
    bucket.setRate(bitsPerSec(80e6));
    expect(send(bucket, state, 2000, 1000)).toBeLessThanOrEqual(10_001_000);
    bucket.setRate(null);
    expect(bucket.take(1e9)).toBe(0);
  });

  it('never waits longer than a tick, so that a new rate is seen', () => {
    const { now } = clock();
    expect(new TokenBucket(bitsPerSec(1), now).take(4096)).toBe(TICK_MS);
  });

  it('lets a frame pass that is larger than the credit of a slow rate', () => {
    const { state, now } = clock();
    const bucket = new TokenBucket(bitsPerSec(8000), now); // 1 byte per ms; the credit is 200 bytes
    expect(send(bucket, state, 10_000, 4100)).toBe(2 * 4100);
  });

  it('begins a round without credit', () => {
    const { state, now } = clock();
    const bucket = new TokenBucket(bitsPerSec(8e6), now);
    state.ms += 90;
    bucket.empty();
    expect(bucket.take(1)).toBeGreaterThan(0);
  });
});

describe('a page frame', () => {
  it('lasts about 2.5 ms at the cap, holds a page at least and sixteen at most', () => {
    expect(framePages(bitsPerSec(1e6))).toBe(1);
    expect(framePages(bitsPerSec(60e6))).toBe(4);
    expect(framePages(bitsPerSec(1e9))).toBe(16);
    expect(framePages(null)).toBe(16);
  });
});
