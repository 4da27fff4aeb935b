/** `sluice migration`: quote, ask for one, commit, list, look, follow, abort. */
import { randomUUID } from 'node:crypto';
import type { MigrationRecord } from '@sluice/controller';
import type { Millis } from '@sluice/units';
import type { Command } from 'commander';
import { followMigration, hasEnded } from '../api/follow.ts';
import { CliError, EXIT } from '../exit-code.ts';
import { parseDuration } from '../quantity-argument.ts';
import * as format from '../terminal/format.ts';
import { createProgress } from '../terminal/progress.ts';
import { formatTable } from '../terminal/table.ts';
import { apiCommand, openSession, query, type Session } from './api-command.ts';
import { registerQuote } from './migration-quote.ts';
import { bodyOf, parseCount, type RequestOptions, withRequest } from './migration-request.ts';
import { migrationText } from './migration-text.ts';

interface CreateOptions extends RequestOptions {
  readonly id?: string;
  readonly quote?: string;
  readonly idempotencyKey?: string;
  readonly wait?: boolean;
  readonly timeout?: Millis;
}

export function register(program: Command): void {
  const migration = program.command('migration').description('migrate VMs and follow them');

  withRequest(apiCommand(migration.command('create <vm> <destination>')))
    .description('ask for a migration of a VM to a host')
    .option('--id <id>', 'name the migration yourself')
    .option('--quote <etag>', 'refuse unless this quote is still true')
    .option('--idempotency-key <key>', 'the same key never starts a second migration (default: a new one)')
    .option('--wait', 'follow it to its end')
    .option(
      '--timeout <time>',
      'with --wait: give up following after this time (exit code 124)',
      parseDuration,
    )
    .addHelpText(
      'after',
      `
Examples:
  sluice migration create web h3 --policy bda --rate-max 60Mbit/s --wait
  sluice migration create db h2 --deadline 2min --downtime-limit 300ms --wait --timeout 3min
  sluice migration create web h3 --json | jq -r .id

Exit codes: 0 done (or admitted, without --wait), 1 it failed or was aborted, 2 usage, 3 no such VM or host,
4 refused, 6 controller unreachable or not ready, 124 --timeout ran out, 130 interrupted.`,
    )
    .action(async (vm: string, destination: string, options: CreateOptions, command: Command) => {
      const session = openSession(command);
      const record = await session.api.post<MigrationRecord>(
        '/v1/migrations',
        { ...bodyOf(vm, destination, options), id: options.id },
        {
          'idempotency-key': options.idempotencyKey ?? randomUUID(),
          ...(options.quote === undefined ? {} : { 'if-match': `"${options.quote}"` }),
        },
      );
      if (!options.wait) {
        session.print(record, ({ id }) => `${id}\n`);
        return;
      }
      await follow(session, record.id, options.timeout);
    });

  registerQuote(migration);

  apiCommand(migration.command('commit <id>'))
    .description('make a migration that is only held a real one')
    .action(async (id: string, _options: unknown, command: Command) => {
      const session = openSession(command);
      const record = await session.api.post<MigrationRecord>(`${pathOf(id)}/commit`, {});
      session.print(record, ({ phase }) => `${id} ${phase}\n`);
    });

  apiCommand(migration.command('list'))
    .description('list migrations, the newest first')
    .option('--state <state>', 'active, ended, or a phase')
    .option('--vm <name>', 'only this VM')
    .option('--limit <count>', 'at most so many', parseCount)
    .action(async (options: { state?: string; vm?: string; limit?: number }, command: Command) => {
      const session = openSession(command);
      const { state, vm, limit } = options;
      const path = `/v1/migrations${query({ state, vm, limit: limit?.toString() })}`;
      const page = await session.api.get<{ migrations: MigrationRecord[]; nextCursor: string | null }>(path);
      session.print(page, ({ migrations }) => listTable(migrations));
    });

  apiCommand(migration.command('show <id>'))
    .description('show a migration with its rounds and its receipt')
    .action(async (id: string, _options: unknown, command: Command) => {
      const session = openSession(command);
      session.print(await session.api.get<MigrationRecord>(pathOf(id)), migrationText);
    });

  apiCommand(migration.command('watch <id>'))
    .description('follow a migration to its end')
    .option('--timeout <time>', 'give up following after this time (exit code 124)', parseDuration)
    .action(async (id: string, options: { timeout?: Millis }, command: Command) => {
      await follow(openSession(command), id, options.timeout);
    });

  apiCommand(migration.command('abort <id>'))
    .description('give a migration up; the VM goes on at its source')
    .option('--reason <words>', 'kept in the record')
    .option('--wait', 'until everything is released')
    .option('--timeout <time>', 'with --wait: give up waiting after this time (exit code 124)', parseDuration)
    .action(
      async (
        id: string,
        options: { reason?: string; wait?: boolean; timeout?: Millis },
        command: Command,
      ) => {
        const session = openSession(command);
        const body = options.reason === undefined ? {} : { reason: options.reason };
        const record = await session.api.post<MigrationRecord>(`${pathOf(id)}/abort`, body);
        const last =
          options.wait && !hasEnded(record) ? await untilEnd(session, id, options.timeout) : record;
        session.print(last, ({ phase }) => `${id} ${phase}\n`);
      },
    );
}

const pathOf = (id: string): string => `/v1/migrations/${encodeURIComponent(id)}`;

/** Prints the end; a migration that did not complete is a failure of the command. */
async function follow(session: Session, id: string, timeout: Millis | undefined): Promise<void> {
  const record = await untilEnd(session, id, timeout);
  session.print(record, migrationText);
  if (record.phase !== 'completed')
    throw new CliError(
      EXIT.failed,
      `migration ${id} ${record.phase}: ${record.reasonDetail ?? record.reason ?? ''}`,
    );
}

async function untilEnd(session: Session, id: string, timeout: Millis | undefined): Promise<MigrationRecord> {
  const progress = createProgress(session.io, { quiet: session.isQuiet });
  try {
    return await followMigration(session.api, {
      id,
      timeoutMs: timeout ?? null,
      signal: session.io.signal,
      onLook: progress.show,
    });
  } finally {
    progress.end();
  }
}

const listTable = (migrations: readonly MigrationRecord[]): string =>
  formatTable(
    ['id', 'vm', 'source', 'destination', 'policy', 'phase', 'rounds', 'reserved', 'admitted'],
    migrations.map((record) => [
      record.id,
      record.vm,
      record.source,
      record.destination,
      record.policy,
      record.phase,
      String(record.rounds.length),
      format.rate(record.rounds.at(-1)?.reservedBitsPerSec),
      record.admittedAt,
    ]),
  );
