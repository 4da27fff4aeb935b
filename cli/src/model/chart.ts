/** Draws a chart as SVG with Vega: no browser, no canvas, the same bytes for the same chart. */
import type { Axis, Chart, Panel, Series } from '@sluice/models';
import type { Mark, Scale, Spec } from 'vega';

/** @throws Error of Vega when the chart cannot be drawn */
export async function chartSvg(chart: Chart): Promise<string> {
  // Loaded only when something is drawn: Vega is by far the largest thing this command knows.
  const { parse, View } = await import('vega');
  const svg = await new View(parse(specOf(chart)), { renderer: 'none' }).toSVG();
  return `${svg}\n`;
}

const WIDTH = 640;
const HEIGHT = 240;
const COLORS = ['#1f6fb4', '#d9480f', '#2b8a3e', '#862e9c', '#c92a2a', '#5c677d', '#b08900', '#0b7285'];

function specOf(chart: Chart): Spec {
  return {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    background: 'white',
    padding: 12,
    title: {
      text: chart.title,
      ...(chart.note === undefined ? {} : { subtitle: chart.note }),
      anchor: 'start',
      fontSize: 15,
      subtitleFontSize: 11,
      subtitleColor: '#555',
      offset: 14,
    },
    layout: { columns: 1, padding: 28 },
    marks: chart.panels.map((panel, index) => panelMark(chart, panel, index === chart.panels.length - 1)),
  };
}

function panelMark(chart: Chart, panel: Panel, isLast: boolean): Mark {
  const xs = chart.panels.flatMap((other) => valuesOf(other.series, 0));
  const names = panel.series.map((series) => series.name);
  return {
    type: 'group',
    encode: { update: { width: { value: WIDTH }, height: { value: HEIGHT } } },
    data: panel.series.map((series, index) => ({
      name: `series${index}`,
      values: series.points.map(([x, y]) => ({ x, y })),
    })),
    scales: [
      scaleOf(chart.x, xs, { name: 'x', range: [0, WIDTH], nice: false }),
      scaleOf(panel.y, valuesOf(panel.series, 1), { name: 'y', range: [HEIGHT, 0], nice: true }),
      { name: 'color', type: 'ordinal', domain: names, range: COLORS },
    ],
    axes: [
      {
        scale: 'x',
        orient: 'bottom',
        grid: true,
        gridColor: '#d8d8d8',
        tickCount: 8,
        ...(isLast ? { title: titleOf(chart.x) } : {}),
      },
      { scale: 'y', orient: 'left', grid: true, gridColor: '#d8d8d8', tickCount: 6, title: titleOf(panel.y) },
    ],
    legends: [
      { stroke: 'color', symbolType: 'stroke', symbolStrokeWidth: 3, orient: 'right', labelLimit: 260 },
    ],
    marks: panel.series.flatMap((series, index) => marksOf(series, index)),
  };
}

function marksOf(series: Series, index: number): Mark[] {
  const color = { scale: 'color', value: series.name };
  const x = { scale: 'x', field: 'x' };
  const y = { scale: 'y', field: 'y' };
  const from = { data: `series${index}` };
  // Lines that lie on each other all show: the first is the widest.
  const strokeWidth = Math.max(1.5, 4.5 - index);
  const defined = { signal: 'isValid(datum.y)' };
  if (series.shape === 'points')
    return [
      {
        type: 'symbol',
        from,
        encode: {
          enter: {
            x,
            y,
            fill: color,
            size: { value: 36 },
            opacity: [{ test: '!isValid(datum.y)', value: 0 }, { value: 1 }],
          },
        },
      },
    ];
  const interpolate = { value: series.shape === 'step' ? 'step-after' : 'linear' } as const;
  return [
    {
      type: 'line',
      from,
      encode: { enter: { x, y, stroke: color, strokeWidth: { value: strokeWidth }, interpolate, defined } },
    },
  ];
}

interface Placement {
  readonly name: string;
  readonly range: [number, number];
  readonly nice: boolean;
}

/** A linear axis starts at 0 unless all of it is far away; a logarithmic one where the values do. */
function scaleOf(axis: Axis, values: readonly number[], placement: Placement): Scale {
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (axis.scale === 'log') return { ...placement, type: 'log', domain: [low, high] };
  const isFarFromZero = low > 0 && low > 0.6 * high;
  const start = low < 0 || isFarFromZero ? low : 0;
  const domain = start === high ? [start - 1, high + 1] : [start, high];
  return { ...placement, type: 'linear', domain, zero: false };
}

const valuesOf = (all: readonly Series[], which: 0 | 1): readonly number[] =>
  all.flatMap((series) => series.points.map((point) => point[which])).filter((value) => value !== null);

const titleOf = ({ title, unit }: Axis): string => (unit === null ? title : `${title} (${unit})`);
