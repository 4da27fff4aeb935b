/** A sweep as a chart: one panel for each unit, one line for each number of the result. */
import type { Axis, Chart, JsonValue, ModelEntry, Series } from '@sluice/models';
import type { Sweep } from './arguments.ts';
import type { ModelPoint } from './print.ts';

/** `only` names results; without it every number is drawn. Empty panels mean there was nothing to draw. */
export function sweepChart(
  entry: ModelEntry,
  sweep: Sweep,
  points: readonly ModelPoint[],
  only: readonly string[],
): Chart {
  const rows = points.map((point) => new Map(numbersOf(point.result, '')));
  const names = [...new Set(rows.flatMap((row) => [...row.keys()]))].filter(
    (name) => only.length === 0 || only.some((wanted) => name === wanted || name.startsWith(`${wanted}.`)),
  );
  const units = [...new Set(names.map(unitOf))];
  const seriesOf = (name: string): Series => ({
    name,
    points: rows.map((row, index) => [sweep.values[index] ?? 0, row.get(name) ?? null]),
  });
  const x: Axis = {
    title: sweep.parameter,
    unit: entry.parameters.find((parameter) => parameter.name === sweep.parameter)?.unit ?? null,
  };
  return {
    title: entry.title,
    x,
    panels: units.map((unit) => ({
      y: { title: unit === null ? 'value' : (QUANTITY[unit] ?? 'value'), unit },
      series: names.filter((name) => unitOf(name) === unit).map(seriesOf),
    })),
  };
}

/** Numbers by their path; a list of objects (rounds, limits) is not a curve. */
function numbersOf(value: JsonValue, name: string): readonly (readonly [string, number])[] {
  if (typeof value === 'number') return [[name, value]];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value) && value.some((entry: JsonValue) => typeof entry === 'object')) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    numbersOf(inner as JsonValue, name === '' ? key : `${name}.${key}`),
  );
}

/** How names end; the longer endings first. */
const UNITS: readonly (readonly [RegExp, string])[] = [
  [/MbitPerSec$/, 'Mbit/s'],
  [/BitsPerSec$/, 'bit/s'],
  [/MegabytesPerSec$/, 'MB/s'],
  [/BytesPerSec$/, 'B/s'],
  [/Sec$/, 's'],
  [/Joule$/, 'J'],
  [/Megabytes$/, 'MB'],
  [/Bytes$/, 'B'],
];
const QUANTITY: Readonly<Record<string, string>> = {
  'Mbit/s': 'rate',
  'bit/s': 'rate',
  'MB/s': 'rate',
  'B/s': 'rate',
  s: 'time',
  J: 'energy',
  MB: 'volume',
  B: 'volume',
};

const unitOf = (name: string): string | null => {
  const plain = name.replace(/(\.\d+)+$/, '');
  return UNITS.find(([ending]) => ending.test(plain))?.[1] ?? null;
};
