/** `sluice reservation list`: who holds how much of which links. */
import type { ReservationRecord } from '@sluice/controller';
import type { Command } from 'commander';
import * as format from '../terminal/format.ts';
import { formatTable } from '../terminal/table.ts';
import { apiCommand, openSession, query } from './api-command.ts';

interface ListOptions {
  readonly link?: string;
  readonly host?: string;
  readonly migration?: string;
}

export function register(program: Command): void {
  const reservation = program.command('reservation').description('look at reservations');
  apiCommand(reservation.command('list'))
    .description('list reservations')
    .option('--link <id>', 'only those that cross this link, e.g. "s1:2>s2:2"')
    .option('--host <name>', 'only those from or to this host')
    .option('--migration <id>', 'only that of this migration')
    .action(async ({ link, host, migration }: ListOptions, command: Command) => {
      const session = openSession(command);
      const path = `/v1/reservations${query({ link, host, migration })}`;
      const page = await session.api.get<{ reservations: ReservationRecord[] }>(path);
      session.print(page, ({ reservations }) =>
        formatTable(
          ['id', 'migration', 'rate', 'way back', 'path'],
          reservations.map((entry) => [
            String(entry.id),
            entry.migrationId,
            format.rate(entry.rateBitsPerSec),
            format.rate(entry.reverseRateBitsPerSec),
            format.pathNodes(entry.path),
          ]),
        ),
      );
    });
}
