/**
 * Both runs of a story side by side, and how the reserved rate followed the dirty rate round by round. Every number
 * was measured or computed, and the last lines say which.
 */
import type { RoundResult, RunResult, StoryResult } from '../run/result.ts';
import { rateBar } from './bar.ts';
import { alignRows, type Cell, PLAIN, type Row, type Style } from './columns.ts';
import { fraction, joule, mebi, percent, rate, seconds, times } from './format.ts';

export interface ReportOptions {
  readonly style?: Style;
  /** Columns of the terminal; 80 are needed. */
  readonly width?: number;
}

const INDENT = '  ';
const WIDTH_DEFAULT = 92;

export function renderReport(
  result: StoryResult,
  { style = PLAIN, width = WIDTH_DEFAULT }: ReportOptions = {},
): string {
  const runs = [result.unmanaged, result.sluice].filter((run) => run !== undefined);
  const first = runs[0];
  if (!first) return 'nothing was run\n';
  const lines = [
    '',
    title(first, style),
    '',
    ...comparison(result, style),
    ...runs.flatMap((run) => ['', ...rounds(run, style, Math.min(width, 110))]),
    '',
    ...footnotes(first, style),
    ...runs.flatMap((run) => problems(run, style)),
    '',
  ];
  return `${lines.map((line) => (line === '' ? '' : `${INDENT}${line}`)).join('\n')}\n`;
}

function title(run: RunResult, style: Style): string {
  const moves = run.migrations.map(({ vm, source, destination }) => `${vm} ${source} → ${destination}`);
  const how = run.mode === 'real' ? 'real Open vSwitch, Redis and Mininet' : 'simulated in virtual time';
  return `${style.bold(run.story)}  ${moves.join(', ')}  ${style.dim(`· ${how}`)}`;
}

type Pick = (run: RunResult) => Cell | string;

/** One row per figure, one column per run. */
function comparison(result: StoryResult, style: Style): string[] {
  const { unmanaged, sluice } = result;
  const runs = [unmanaged, sluice].filter((run) => run !== undefined);
  const sides = ['left', ...runs.map(() => 'right' as const), 'left'] as const;
  const row = (label: string, pick: Pick, remark = ''): Row => [
    `  ${label}`,
    ...runs.map(pick),
    { text: remark, paint: style.dim },
  ];
  const section = (label: string): Row => [{ text: label, paint: style.bold }];
  const [any] = runs;
  if (!any) return [];
  const limit = any.migrations[0]?.downtimeLimitSec ?? 0;
  const deadline = any.migrations[0]?.deadlineSec ?? null;
  const single = any.migrations.length === 1;
  const verdict = (isMet: boolean | null, text: string): Cell => ({
    text,
    paint: isMet === null ? undefined : isMet ? style.good : style.bad,
  });
  const rows: Row[] = [
    ['', ...(unmanaged ? [head('unmanaged', style)] : []), ...(sluice ? [head('Sluice', style)] : [])],
    section(single ? 'Migration' : `${any.migrations.length} migrations`),
    row('outcome', (run) => verdict(run.outcome === 'completed', run.outcome)),
    row(
      'total time',
      (run) => verdict(run.deadlineMet === false ? false : null, seconds(run.totalTimeSec)),
      deadline !== null && single ? `deadline ${seconds(deadline)}` : '',
    ),
    row(
      'downtime',
      (run) => verdict(run.downtimeLimitMet, seconds(run.downtimeSec)),
      single ? `limit ${seconds(limit)}` : 'the longest',
    ),
    ...(runs.some((run) => run.proberDowntimeSec !== null)
      ? [row('silence at the client', (run) => seconds(run.proberDowntimeSec), 'longest gap of the prober')]
      : []),
    row('bytes sent', (run) => mebi(run.transferredBytes)),
    row(
      'rounds',
      (run) => String(run.rounds.filter((round) => round.phase === 'precopy').length),
      'before stop-and-copy',
    ),
    row('energy', (run) => joule(run.energyJoule), 'computed: P(R) = k0 · R^α'),
    row(
      'image',
      (run) => verdict(run.imageIntact, run.imageIntact ? 'intact' : 'not there'),
      any.mode === 'real' ? pages(runs) : '',
    ),
    [''],
    section('Applications'),
    row('goodput before', (run) => rate(run.applicationGoodputBeforeBitsPerSec)),
    row('goodput during', (run) => rate(run.applicationGoodputDuringBitsPerSec)),
    row('change', (run) =>
      change(run.applicationGoodputBeforeBitsPerSec, run.applicationGoodputDuringBitsPerSec, style),
    ),
    ...(any.flows.some((flow) => flow.kind === 'udp')
      ? [row('datagrams lost', (run) => fraction(run.applicationLossFraction), 'UDP, during')]
      : []),
    ...(runs.some((run) => run.roundTripDuringSec !== null)
      ? [
          row(
            'round trip',
            (run) => `${seconds(run.roundTripBeforeSec)} → ${seconds(run.roundTripDuringSec)}`,
            '95 % of probes, before → during',
          ),
        ]
      : []),
    ...any.flows.map((flow, index) =>
      row(
        `· ${flow.name}`,
        (run) => {
          const own = run.flows[index];
          return own ? change(own.goodputBeforeBitsPerSec, own.goodputDuringBitsPerSec, style) : '';
        },
        `${WAYS[flow.direction ?? flow.kind]}, ${
          flow.rateBitsPerSec === null ? 'as fast as it goes' : `${rate(flow.rateBitsPerSec)} offered`
        }`,
      ),
    ),
  ];
  const lines = alignRows(rows, sides);
  const rule = style.dim(
    '─'.repeat(
      visibleWidth(
        alignRows(
          rows.map((cells) => cells.slice(0, -1)),
          sides.slice(0, -1),
        ),
      ),
    ),
  );
  return [lines[0] ?? '', rule, ...lines.slice(1)];
}

