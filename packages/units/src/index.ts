/**
 * One unit per dimension: rates in bit/s, dirty rates in byte/s, volumes in bytes, time in milliseconds.
 * The brand is invariant, so a helper cannot be inferred over a mix of units. Constructors assert finite and
 * non-negative, so NaN dies at birth. Conversion to and from foreign units lives in the adapter that meets them.
 */

export { assert, unreachable } from './assert.ts';
export {
  asBitsPerSec,
  asBytesPerSec,
  elapsed,
  fromMbitPerSec,
  fromSeconds,
  later,
  meanRate,
  subtract,
  toMbitPerSec,
  toSeconds,
  transferTime,
  volumeMoved,
} from './convert.ts';
export { formatBytes, formatRate, formatSeconds } from './format.ts';
export type { BitsPerSec, Bytes, BytesPerSec, Instant, Joules, Millis, Quantity } from './quantity.ts';
export {
  add,
  atLeast,
  bitsPerSec,
  bytes,
  bytesPerSec,
  instant,
  joules,
  larger,
  millis,
  scale,
  smaller,
  sum,
  ZERO,
} from './quantity.ts';
