/** Numbers for people, three significant digits, always with the unit. A missing one is a dash. */
import { bitsPerSec, formatRate } from '@sluice/units';

const NONE = '–';

export const rate = (bits: number | null): string => (bits === null ? NONE : formatRate(bitsPerSec(bits)));

export function seconds(value: number | null): string {
  if (value === null) return NONE;
  if (value < 0.01) return `${(value * 1000).toFixed(1)} ms`;
  if (value < 1) return `${Math.round(value * 1000)} ms`;
  return `${value < 10 ? value.toFixed(2) : value.toFixed(1)} s`;
}

/** Memory is counted in powers of two. */
export const mebi = (bytes: number): string => {
  const value = bytes / 1024 ** 2;
  return `${value < 10 ? value.toFixed(2) : value.toFixed(1)} MiB`;
};

export const joule = (value: number): string =>
  value < 1 ? `${(value * 1000).toPrecision(3)} mJ` : `${value.toPrecision(3)} J`;

export const times = (value: number): string => value.toFixed(2);

/** A change with its sign: −12.1 %. */
export const percent = (share: number): string => {
  const text = `${Math.abs(share * 100).toFixed(1)} %`;
  if (Number(Math.abs(share * 100).toFixed(1)) === 0) return text;
  return share < 0 ? `−${text}` : `+${text}`;
};

export const fraction = (share: number): string => `${(share * 100).toFixed(2)} %`;
