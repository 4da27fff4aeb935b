/**
 * A rate that changes over the time of a migration, in steps: what a path gives, or how fast a VM dirties its memory.
 * Invariant: steps stand in the order of time, the first at 0, and the last one lasts for ever.
 */
import { type Millis, millis, type Quantity } from '@sluice/units';

export interface Step<U extends string> {
  readonly from: Millis;
  readonly value: Quantity<U>;
}

export interface Profile<U extends string> {
  readonly kind: 'profile';
  readonly steps: readonly Step<U>[];
}

/** Throws RangeError when the steps are not in order, or the first is not at 0. */
export function profile<U extends string>(steps: readonly Step<U>[]): Profile<U> {
  if (steps[0]?.from !== 0) throw new RangeError('the first step of a profile is at 0');
  const late = steps.findIndex((step, index) => index > 0 && step.from <= (steps[index - 1] as Step<U>).from);
  if (late !== -1) throw new RangeError(`step ${late} of a profile is not after the one before it`);
  return { kind: 'profile', steps };
}

export const isProfile = <U extends string>(value: unknown): value is Profile<U> =>
  typeof value === 'object' && value !== null && (value as Profile<U>).kind === 'profile';

/** Stretches of constant value from an instant on; the last one is endless (Infinity milliseconds). */
export function stretches<U extends string>(
  of: Profile<U>,
  from: Millis,
): readonly { readonly value: Quantity<U>; readonly length: number }[] {
  const found: { value: Quantity<U>; length: number }[] = [];
  for (let index = 0; index < of.steps.length; index += 1) {
    const step = of.steps[index] as Step<U>;
    const end = of.steps[index + 1]?.from ?? Number.POSITIVE_INFINITY;
    if (end > from) found.push({ value: step.value, length: end - Math.max(step.from, from) });
  }
  return found;
}

/** Mean value over a time; the value at that instant over no time. */
export function meanOver<U extends string>(of: Profile<U>, from: Millis, duration: Millis): number {
  let left: number = duration;
  let area = 0;
  for (const { value, length } of stretches(of, from)) {
    if (duration === 0) return value;
    const part = Math.min(length, left);
    area += value * part;
    left -= part;
    if (left <= 0) break;
  }
  return area / duration;
}

/**
 * How long a volume takes at `asked`, or at what the profile gives where that is less, and the stretches it ran at.
 * `volume` is in the unit of value × seconds. Throws RangeError when it would never end.
 */
export function timeToMove<U extends string>(
  cap: Profile<U>,
  move: { readonly volume: number; readonly asked: Quantity<U>; readonly from: Millis },
): {
  readonly duration: Millis;
  readonly ran: readonly { readonly value: number; readonly length: number }[];
} {
  const ran: { value: number; length: number }[] = [];
  let left = move.volume;
  let duration = 0;
  for (const { value, length } of stretches(cap, move.from)) {
    if (left <= 0) break;
    const rate = Math.min(value, move.asked);
    const part = Math.min(length, rate === 0 ? Number.POSITIVE_INFINITY : (left * 1000) / rate);
    if (!Number.isFinite(part)) throw new RangeError('a transfer at rate 0 never ends');
    ran.push({ value: rate, length: part });
    left = part === length ? left - (rate * part) / 1000 : 0;
    duration += part;
  }
  return { duration: millis(duration), ran };
}
