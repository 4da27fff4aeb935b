/** How quantities are printed for people: always with the unit. */
import type { BitsPerSec, Bytes, Millis } from './quantity.ts';

export const formatRate = (rate: BitsPerSec): string => withPrefix(rate, 'bit/s');
export const formatBytes = (volume: Bytes): string => withPrefix(volume, 'B');
export const formatSeconds = (duration: Millis): string =>
  duration < 1000 ? `${Math.round(duration)} ms` : `${(duration / 1000).toFixed(2)} s`;

const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P'];

/** Three significant digits with a decimal prefix: 57_400_000 → "57.4 Mbit/s". */
function withPrefix(value: number, unit: string): string {
  let index = 0;
  let scaled = value;
  while (scaled >= 1000 && index < PREFIXES.length - 1) {
    scaled /= 1000;
    index += 1;
  }
  const digits = index === 0 ? 0 : scaled < 10 ? 2 : scaled < 100 ? 1 : 0;
  return `${scaled.toFixed(digits)} ${PREFIXES[index]}${unit}`;
}
