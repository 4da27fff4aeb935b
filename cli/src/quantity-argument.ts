/**
 * Rates, sizes and times as people write them on a command line. The unit is always said: a bare number, and `Mbps`, mean
 * different things to different people, so they are refused.
 */
import { type BitsPerSec, type Bytes, bitsPerSec, bytes, fromSeconds, type Millis } from '@sluice/units';
import { InvalidArgumentError } from 'commander';

const PREFIX: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};
const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, min: 60, m: 60, h: 3600 };
const NUMBER = String.raw`(\d+(?:\.\d+)?)`;

/** `60Mbit/s`, `60 Mbit`, `7.5MB/s`, `100MiB/s`. @throws InvalidArgumentError */
export function parseRate(text: string): BitsPerSec {
  const [, digits, prefix, unit] =
    new RegExp(String.raw`^${NUMBER}\s*([kKMGT]i?|)(bit|bits|B|byte|bytes)(?:/s)?$`).exec(text.trim()) ?? [];
  const factor = prefix === undefined ? undefined : PREFIX[prefix];
  if (digits === undefined || unit === undefined || factor === undefined) throw rateRefusal(text);
  return bitsPerSec(Number(digits) * factor * (unit.startsWith('bit') ? 1 : 8));
}

function rateRefusal(text: string): InvalidArgumentError {
  const example = 'Write for instance 60Mbit/s or 7.5MB/s.';
  if (/^\s*[\d.]+\s*$/.test(text)) return new InvalidArgumentError(`A rate needs its unit. ${example}`);
  if (/[bkmgt]ps$/i.test(text))
    return new InvalidArgumentError(`The ending "ps" means bits to some and bytes to others. ${example}`);
  return new InvalidArgumentError(`Not a rate. ${example}`);
}

/** `300ms`, `60s`, `5min`, `1.5h`. @throws InvalidArgumentError */
export function parseDuration(text: string): Millis {
  const [, digits, unit = ''] = new RegExp(`^${NUMBER}\\s*(ms|s|min|m|h)$`).exec(text.trim()) ?? [];
  const factor = SECONDS[unit];
  if (digits === undefined || factor === undefined)
    throw new InvalidArgumentError('A time needs its unit. Write for instance 300ms, 60s or 5min.');
  return fromSeconds(Number(digits) * factor);
}

/** `128MiB`, `40 MB`, `64B`. @throws InvalidArgumentError */
export function parseVolume(text: string): Bytes {
  const pattern = new RegExp(String.raw`^${NUMBER}\s*([kKMGT]i?|)(B|byte|bytes)$`);
  const [, digits, prefix] = pattern.exec(text.trim()) ?? [];
  const factor = prefix === undefined ? undefined : PREFIX[prefix];
  if (digits === undefined || factor === undefined)
    throw new InvalidArgumentError('A size needs its unit. Write for instance 128MiB or 64B.');
  return bytes(Math.round(Number(digits) * factor));
}
