/** `sluice lab guest`: real guests on the hosts of a lab that stands: start, list, load, check, migrate, stop. */
import type { GuestLoad, GuestSpecInput, LabGuest } from '@sluice/testbed';
import { type Command, Option } from 'commander';
import { CliError, EXIT } from '../exit-code.ts';
import { type Io, ioOf } from '../io.ts';
import { parseRate, parseVolume } from '../quantity-argument.ts';
import * as format from '../terminal/format.ts';
import { formatTable } from '../terminal/table.ts';
import { type LabOption, needRoot, print, type Reader, reader } from './lab-guest-common.ts';
import { type MigrateOptions, migrateGuest } from './lab-guest-migrate.ts';

const PAGE_BYTES = 4096;
const PATTERNS = ['cyclic', 'random', 'hot_cold'];
/** 128 MiB less 8 KiB: a size that QEMU without KVM migrates unharmed. */
const MEMORY_DEFAULT = '131064KiB';

interface LoadOptions {
  readonly dirtyRate?: string;
  readonly workingSet?: string;
  readonly pattern?: GuestLoad['pattern'];
  readonly write?: string;
  readonly diskRate?: string;
}

interface StartOptions extends LoadOptions {
  readonly lab?: string;
  readonly host: string;
  readonly ip: string;
  readonly mac?: string;
  readonly memory: string;
  readonly fill?: string;
  readonly disk?: string;
  readonly wait: boolean;
  readonly json?: boolean;
}

export function registerGuest(lab: Command): void {
  const guest = lab
    .command('guest')
    .description('real guests under QEMU on the hosts of a lab that stands')
    .addHelpText(
      'after',
      `
Examples, while sluice lab run FILE --keep stands in another terminal:
  sluice lab guest start web --host h1 --ip 10.0.1.1/16 --dirty-rate 4MB/s --working-set 40MiB
  sluice lab guest load web --pattern hot_cold --write 64B
  sluice lab guest migrate web h3
  sluice lab guest check web

Exit codes: 0 ok, 1 failed or a page is wrong, 2 usage, 3 no such lab or guest.`,
    );

  withLoad(common(guest.command('start <name>')))
    .description('boot a guest on a host')
    .requiredOption('--host <host>', 'where it boots')
    .requiredOption('--ip <address>', 'with prefix length, e.g. 10.0.1.1/16')
    .option('--mac <address>', 'default: made from the IP address')
    .option('--memory <size>', 'of the machine; rounded to a size that migrates unharmed', MEMORY_DEFAULT)
    .option('--fill <size>', 'memory that holds random content from the start')
    .option('--disk <size>', 'an empty disk, e.g. 32MiB')
    .option('--no-wait', 'do not wait until it answers')
    .action((name: string, options: StartOptions, command: Command) =>
      ended(command, () => start(name, options, ioOf(command))),
    );
  common(guest.command('list'))
    .description('list the guests of a lab with what they do')
    .action((options: LabOption, command: Command) => ended(command, () => list(options, ioOf(command))));
  withLoad(common(guest.command('load <name>')))
    .description('change what a guest writes into its memory; what is not named stays')
    .action((name: string, options: LoadOptions & LabOption, command: Command) =>
      ended(command, () => load(name, options, ioOf(command))),
    );
  common(guest.command('check <name>'))
    .description('let a guest read all its memory: does it hold what was written?')
    .action((name: string, options: LabOption, command: Command) =>
      ended(command, () => check(name, options, ioOf(command))),
    );
  common(guest.command('migrate <name> <host>'))
    .description('move a guest: through the controller if the lab has one, else from host to host')
    .option('--api <url>', "controller (default: the lab's own)")
    .option('--direct', 'without a controller; only where no agent holds the guest')
    .option('--rate <rate>', 'at most, e.g. 60Mbit/s')
    .option('--downtime-limit <time>', 'limit on the pause, e.g. 300ms')
    .action((name: string, host: string, options: MigrateOptions, command: Command) =>
      ended(command, () => migrateGuest(name, host, options, ioOf(command))),
    );
  common(guest.command('stop [name]'))
    .description('end a guest, or all of them')
    .option('--all', 'every guest of the lab')
    .action((name: string | undefined, options: LabOption & { all?: boolean }, command: Command) =>
      ended(command, () => stop(name, options, ioOf(command))),
    );
}

const common = (command: Command): Command =>
  command
    .option('--lab <prefix>', 'which lab; needed only when several stand')
    .option('--json', 'print JSON');

