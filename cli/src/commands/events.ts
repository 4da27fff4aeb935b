/** `sluice events`: what happens, as it happens; with JSON one object a line. */
import type { EventRecord } from '@sluice/controller';
import type { Command } from 'commander';
import { readEventStream } from '../api/event-stream.ts';
import { CliError, EXIT } from '../exit-code.ts';
import { apiCommand, openSession, query, type Session } from './api-command.ts';

interface EventsOptions {
  readonly types?: string;
  readonly migration?: string;
  readonly since?: string;
  readonly count?: string;
}

export function register(program: Command): void {
  apiCommand(program.command('events'))
    .description('follow events until interrupted')
    .option('--types <names>', 'only these, with commas between, e.g. rate_changed,round_finished')
    .option('--migration <id>', 'only those of this migration')
    .option('--since <id>', 'begin after this event; 0-0 = with the oldest that is kept')
    .option('--count <number>', 'end after so many')
    .addHelpText('after', '\nExample:\n  sluice events --since 0-0 --types rate_changed --json | jq .data')
    .action(async (options: EventsOptions, command: Command) => {
      const session = openSession(command);
      const { types, migration, since } = options;
      const path = `/v1/events${query({ types, migration, after: since })}`;
      await printEvents(session, path, Number(options.count ?? Number.POSITIVE_INFINITY));
    });
}

async function printEvents({ api, io, isJson }: Session, path: string, count: number): Promise<void> {
  const ended = new AbortController();
  let left = count;
  try {
    const body = await api.stream(path, AbortSignal.any([io.signal, ended.signal]));
    for await (const { event, data } of readEventStream(body)) {
      if (event === 'gap') io.err('some events are not kept any more\n');
      else if (event === 'overflow')
        throw new CliError(EXIT.failed, 'reading was too slow; begin again with --since');
      else {
        io.out(isJson ? `${data}\n` : eventLine(JSON.parse(data) as EventRecord));
        left -= 1;
        if (left <= 0) return;
      }
    }
  } catch (error) {
    if (io.signal.aborted) throw new CliError(EXIT.interrupted, 'interrupted');
    throw error;
  } finally {
    ended.abort();
  }
  throw new CliError(EXIT.unreachable, 'the controller ended the stream');
}

function eventLine({ time, type, subject, data }: EventRecord): string {
  const facts = Object.entries(data).map(([name, value]) => `${name}=${value}`);
  return `${[time, type.padEnd(20), subject ?? '-', ...facts].join('  ')}\n`;
}
