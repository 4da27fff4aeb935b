/**
 * The guests of a lab that stands, found by the lab's prefix alone, so that a command in another terminal can start,
 * list and stop them. They lie in the lab's own folder and carry its variable: they end with it, and what a killed lab
 * leaves is found by it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isLive, RUN_VARIABLE, readManifests, runDir } from '../lab/run-manifest.ts';
import { namespacesOf } from '../lab/stale-runs.ts';
import { type GuestControl, guestControl } from './control.ts';
import { GuestFailure } from './guest-failure.ts';
import { type GuestRecord, readRecords } from './guest-record.ts';
import type { GuestSpec } from './guest-spec.ts';
import type { GuestImage } from './image.ts';
import { type GuestPlace, launchGuest, stopGuest } from './launch.ts';
import { readMachineFile, writeMachineFile } from './machine-file.ts';

/** Bridge of every hypervisor of a lab. */
const BRIDGE = 'br0';
/** Not a host's name: those begin with a letter or a digit. */
const MACHINES = '_machines';
const LAUNCH_ENTRY = fileURLToPath(new URL('../../dist/guests/launch-entry.js', import.meta.url));

export interface LabGuest {
  readonly host: string;
  readonly record: GuestRecord;
  /** Of its records, control and console. */
  readonly folder: string;
}

export interface LiveLab {
  readonly prefix: string;
  readonly label: string;
  readonly startedAt: string;
}

export const liveLabs = (): readonly LiveLab[] =>
  readManifests()
    .filter(isLive)
    .map(({ prefix, label, startedAt }) => ({ prefix, label, startedAt }));

/** The lab of this prefix, or the only one there is. @throws GuestFailure `no_such_lab` */
export function findLab(prefix: string | undefined): LiveLab {
  const labs = liveLabs();
  const found = prefix === undefined ? labs : labs.filter((lab) => lab.prefix === prefix);
  if (found.length === 1 && found[0] !== undefined) return found[0];
  throw new GuestFailure({
    code: 'no_such_lab',
    wanted: prefix ?? null,
    labs: labs.map((lab) => lab.prefix),
  });
}

/** Holds the URL of the lab's controller while it has one. */
export const apiUrlFile = (prefix: string): string => join(runDir(prefix), 'api-url');

/** Where the lab's controller is asked; null: it has none. */
export const apiUrlOf = (prefix: string): string | null =>
  existsSync(apiUrlFile(prefix)) ? readFileSync(apiUrlFile(prefix), 'utf8').trim() : null;

const guestsFolder = (prefix: string): string => join(runDir(prefix), 'guests');
export const guestsFolderOf = (prefix: string, host: string): string => join(guestsFolder(prefix), host);
const machinesFolder = (prefix: string): string => guestsFolderOf(prefix, MACHINES);

/** Names of the hosts that a lab has namespaces of. */
export const hostsOf = (prefix: string): readonly string[] =>
  namespacesOf(prefix)
    .map((name) => name.slice(prefix.length + 1))
    .filter((name) => name !== 'switches')
    .sort();

/** What the agent of a host is told, so that it finds its guests and can take others in. */
export const agentGuests = (prefix: string, host: string) => ({
  kind: 'qemu' as const,
  guestsDir: guestsFolderOf(prefix, host),
  launchIncoming: [
    ...[process.execPath, LAUNCH_ENTRY],
    ...['--machines', machinesFolder(prefix), '--guests', guestsFolderOf(prefix, host), '--bridge', BRIDGE],
  ],
});

const placeOf = (prefix: string, host: string): GuestPlace => ({
  namespace: `${prefix}-${host}`,
  bridge: BRIDGE,
  folder: guestsFolderOf(prefix, host),
  env: { [RUN_VARIABLE]: prefix },
});

export interface StartOptions {
  readonly prefix: string;
  readonly host: string;
  readonly spec: GuestSpec;
  readonly image: GuestImage;
}

