/** The brand: a number that carries its unit in the type. Invariant in U, so mixing units never compiles. */
declare const unit: unique symbol;
export type Quantity<U extends string> = number & { readonly [unit]: (u: U) => U };

export type BitsPerSec = Quantity<'bit/s'>;
export type BytesPerSec = Quantity<'byte/s'>;
export type Bytes = Quantity<'byte'>;
export type Millis = Quantity<'ms'>;
/** A point on a monotonic clock, in milliseconds; never a wall clock. */
export type Instant = Quantity<'ms on a monotonic clock'>;
export type Joules = Quantity<'joule'>;

export const bitsPerSec = (value: number): BitsPerSec => checked(value, 'bit/s') as BitsPerSec;
export const bytesPerSec = (value: number): BytesPerSec => checked(value, 'byte/s') as BytesPerSec;
export const bytes = (value: number): Bytes => checked(value, 'bytes') as Bytes;
export const millis = (value: number): Millis => checked(value, 'ms') as Millis;
export const instant = (value: number): Instant => checked(value, 'ms') as Instant;
export const joules = (value: number): Joules => checked(value, 'J') as Joules;

/** Zeroes, ready branded. */
export const ZERO = {
  rate: bitsPerSec(0),
  dirtyRate: bytesPerSec(0),
  bytes: bytes(0),
  millis: millis(0),
} as const;

export const add = <U extends string>(a: Quantity<U>, b: Quantity<U>): Quantity<U> => (a + b) as Quantity<U>;
export const sum = <U extends string>(values: readonly Quantity<U>[]): Quantity<U> =>
  values.reduce((total, value) => total + value, 0) as Quantity<U>;
export const scale = <U extends string>(value: Quantity<U>, factor: number): Quantity<U> =>
  checked(value * factor, 'scaled') as Quantity<U>;
export const smaller = <U extends string>(a: Quantity<U>, b: Quantity<U>): Quantity<U> => (a < b ? a : b);
export const larger = <U extends string>(a: Quantity<U>, b: Quantity<U>): Quantity<U> => (a > b ? a : b);
/** Whether a ≥ b; the comparison operators do not check units, this does. */
export const atLeast = <U extends string>(a: Quantity<U>, b: Quantity<U>): boolean => a >= b;

function checked(value: number, name: string): number {
  if (!Number.isFinite(value) || value < 0)
    throw new RangeError(`${value} is not a finite, non-negative number of ${name}`);
  return value;
}
