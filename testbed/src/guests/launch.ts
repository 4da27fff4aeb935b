/**
 * Starts a guest's QEMU in a host's namespace with a tap on the host's bridge, and ends it by its recorded process. The
 * process outlives whoever started it; in a lab it carries the lab's variable, by which a clean-up finds it.
 */

import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { run } from '../lab/command.ts';
import { LabFailure } from '../lab/lab-failure.ts';
import { poll } from '../lab/poll.ts';
import { prioritise } from '../lab/prioritise.ts';
import { identityOf, isAlive, signal } from '../lab/process-identity.ts';
import { isOnPath } from '../lab/real-parts.ts';
import { GuestFailure } from './guest-failure.ts';
import { GUESTS_FOLDER_LENGTH_MAX, type GuestFiles, guestFiles } from './guest-files.ts';
import { findRecord, type GuestRecord, removeRecord, writeRecord } from './guest-record.ts';
import { type GuestSpec, ramOf } from './guest-spec.ts';
import type { GuestImage } from './image.ts';
import { DISK_NODE, machineArguments, QEMU } from './machine.ts';

/** QEMU is ready within a fifth of a second on an idle machine. */
const LAUNCH_TIMEOUT_MS = 20_000;
/** QEMU ends within milliseconds of SIGTERM, unless it is writing to a disk. */
const TERMINATE_TIMEOUT_MS = 3_000;
/** Kernel limit of a device's name without its closing zero. */
const DEVICE_NAME_MAX = 15;

/** A guest's host would have processors for it; here it shares them with whoever measures it. */
const NICENESS = -10;

/** The host a guest runs on. */
export interface GuestPlace {
  /** Name of its network namespace; null: the one this process is in. */
  readonly namespace: string | null;
  readonly bridge: string;
  /** Of this host alone; holds records, sockets and consoles. */
  readonly folder: string;
  /** What the process and its descendants carry, such as the variable of a lab. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface LaunchOptions {
  readonly spec: GuestSpec;
  readonly image: GuestImage;
  readonly place: GuestPlace;
  /** true: the same machine waits for its state (`-incoming defer`) instead of booting. */
  readonly incoming?: boolean;
}

/** @throws GuestFailure `missing_package`, `bad_guest`, `already_there`, `launch_failed` */
export async function launchGuest(options: LaunchOptions): Promise<GuestRecord> {
  const { spec, image, place, incoming = false } = options;
  checkLaunch(spec, place);
  const files = guestFiles(place.folder, spec.vmId);
  removeRecord(place.folder, spec.vmId);
  prepareFolder(spec, place, files);
  await run('mkfifo', ['-m', '600', `${files.urgent}.in`, `${files.urgent}.out`]);
  const netDevice = tapName(spec.vmId, spec.mac);
  const machine = machineArguments({ spec, image, files, netDevice, incoming });
  const inside = place.namespace === null ? [] : ['nsenter', `--net=/run/netns/${place.namespace}`];
  const [command = QEMU, ...words] = [...inside, QEMU, ...machine];
  await run(command, words, { env: place.env ?? {}, timeoutMs: LAUNCH_TIMEOUT_MS }).catch(
    (cause: unknown) => {
      removeRecord(place.folder, spec.vmId);
      throw new GuestFailure({ code: 'launch_failed', vmId: spec.vmId, output: outputOf(cause) }, { cause });
    },
  );
  const identity = identityOf(Number(readFileSync(files.pid, 'utf8')));
  if (identity === null)
    throw new GuestFailure({ code: 'launch_failed', vmId: spec.vmId, output: textOf(files.log) });
  prioritise(identity.pid, NICENESS);
  const record: GuestRecord = {
    version: 1,
    vmId: spec.vmId,
    ...identity,
    qmpSocket: files.qmp,
    urgentPipe: files.urgent,
    netDevice,
    memoryBytes: ramOf(spec).ram,
    mac: spec.mac,
    ip: spec.ip,
    prefixLength: spec.prefixLength,
    guestPort: spec.guestPort,
    controlPort: spec.controlPort,
    disks: spec.diskBytes === null ? [] : [DISK_NODE],
    state: incoming ? 'incoming' : 'running',
  };
  writeRecord(place.folder, record);
  return record;
}

/** Ends the process and removes the record; one that is gone already is no error. @throws GuestFailure `still_runs` */
export async function stopGuest(folder: string, vmId: string): Promise<void> {
  const record = findRecord(folder, vmId);
  if (record !== null) {
    signal(record, 'SIGTERM');
    const gone = () =>
      poll('the end of QEMU', TERMINATE_TIMEOUT_MS, async () => (isAlive(record) ? null : true));
    await gone().catch(async () => {
      signal(record, 'SIGKILL');
      await gone().catch((cause: unknown) => {
        throw new GuestFailure({ code: 'still_runs', vmId, pid: record.pid }, { cause });
      });
    });
  }
  removeRecord(folder, vmId);
  rmSync(guestFiles(folder, vmId).disk, { force: true });
}

/** Unique among a host's guests and the same at both ends, whatever the guest's name is. */
export const tapName = (vmId: string, mac: string): string =>
  `tap${createHash('sha256').update(`${vmId} ${mac}`).digest('hex')}`.slice(0, DEVICE_NAME_MAX);

function checkLaunch(spec: GuestSpec, place: GuestPlace): void {
  if (!isOnPath(QEMU))
    throw new GuestFailure({
      code: 'missing_package',
      what: `${QEMU} is missing`,
      packages: ['qemu-system-x86'],
    });
  const there = findRecord(place.folder, spec.vmId);
  if (there !== null) throw new GuestFailure({ code: 'already_there', vmId: spec.vmId, pid: there.pid });
  const problems = [
    ...(place.folder.length > GUESTS_FOLDER_LENGTH_MAX
      ? [`folder ${place.folder} has more than ${GUESTS_FOLDER_LENGTH_MAX} characters`]
      : []),
    ...(place.namespace !== null && !existsSync(`/run/netns/${place.namespace}`)
      ? [`there is no network namespace ${place.namespace}`]
      : []),
  ];
  if (problems.length > 0) throw new GuestFailure({ code: 'bad_guest', problems });
}

function prepareFolder(spec: GuestSpec, place: GuestPlace, files: GuestFiles): void {
  mkdirSync(place.folder, { recursive: true });
  writeFileSync(files.console, '');
  writeFileSync(files.log, '');
  writeFileSync(files.attach, `#!/bin/sh\nexec ip link set dev "$1" master ${place.bridge} up\n`);
  chmodSync(files.attach, 0o755);
  if (spec.diskBytes === null || existsSync(files.disk)) return;
  writeFileSync(files.disk, '');
  truncateSync(files.disk, spec.diskBytes);
}

const outputOf = (cause: unknown): string =>
  cause instanceof LabFailure && cause.detail.code === 'command_failed' ? cause.detail.output : String(cause);

const textOf = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');