/** Boots a guest on a host; the others can take it in from then on. @throws GuestFailure */
export async function startLabGuest({ prefix, host, spec, image }: StartOptions): Promise<LabGuest> {
  const hosts = hostsOf(prefix);
  const elsewhere = listLabGuests(prefix).filter((one) => one.record.vmId !== spec.vmId);
  const taken = (what: 'ip' | 'mac') =>
    elsewhere
      .filter((one) => one.record[what] === spec[what])
      .map((one) => `${what} ${spec[what]} is that of ${one.record.vmId}`);
  const problems = [
    ...(hosts.includes(host) ? [] : [`there is no host ${host} in ${prefix}, but ${hosts.join(', ')}`]),
    ...taken('ip'),
    ...taken('mac'),
  ];
  if (problems.length > 0) throw new GuestFailure({ code: 'bad_guest', problems });
  const there = listLabGuests(prefix).find((one) => one.record.vmId === spec.vmId);
  if (there) throw new GuestFailure({ code: 'already_there', vmId: spec.vmId, pid: there.record.pid });
  writeMachineFile(machinesFolder(prefix), { spec, image });
  const place = placeOf(prefix, host);
  return { host, folder: place.folder, record: await launchGuest({ spec, image, place }) };
}

/** The same machine on another host, waiting for its state; what an agent does by its launch command. */
export async function startIncoming(prefix: string, host: string, vmId: string): Promise<LabGuest> {
  const { spec, image } = readMachineFile(machinesFolder(prefix), vmId);
  const place = placeOf(prefix, host);
  return { host, folder: place.folder, record: await launchGuest({ spec, image, place, incoming: true }) };
}

/** During a migration a guest is there twice: at its source, and as the machine that waits for it. */
export function listLabGuests(prefix: string): readonly LabGuest[] {
  const folder = guestsFolder(prefix);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name !== MACHINES)
    .sort()
    .flatMap((host) =>
      readRecords(join(folder, host)).map((record) => ({ host, record, folder: join(folder, host) })),
    );
}

/** @throws GuestFailure `unknown_guest` */
export function findLabGuests(prefix: string, vmId: string): readonly LabGuest[] {
  const guests = listLabGuests(prefix);
  const found = guests.filter((one) => one.record.vmId === vmId);
  if (found.length > 0) return found;
  const known = [...new Set(guests.map((one) => one.record.vmId))];
  throw new GuestFailure({ code: 'unknown_guest', vmId, known });
}

/** Of what remains of a migration's two machines, only one has a guest inside that answers. */
const TRY_ANSWER_MS = 500;
/** A guest boots in three seconds; on a machine whose processors are all busy it may need twenty. */
const FIND_ANSWER_MS = 60_000;

/**
 * The control of the guest where it is now. The caller closes it.
 * @throws GuestFailure `unknown_guest`, `no_answer`
 */
export async function findAnswering(prefix: string, vmId: string): Promise<GuestControl> {
  const deadline = performance.now() + FIND_ANSWER_MS;
  for (;;) {
    for (const { folder } of findLabGuests(prefix, vmId)) {
      const brief = guestControl(folder, vmId, { timeoutMs: TRY_ANSWER_MS });
      const answers = await brief.status().then(
        () => true,
        () => false,
      );
      brief.close();
      if (answers) return guestControl(folder, vmId);
    }
    if (performance.now() > deadline)
      throw new GuestFailure({ code: 'no_answer', vmId, afterMs: FIND_ANSWER_MS });
  }
}

/** Ends it wherever it is. @throws GuestFailure `unknown_guest`, `still_runs` */
export async function stopLabGuest(prefix: string, vmId: string): Promise<void> {
  for (const { folder } of findLabGuests(prefix, vmId)) await stopGuest(folder, vmId);
}

/** @throws GuestFailure `still_runs` */
export async function stopLabGuests(prefix: string): Promise<void> {
  for (const { folder, record } of listLabGuests(prefix)) await stopGuest(folder, record.vmId);
}
