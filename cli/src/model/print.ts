/** Results of a model as text for people and as CSV for programs. */
import type { Chart, JsonValue, ModelEntry, ModelResult } from '@sluice/models';
import { formatTable } from '../terminal/table.ts';

/** One run: what was set on this point of a sweep, and what came out. */
export interface ModelPoint {
  readonly set: Readonly<Record<string, number>>;
  readonly result: ModelResult;
}

/** Every value on its line, those of an object by `object.value`; a list of objects is a table of its own. */
export function resultText(result: ModelResult): string {
  const plain = Object.entries(result)
    .filter(([, value]) => !isTable(value))
    .flatMap(([name, value]) => (isObject(value) ? flatten(value, name) : [[name, value] as const]));
  const tables = Object.entries(result).filter(([, value]) => isTable(value));
  const width = Math.max(0, ...plain.map(([name]) => name.length));
  const lines = plain.map(([name, value]) => `${name.padEnd(width)}  ${cell(value)}\n`);
  return [...lines, ...tables.map(([name, value]) => `\n${name}\n${tableOf(value as Rows)}`)].join('');
}

export function pointsText(points: readonly ModelPoint[]): string {
  const rows = points.map(flatPoint);
  const head = headOf(rows);
  return formatTable(
    head,
    rows.map((row) => head.map((name) => cell(row[name] ?? null))),
    { keepsCase: true },
  );
}

/** RFC 4180: one row a point, one column for every value however deep: `rounds.0.seconds`. */
export function pointsCsv(points: readonly ModelPoint[]): string {
  const rows = points.map(flatPoint);
  const head = headOf(rows);
  return csv([head, ...rows.map((row) => head.map((name) => row[name] ?? null))]);
}

const csv = (lines: readonly (readonly JsonValue[])[]): string =>
  lines.map((line) => `${line.map(csvField).join(',')}\r\n`).join('');

/** The points of a figure: one row each. */
export const chartCsv = (chart: Chart): string =>
  csv([
    ['panel', 'series', chart.x.title, 'value'],
    ...chart.panels.flatMap((panel) =>
      panel.series.flatMap((series) =>
        series.points.map(([x, y]) => [panel.y.title, series.name, x, y] as const),
      ),
    ),
  ]);

export const catalogueText = (entries: readonly ModelEntry[]): string =>
  entries
    .map((entry) => {
      const rows = entry.parameters.map(({ name, type, default: standard, doc, source }) => [
        name,
        type,
        cell(standard),
        doc,
        source,
      ]);
      const figures = entry.figures.map((figure) => `  --figure ${figure.name}  ${figure.title}\n`).join('');
      const table = formatTable(['parameter', 'value', 'default', 'what it is', 'default from'], rows);
      return `${entry.name}: ${entry.title}\n(${entry.source})\n${table}${figures}`;
    })
    .join('\n');

type Rows = readonly Readonly<Record<string, JsonValue>>[];

const isObject = (value: JsonValue): value is Readonly<Record<string, JsonValue>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isTable = (value: JsonValue): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((entry: JsonValue) => isObject(entry));

function tableOf(rows: Rows): string {
  const head = headOf(rows);
  return formatTable(
    head,
    rows.map((row) => head.map((name) => cell(row[name] ?? null))),
    { keepsCase: true },
  );
}

const headOf = (rows: Rows): readonly string[] => [...new Set(rows.flatMap((row) => Object.keys(row)))];

const flatPoint = ({ set, result }: ModelPoint): Readonly<Record<string, JsonValue>> => ({
  ...set,
  ...Object.fromEntries(flatten(result, '')),
});

function flatten(value: JsonValue, name: string): readonly (readonly [string, JsonValue])[] {
  if (typeof value !== 'object' || value === null) return [[name, value]];
  return Object.entries(value).flatMap(([key, inner]) =>
    flatten(inner as JsonValue, name === '' ? key : `${name}.${key}`),
  );
}

/** Seven digits are enough for the eye; JSON and CSV have them all. */
function cell(value: JsonValue): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(7)));
  if (value === null) return '-';
  if (Array.isArray(value) && !value.some((entry: JsonValue) => isObject(entry)))
    return value.map(cell).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function csvField(value: JsonValue): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