const head = (text: string, style: Style): Cell => ({ text, paint: style.bold });

function change(before: number, during: number, style: Style): Cell {
  if (before === 0) return { text: '–' };
  const share = during / before - 1;
  return { text: percent(share), paint: share < -0.02 ? style.bad : style.good };
}

function pages(runs: readonly RunResult[]): string {
  const checked = Math.max(...runs.map((run) => run.checkedPages ?? 0));
  return checked > 0 ? `${checked.toLocaleString('en-US')} pages compared` : '';
}

/** The rounds of one run: what was reserved, what the counters saw, and why the rate changed. */
function rounds(run: RunResult, style: Style, width: number): string[] {
  if (run.rounds.length === 0) return [];
  const isManaged = run.rounds.some((round) => round.reservedBitsPerSec !== null);
  const several = run.migrations.length > 1;
  const full = Math.max(
    ...run.rounds.map((round) => Math.max(round.measuredBitsPerSec ?? 0, round.reservedBitsPerSec ?? 0)),
  );
  const headings = [
    ...(several ? ['migration'] : []),
    'round',
    ...(isManaged ? ['reserved', 'measured', 'off'] : ['measured']),
    'time',
    'sent',
    'dirtied',
    '',
  ];
  const sides = [
    ...(several ? (['left'] as const) : []),
    'left' as const,
    ...headings.slice(several ? 2 : 1, -1).map(() => 'right' as const),
    'left' as const,
  ];
  const body = run.rounds.map(
    (round): Row => [
      ...(several ? [round.migrationId] : []),
      LAST_NAMES[round.phase] ?? String(round.round),
      ...(isManaged
        ? [rate(round.reservedBitsPerSec), rate(round.measuredBitsPerSec), off(round, style)]
        : [rate(round.measuredBitsPerSec)]),
      seconds(round.durationSec),
      mebi(round.transferredBytes),
      round.phase !== 'precopy' ? '–' : `${times(round.dirtyRateBytesPerSec / 1e6)} MB/s`,
    ],
  );
  const plain = alignRows([headings.slice(0, -1), ...body], sides.slice(0, -1));
  const barWidth = Math.max(0, Math.min(24, width - visibleWidth(plain) - 6));
  const rows: Row[] = [
    headings.map((text) => ({ text, paint: style.dim })),
    ...run.rounds.map(
      (round, index): Row => [
        ...(body[index] ?? []),
        rateBar(round.measuredBitsPerSec ?? 0, round.reservedBitsPerSec, full, barWidth),
      ],
    ),
  ];
  const name = isManaged ? `Rounds under Sluice (${policies(run)})` : 'Rounds unmanaged (nothing reserved)';
  return [style.bold(name), ...alignRows(rows, sides).map((line) => `  ${line}`)];
}

const policies = (run: RunResult): string =>
  [...new Set(run.migrations.map((migration) => migration.policy))].join(', ');

/** How far the measured wire rate is from the reserved one; short rounds do not fill a measuring interval. */
function off(round: RoundResult, style: Style): Cell {
  const { reservedBitsPerSec: reserved, measuredBitsPerSec: measured } = round;
  if (!reserved || measured === null) return { text: '–' };
  const share = measured / reserved - 1;
  if (round.durationSec < 1) return { text: percent(share), paint: style.dim };
  return { text: percent(share), paint: Math.abs(share) <= 0.05 ? style.good : style.bad };
}

function footnotes(run: RunResult, style: Style): string[] {
  const lines =
    run.mode === 'real'
      ? [
          'Measured: rates of rounds by the counters of queue 1 (of the NIC when unmanaged), layer 2;',
          'goodput and loss at the receivers; silence and round trip by a prober.',
          'The time of `stop` includes pausing the VM and comparing its image, so its mean rate is below its pace.',
          'Computed: energy, by P(R) = k0 · R^α.',
        ]
      : [
          'Computed throughout, in virtual time: links as fluids, memory as V = min(w · T, working set).',
          'Queueing delay and losses caused by TCP itself are not part of the model.',
        ];
  return lines.map(style.dim);
}

const problems = (run: RunResult, style: Style): string[] => [
  ...run.problems.map((problem) => style.bad(`! ${problem}`)),
  ...run.migrations
    .filter((migration) => migration.outcome !== 'completed')
    .map((migration) =>
      style.bad(`! ${migration.id} ${migration.outcome}${migration.reason ? `: ${migration.reason}` : ''}`),
    ),
];

const visibleWidth = (lines: readonly string[]): number =>
  Math.max(0, ...lines.map((line) => [...line].length));

/** Transfers that are no rounds. */
const LAST_NAMES: Readonly<Record<string, string>> = { stop_and_copy: 'stop', postcopy: 'post' };

const WAYS: Readonly<Record<string, string>> = {
  download: 'from the VM',
  upload: 'to the VM',
  udp: 'UDP',
  tcp: 'TCP',
};
