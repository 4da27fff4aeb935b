/** Arithmetic between dimensions: the only place with "× 8" and "× 1000". */
import {
  type BitsPerSec,
  type Bytes,
  type BytesPerSec,
  bitsPerSec,
  bytes,
  bytesPerSec,
  type Instant,
  instant,
  type Millis,
  millis,
  type Quantity,
} from './quantity.ts';

/** Bytes at a rate → how long it takes; a rate of zero is refused by the constructor unless there is nothing to move. */
export const transferTime = (volume: Bytes, rate: BitsPerSec): Millis =>
  millis(volume === 0 ? 0 : (volume * 8 * 1000) / rate);
export const volumeMoved = (rate: BitsPerSec, duration: Millis): Bytes => bytes((rate * duration) / 8000);
/** Mean rate of a volume over a time; 0 over no time. */
export const meanRate = (volume: Bytes, duration: Millis): BitsPerSec =>
  bitsPerSec(duration === 0 ? 0 : (volume * 8000) / duration);

export const asBitsPerSec = (rate: BytesPerSec): BitsPerSec => bitsPerSec(rate * 8);
export const asBytesPerSec = (rate: BitsPerSec): BytesPerSec => bytesPerSec(rate / 8);
export const fromMbitPerSec = (megabits: number): BitsPerSec => bitsPerSec(megabits * 1e6);
export const toMbitPerSec = (rate: BitsPerSec): number => rate / 1e6;
export const toSeconds = (duration: Millis): number => duration / 1000;
export const fromSeconds = (seconds: number): Millis => millis(seconds * 1000);

/** Time from one instant to a later one; 0 when they are out of order, as after a clock's coarse reading. */
export const elapsed = (from: Instant, to: Instant): Millis => millis(Math.max(0, to - from));
export const later = (from: Instant, by: Millis): Instant => instant(from + by);
/** a − b, never below zero: for what is left of a capacity. */
export const subtract = <U extends string>(a: Quantity<U>, b: Quantity<U>): Quantity<U> =>
  Math.max(0, a - b) as Quantity<U>;
