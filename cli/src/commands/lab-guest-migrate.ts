/** `sluice lab guest migrate`: through the lab's controller if it has one, else from host to host. */
import type { MigrationRecord } from '@sluice/controller';
import { type BitsPerSec, toSeconds } from '@sluice/units';
import { createApiClient } from '../api/client.ts';
import { followMigration } from '../api/follow.ts';
import { CliError, EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { parseDuration, parseRate } from '../quantity-argument.ts';
import * as format from '../terminal/format.ts';
import { createProgress } from '../terminal/progress.ts';
import { type LabOption, needRoot, print, reader } from './lab-guest-common.ts';
import { migrationText } from './migration-text.ts';

export interface MigrateOptions extends LabOption {
  readonly api?: string;
  readonly direct?: boolean;
  readonly rate?: string;
  readonly downtimeLimit?: string;
}

interface Terms {
  readonly name: string;
  readonly host: string;
  readonly rate: BitsPerSec | undefined;
  readonly downtimeLimitSec: number | undefined;
}

/** @throws GuestFailure, LabFailure, CliError */
export async function migrateGuest(
  name: string,
  host: string,
  options: MigrateOptions,
  io: Io,
): Promise<void> {
  const { apiUrlOf, findLab, GuestFailure } = await import('@sluice/testbed');
  const problems: string[] = [];
  const read = reader(problems);
  const rate = read('--rate', options.rate, parseRate);
  const downtimeLimit = read('--downtime-limit', options.downtimeLimit, parseDuration);
  if (options.direct && options.api !== undefined) problems.push('--direct and --api exclude each other');
  if (problems.length > 0) throw new GuestFailure({ code: 'bad_guest', problems });
  const { prefix } = findLab(options.lab);
  const url = options.direct ? null : (options.api ?? apiUrlOf(prefix));
  const downtimeLimitSec = downtimeLimit === undefined ? undefined : toSeconds(downtimeLimit);
  const terms = { name, host, rate, downtimeLimitSec };
  if (url === null) await migrateDirectly(prefix, terms, options, io);
  else await migrateByController(url, terms, options, io);
}

/** The rate is a reservation then, and the network is told of the guest's new place. */
async function migrateByController(url: string, terms: Terms, options: LabOption, io: Io): Promise<void> {
  const { name, host, rate, downtimeLimitSec } = terms;
  const api = createApiClient(url, io.signal);
  const body = { vm: name, destination: host, rateMaxBitsPerSec: rate, downtimeLimitSec };
  const { id } = await api.post<MigrationRecord>('/v1/migrations', body);
  const progress = createProgress(io, { quiet: options.json === true });
  const record = await followMigration(api, {
    ...{ id, timeoutMs: null, signal: io.signal },
    onLook: progress.show,
  }).finally(() => progress.end());
  print(io, options, record, migrationText);
  if (record.phase !== 'completed') throw new CliError(EXIT.failed, `${name}: ${record.phase}`);
}

async function migrateDirectly(prefix: string, terms: Terms, options: LabOption, io: Io): Promise<void> {
  const { isUnharmed, migrateLabGuest } = await import('@sluice/testbed');
  needRoot();
  const { name, host, rate, downtimeLimitSec } = terms;
  const say = (line: string) => options.json !== true && io.err(`${line}\n`);
  const done = await migrateLabGuest({
    ...{ prefix, vmId: name, to: host, rateCapBitsPerSec: rate ?? null },
    ...(downtimeLimitSec === undefined ? {} : { downtimeLimitSec }),
    onEvent: (event) => {
      if (event.kind !== 'round_finished') return;
      const { round, transferredBytes, durationSec } = event;
      say(`round ${round}: ${format.volume(transferredBytes)} in ${format.duration(durationSec)}`);
    },
  });
  const { totalTimeSec, downtimeSec, transferredBytes } = done.completion;
  const isWhole = isUnharmed(done.verdict);
  print(io, options, done, ({ from, verdict }) => {
    const moved = `${name} moved from ${from} to ${host} in ${format.duration(totalTimeSec)}, ${format.volume(transferredBytes)}`;
    const pages = `${isWhole ? 'all' : 'NOT ALL'} of ${verdict.checkedPages} pages are right`;
    return `${moved}, paused ${format.duration(downtimeSec)}; ${pages}\n`;
  });
  if (!isWhole) process.exitCode = EXIT.failed;
}
