/** Values of the API's JSON as people read them, always with the unit. */
import { bitsPerSec, bytes, formatBytes, formatRate, formatSeconds, fromSeconds } from '@sluice/units';

const orDash = <T>(value: T | null | undefined, format: (value: T) => string): string =>
  value === null || value === undefined ? '-' : format(value);

export const rate = (value: number | null | undefined): string =>
  orDash(value, (v) => formatRate(bitsPerSec(v)));
export const byteRate = (value: number | null | undefined): string =>
  orDash(value, (v) => `${formatBytes(bytes(v))}/s`);
export const volume = (value: number | null | undefined): string =>
  orDash(value, (v) => formatBytes(bytes(v)));
export const duration = (seconds: number | null | undefined): string =>
  orDash(seconds, (v) => formatSeconds(fromSeconds(v)));
export const energy = (joules: number | null | undefined): string =>
  orDash(joules, (v) => (v < 1 ? `${(v * 1000).toPrecision(3)} mJ` : `${v.toFixed(1)} J`));
export const text = (value: string | number | null | undefined): string => orDash(value, String);
export const yesNo = (value: boolean | null | undefined): string => orDash(value, (v) => (v ? 'yes' : 'no'));
/** `h1>s1:1 s1:2>h2` → `h1 s1 h2`: the nodes along a path. */
export const pathNodes = (path: readonly string[]): string => {
  const nodes = path.map((link) => link.split('>')[0] ?? '');
  const last = path.at(-1)?.split('>')[1];
  return [...nodes, last ?? ''].map((end) => end.replace(/:\d+$/, '')).join(' ');
};
