/** When somebody writes "100 Mbit/s" where a number belongs: what to write instead, from the unit in the key. */

interface Dimension {
  readonly suffix: string;
  readonly unit: string;
  readonly example: string;
  /** Spelling → factor to the unit of the key. */
  readonly factors: Readonly<Record<string, number>>;
}

const PREFIXES: Readonly<Record<string, number>> = { '': 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9 };
const BINARY: Readonly<Record<string, number>> = { Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3 };

const spelled = (
  prefixes: Readonly<Record<string, number>>,
  units: readonly string[],
  factor: number,
): Record<string, number> =>
  Object.fromEntries(
    Object.entries(prefixes).flatMap(([prefix, scale]) =>
      units.map((unit) => [`${prefix}${unit}`, scale * factor]),
    ),
  );

const BIT_RATES = ['bit/s', 'bit', 'bps', 'b/s', 'bits/s'];
const BYTE_RATES = ['B/s', 'Bps', 'byte/s', 'bytes/s'];
const ALL = { ...PREFIXES, ...BINARY };
// Longest suffix first: "BytesPerSec" also ends in "Sec".
const DIMENSIONS: readonly Dimension[] = [
  {
    suffix: 'BitsPerSec',
    unit: 'bit/s',
    example: '100e6',
    factors: { ...spelled(PREFIXES, BIT_RATES, 1), ...spelled(ALL, BYTE_RATES, 8) },
  },
  {
    suffix: 'BytesPerSec',
    unit: 'byte/s',
    example: '2e6',
    factors: { ...spelled(ALL, BYTE_RATES, 1), ...spelled(PREFIXES, BIT_RATES, 1 / 8) },
  },
  {
    suffix: 'Bytes',
    unit: 'bytes',
    example: '67108864',
    factors: spelled(ALL, ['B', 'byte', 'bytes', ''], 1),
  },
  {
    suffix: 'Sec',
    unit: 'seconds',
    example: '0.3',
    factors: { s: 1, sec: 1, ms: 1e-3, us: 1e-6, min: 60, h: 3600 },
  },
];

/** The sentence to add to an error at `key`, or null when the key carries no unit. */
export function unitHint(key: string, written: string): string | null {
  const dimension = DIMENSIONS.find(({ suffix }) => key.endsWith(suffix));
  if (!dimension) return null;
  const match = /^\s*([0-9][0-9_]*(?:\.[0-9]+)?)\s*([A-Za-z/]*)\s*$/.exec(written);
  const amount = Number(match?.[1]?.replaceAll('_', ''));
  const unit = match?.[2] ?? '';
  const factor = unit === '' ? 1 : dimension.factors[unit];
  const fix =
    match && factor !== undefined && Number.isFinite(amount) ? short(amount * factor) : dimension.example;
  return `a plain number of ${dimension.unit}, not "${written}": write ${key}: ${fix}`;
}

/** 100000000 → 100e6: what people can read, and YAML reads as a number. */
function short(value: number): string {
  for (const exponent of [9, 6]) {
    const scaled = value / 10 ** exponent;
    if (scaled >= 1 && Number(scaled.toFixed(6)) === scaled && String(scaled).length <= 6)
      return `${scaled}e${exponent}`;
  }
  return String(Number(value.toPrecision(12)));
}
