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
    return `would be refused: ${code}: ${detail}\n${fix}\n${changes === '' ? '' : `Each of these would pass:\n${changes}`}`;
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

/** `deadline 12.3 s`: the unit of each number is in its name. */
function changeText({ change, ...values }: Readonly<Record<string, string | number | null>>): string {
  const told = Object.entries(values).flatMap(([name, value]) => {
    if (typeof value !== 'number') return [];
    return [name.endsWith('BitsPerSec') ? format.rate(value) : format.duration(value)];
  });
  return `${String(change).replaceAll('_', ' ')} ${told.join(', with the deadline at ')}`;
}
