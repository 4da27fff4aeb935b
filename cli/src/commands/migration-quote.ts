/** `sluice migration quote`: what a migration would be promised and take, or what would have to change. */
import type { Command } from 'commander';
import { EXIT } from '../exit-code.ts';
import * as format from '../terminal/format.ts';
import { formatTable } from '../terminal/table.ts';
import { apiCommand, openSession } from './api-command.ts';
import { bodyOf, type RequestOptions, withRequest } from './migration-request.ts';

interface Outcome {
  readonly totalTimeSec: number;
  readonly downtimeSec: number;
  readonly transferredBytes: number;
  readonly energyJoule: number;
}

/** As `POST /v1/quotes` answers, as far as it is printed. */
type Quote =
  | {
      readonly accepted: true;
      readonly etag: string;
      readonly path: readonly string[];
      readonly guaranteedBitsPerSec: number;
      readonly rateLimitBitsPerSec: number;
      readonly expected: Outcome;
      readonly interval: { readonly low: Outcome; readonly high: Outcome };
      readonly mechanism: {
        readonly name: string;
        readonly reason: string;
        readonly leftBitsPerSec: { readonly precopy: number; readonly postcopy: number } | null;
        readonly group: readonly { readonly vm: string; readonly name: string; readonly state: string }[];
      };
      readonly preempts: readonly { readonly migrationId: string; readonly concession: string }[];
    }
  | {
      readonly accepted: false;
      readonly etag: string;
      readonly refusal: { readonly code: string; readonly detail: string; readonly fix: string };
      readonly changes: readonly ({ readonly change: string } & Readonly<
        Record<string, string | number | null>
      >)[];
    };

export function registerQuote(migration: Command): void {
  withRequest(apiCommand(migration.command('quote <vm> <destination>')))
    .description('say what a migration would be promised and take; nothing is promised yet')
    .addHelpText(
      'after',
      `
Examples:
  sluice migration quote web h3 --deadline 60s
  sluice migration create web h3 --deadline 60s --quote "$(sluice migration quote web h3 --deadline 60s --json | jq -r .etag)"

Exit codes: 0 it would be admitted, 2 usage, 4 it would be refused, 6 controller unreachable or not ready.`,
    )
    .action(async (vm: string, destination: string, options: RequestOptions, command: Command) => {
      const session = openSession(command);
      const quote = await session.api.post<Quote>('/v1/quotes', bodyOf(vm, destination, options));
      session.print(quote, quoteText);
      process.exitCode = quote.accepted ? EXIT.ok : EXIT.refused;
    });
}

export function quoteText(quote: Quote): string {
  if (!quote.accepted) {
    const { code, detail, fix } = quote.refusal;
    const changes = quote.changes.map((change) => `  ${changeText(change)}\n`).join('');
    return `would be refused: ${code}: ${detail}\n${changes === '' ? `${fix}\n` : `Each of these would pass:\n${changes}`}`;
  }
  const { expected, interval, preempts } = quote;
  const outcomes = [
    ['expected', expected],
    ['if it writes less', interval.low],
    ['if it writes more', interval.high],
  ] as const;
  return [
    `${'path'.padEnd(16)}${format.pathNodes(quote.path)}\n`,
    `${'guaranteed'.padEnd(16)}${format.rate(quote.guaranteedBitsPerSec)}, at most ${format.rate(quote.rateLimitBitsPerSec)}\n`,
    ...mechanismLines(quote.mechanism),
    ...preempts.map(
      ({ migrationId, concession }) => `${'preempts'.padEnd(16)}${migrationId} (${concession})\n`,
    ),
    `${'etag'.padEnd(16)}${quote.etag}\n\n`,
    formatTable(
      ['', 'total time', 'downtime', 'sent', 'energy'],
      outcomes.map(([name, outcome]) => [
        name,
        format.duration(outcome.totalTimeSec),
        format.duration(outcome.downtimeSec),
        format.volume(outcome.transferredBytes),
        format.energy(outcome.energyJoule),
      ]),
    ),
  ].join('');
}

/** `postcopy by traffic, which leaves 95 Mbit/s; as precopy 60 Mbit/s`, then those that move along with it. */
function mechanismLines({ name, reason, leftBitsPerSec, group }: Mechanism): readonly string[] {
  const why = MECHANISM_REASONS.get(reason) ?? reason;
  const left =
    leftBitsPerSec === null
      ? ''
      : `; traffic leaves ${format.rate(leftBitsPerSec.precopy)} to pre-copy, ${format.rate(leftBitsPerSec.postcopy)} to post-copy`;
  const others = group.map(
    (one) => `${one.vm} ${one.name}${one.state === 'under_way' ? ' (under way)' : ''}`,
  );
  return [
    `${'mechanism'.padEnd(16)}${name}, ${why}${left}\n`,
    ...(group.length > 1 ? [`${'together'.padEnd(16)}${others.join(', ')}\n`] : []),
  ];
}
type Mechanism = Extract<Quote, { accepted: true }>['mechanism'];

const MECHANISM_REASONS: ReadonlyMap<string, string> = new Map([
  ['asked', 'as asked'],
  ['unsupported', 'because a hypervisor has nothing else that is allowed'],
  ['traffic', 'by its traffic'],
  ['convergence', 'because pre-copy would not end'],
  ['unprotected', 'because post-copy cannot be promised its rate to the end'],
]);

/** `--deadline 12.3s`: exactly what passes, to be copied. */
function changeText({
  change: _change,
  ...values
}: Readonly<Record<string, string | number | null>>): string {
  return Object.entries(values)
    .flatMap(([name, value]) => {
      const option = OPTIONS.get(name);
      if (typeof value !== 'number' || option === undefined) return [];
      return [`${option} ${name.endsWith('BitsPerSec') ? `${value / 1e6}Mbit/s` : `${value}s`}`];
    })
    .join(' ');
}

const OPTIONS: ReadonlyMap<string, string> = new Map([
  ['rateMaxBitsPerSec', '--rate-max'],
  ['rateMinBitsPerSec', '--rate-min'],
  ['applicationFloorBitsPerSec', '--floor'],
  ['startAtSec', '--start-at'],
  ['deadlineSec', '--deadline'],
  ['downtimeLimitSec', '--downtime-limit'],
]);