const withLoad = (command: Command): Command =>
  command
    .option('--dirty-rate <rate>', 'memory written per second in whole pages, e.g. 4MB/s')
    .option('--working-set <size>', 'the part of its memory that it writes, e.g. 40MiB')
    .addOption(new Option('--pattern <name>', 'which page comes next').choices(PATTERNS))
    .option('--write <size>', 'bytes changed in each page, e.g. 64B')
    .option('--disk-rate <rate>', 'written to its disk in random order, e.g. 1MB/s');

/** What goes wrong with guests ends the command with its code and its sentence, each problem on a line of its own. */
async function ended(command: Command, act: () => Promise<void>): Promise<void> {
  const { GuestFailure, LabFailure } = await import('@sluice/testbed');
  try {
    await act();
  } catch (cause) {
    if (!(cause instanceof GuestFailure)) {
      if (cause instanceof LabFailure) throw new CliError(EXIT.failed, cause.message);
      throw cause;
    }
    const { detail } = cause;
    const exitCode =
      {
        bad_guest: EXIT.usage,
        missing_package: EXIT.usage,
        no_such_lab: EXIT.notFound,
        unknown_guest: EXIT.notFound,
        // A code without an entry gets the fallback.
      }[detail.code as string] ?? EXIT.failed;
    const lines = detail.code === 'bad_guest' ? detail.problems.join('\n') : cause.message;
    throw new CliError(exitCode, command.opts<LabOption>().json ? JSON.stringify(detail) : lines);
  }
}

/** Whoever is told wrote options, not the fields of a specification. */
function asWritten(problem: string): string {
  const [path = ''] = problem.split(':', 1);
  const option = OPTIONS.get(path);
  return option === undefined ? problem : option + problem.slice(path.length);
}
const OPTIONS: ReadonlyMap<string, string> = new Map([
  ['vmId', '<name>'],
  ['ip', '--ip'],
  ['prefixLength', '--ip, its prefix length'],
  ['mac', '--mac'],
  ['memoryBytes', '--memory'],
  ['fillBytes', '--fill'],
  ['diskBytes', '--disk'],
  ['load.workingSetBytes', '--working-set'],
  ['load.pagesPerSec', '--dirty-rate'],
  ['load.diskBlocksPerSec', '--disk-rate'],
]);

async function start(name: string, options: StartOptions, io: Io): Promise<void> {
  const testbed = await import('@sluice/testbed');
  needRoot();
  const problems: string[] = [];
  const read = reader(problems);
  const [ip = options.ip, prefix = '24'] = options.ip.split('/');
  const input: GuestSpecInput = {
    vmId: name,
    ip,
    prefixLength: Number(prefix),
    mac: options.mac ?? macOf(ip),
    memoryBytes: read('--memory', options.memory, parseVolume) ?? parseVolume(MEMORY_DEFAULT),
    ...given('fillBytes', read('--fill', options.fill, parseVolume)),
    ...given('diskBytes', read('--disk', options.disk, parseVolume)),
    load: loadOf(options, read),
  };
  const spec = testbed.guestSpecSchema.safeParse(input);
  if (!spec.success) problems.push(...testbed.specProblems(spec.error).map(asWritten));
  const lab = testbed.findLab(options.lab);
  const hosts = testbed.hostsOf(lab.prefix);
  if (!hosts.includes(options.host)) problems.push(`--host ${options.host}: there are ${hosts.join(', ')}`);
  if (problems.length > 0 || !spec.success) throw new testbed.GuestFailure({ code: 'bad_guest', problems });
  const image = await testbed.buildGuestImage({ note: (line) => io.err(`${line}\n`) });
  const { note } = testbed.ramOf(spec.data);
  if (note !== null) io.err(`${note}\n`);
  const guest = await testbed.startLabGuest({
    prefix: lab.prefix,
    host: options.host,
    spec: spec.data,
    image,
  });
  if (options.wait) await statusOf(guest);
  print(io, options, guest, ({ host, record }) => `${record.vmId} on ${host}, pid ${record.pid}\n`);
}

async function list(options: LabOption, io: Io): Promise<void> {
  const { findLab, listLabGuests } = await import('@sluice/testbed');
  const { prefix } = findLab(options.lab);
  const guests = await Promise.all(
    listLabGuests(prefix).map(async (guest) => ({
      ...guest,
      // A machine that waits for a migration has nobody inside who could answer.
      status: await statusOf(guest, LIST_ANSWER_MS).catch(() => null),
    })),
  );
  print(io, options, { lab: prefix, guests }, () =>
    formatTable(
      ['guest', 'host', 'ip', 'memory', 'pid', 'state', 'dirty rate', 'working set', 'pattern'],
      guests.map(({ host, record, status }) => [
        record.vmId,
        host,
        record.ip,
        format.volume(record.memoryBytes),
        String(record.pid),
        status === null ? 'silent' : 'answers',
        format.byteRate(status === null ? null : status.pagesPerSec * PAGE_BYTES),
        format.volume(status?.workingSetBytes),
        format.text(status?.pattern),
      ]),
    ),
  );
}
const LIST_ANSWER_MS = 1_000;

async function load(name: string, options: LoadOptions & LabOption, io: Io): Promise<void> {
  const { GuestFailure } = await import('@sluice/testbed');
  const problems: string[] = [];
  const change = loadOf(options, reader(problems));
  if (Object.keys(change).length === 0) problems.push('nothing to change: name at least one setting');
  if (problems.length > 0) throw new GuestFailure({ code: 'bad_guest', problems });
  await withAnswering(name, options, async (control) => {
    const status = await control.setLoad(change);
    print(
      io,
      options,
      status,
      (one) =>
        `${name} writes ${format.byteRate(one.pagesPerSec * PAGE_BYTES)} of ${format.volume(one.workingSetBytes)}, ${one.pattern}, ${one.writeBytes} B each\n`,
    );
  });
}

async function check(name: string, options: LabOption, io: Io): Promise<void> {
  const { isUnharmed } = await import('@sluice/testbed');
  await withAnswering(name, options, async (control) => {
    const verdict = await control.verify();
    const isWhole = isUnharmed(verdict);
    print(io, options, verdict, ({ checkedPages, wrongPages, firstWrongPage }) =>
      isWhole
        ? `${name}: all ${checkedPages} pages are right\n`
        : `${name}: ${wrongPages} of ${checkedPages} pages are wrong, the first is ${firstWrongPage}\n`,
    );
    if (!isWhole) process.exitCode = EXIT.failed;
  });
}

async function stop(
  name: string | undefined,
  options: LabOption & { readonly all?: boolean },
  io: Io,
): Promise<void> {
  const { findLab, GuestFailure, listLabGuests, stopLabGuest } = await import('@sluice/testbed');
  needRoot();
  if ((name === undefined) === (options.all !== true))
    throw new GuestFailure({ code: 'bad_guest', problems: ['name one guest, or say --all'] });
  const { prefix } = findLab(options.lab);
  const names = name === undefined ? listLabGuests(prefix).map(({ record }) => record.vmId) : [name];
  const stopped = [...new Set(names)];
  for (const one of stopped) await stopLabGuest(prefix, one);
  print(io, options, { stopped }, () => stopped.map((one) => `stopped ${one}\n`).join(''));
}

type Control = ReturnType<typeof import('@sluice/testbed').guestControl>;

/** The end of the guest that answers: in a migration it is there twice, and the one that waits is silent. */
async function withAnswering(
  name: string,
  options: LabOption,
  act: (control: Control) => Promise<void>,
): Promise<void> {
  const { findAnswering, findLab } = await import('@sluice/testbed');
  const control = await findAnswering(findLab(options.lab).prefix, name);
  try {
    await act(control);
  } finally {
    control.close();
  }
}

async function statusOf({ folder, record }: LabGuest, timeoutMs?: number) {
  const { guestControl } = await import('@sluice/testbed');
  const control = guestControl(folder, record.vmId, timeoutMs === undefined ? {} : { timeoutMs });
  try {
    return await control.status();
  } finally {
    control.close();
  }
}

function loadOf(options: LoadOptions, read: Reader): Partial<GuestLoad> {
  const rate = read('--dirty-rate', options.dirtyRate, parseRate);
  const disk = read('--disk-rate', options.diskRate, parseRate);
  const wholePages = (size: number) => Math.round(size / PAGE_BYTES) * PAGE_BYTES;
  const set = read('--working-set', options.workingSet, parseVolume);
  return {
    ...given('pagesPerSec', rate === undefined ? undefined : Math.round(rate / 8 / PAGE_BYTES)),
    ...given('workingSetBytes', set === undefined ? undefined : wholePages(set)),
    ...given('pattern', options.pattern),
    ...given('diskBlocksPerSec', disk === undefined ? undefined : Math.round(disk / 8 / PAGE_BYTES)),
    ...given('writeBytes', read('--write', options.write, parseVolume)),
  };
}

const given = <K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } =>
  // A computed key loses its name.
  (value === undefined ? {} : { [key]: value }) as { [key in K]?: V };

/** Locally administered, and another one for each address of the lab. */
function macOf(ip: string): string {
  const octets = ip.split('.').map((octet) => (Number(octet) & 0xff).toString(16).padStart(2, '0'));
  return ['52:54', ...octets].join(':');
}
