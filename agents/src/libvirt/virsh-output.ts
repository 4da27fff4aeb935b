/**
 * What virsh prints, read strictly: lines that have another form than the one we know are refused, not skipped. Only
 * its forms for programs are used (`--raw`, `--rawstats`, `-q`, `--name`), never its XML nor its rounded numbers.
 */
import { VirshFailure } from './virsh-runner.ts';

/** Names that can be VMs of ours; a host may run other domains, which are none. */
const VM_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/;
const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * 1024;

/** virDomainState and its reasons (libvirt-domain.h), as far as they matter here. */
export type DomainState =
  | 'running'
  /** Runs at the destination, part of its memory is still at the source. */
  | 'postcopy'
  | 'postcopy_interrupted'
  | 'paused'
  /** Stopped at the source for the switchover, or waiting at the destination for its memory. */
  | 'paused_migrating'
  /** At the source: it has left, part of its memory has not. */
  | 'left_postcopy'
  | 'left_postcopy_interrupted'
  | 'off';

export interface DomainStats {
  readonly name: string;
  readonly state: DomainState;
  /** The host's end of its first NIC. */
  readonly netDevice: string | null;
}

/** `domstats --raw` with state and perhaps interface. */
export const parseDomainStats = (text: string): readonly DomainStats[] =>
  parseFields(text).map(({ name, fields }) => ({
    name,
    state: stateOf(numberIn(fields, 'state.state'), numberIn(fields, 'state.reason')),
    netDevice: fields.get('net.0.name') ?? null,
  }));

/** `domstats --raw --dirtyrate`: a sample that has ended, of `domdirtyrate-calc`, in whole MiB/s; null: there is none. */
export function parseDirtyRate(text: string): number | null {
  const fields = parseFields(text)[0]?.fields;
  if (fields?.get('dirtyrate.calc_status') !== '2') return null;
  return numberIn(fields, 'dirtyrate.megabytes_per_second') * MEBIBYTE;
}

function parseFields(text: string): readonly { name: string; fields: ReadonlyMap<string, string> }[] {
  const domains: { name: string; fields: Map<string, string> }[] = [];
  for (const line of linesOf(text)) {
    const name = /^Domain: '(.*)'$/.exec(line)?.[1];
    if (name !== undefined) {
      domains.push({ name, fields: new Map() });
      continue;
    }
    const [, key, value] = /^ {2}([a-z0-9_.-]+)=(.*)$/i.exec(line) ?? [];
    const fields = domains.at(-1)?.fields;
    if (key === undefined || value === undefined || fields === undefined) throw unexpected('domstats', line);
    fields.set(key, value);
  }
  return domains.filter(({ name }) => VM_NAME.test(name));
}

const numberIn = (fields: ReadonlyMap<string, string>, key: string): number =>
  count('domstats', key, fields.get(key));

function stateOf(state: number, reason: number): DomainState {
  if (state === 1 || state === 2)
    return reason === 10 ? 'postcopy' : reason === 11 ? 'postcopy_interrupted' : 'running';
  if (state !== 3 && state !== 7) return 'off';
  if (reason === 2) return 'paused_migrating';
  return reason === 12 ? 'left_postcopy' : reason === 13 ? 'left_postcopy_interrupted' : 'paused';
}

/** `domiflist -q`: the MAC of the first NIC; null: it has none. */
export function parseMac(text: string): string | null {
  const [line] = linesOf(text);
  if (line === undefined) return null;
  const mac = /\s([0-9a-f]{2}(?::[0-9a-f]{2}){5})\s*$/i.exec(line)?.[1];
  if (mac === undefined) throw unexpected('domiflist', line);
  return mac.toLowerCase();
}

/** `domblklist -q`: targets that have something behind them. */
export const parseDisks = (text: string): readonly string[] =>
  linesOf(text).flatMap((line) => {
    const [, target, source] = /^\s*(\S+)\s+(.+?)\s*$/.exec(line) ?? [];
    if (target === undefined || source === undefined) throw unexpected('domblklist', line);
    return source === '-' ? [] : [target];
  });

/** `metadata DOMAIN urn:sluice:vm`: the one element that is ours. */
export function parseAddress(text: string): string {
  const ip = /^<vm (?:xmlns="[^"]*" )?ip="([0-9.]+)"(?: xmlns="[^"]*")?\/>$/.exec(text.trim())?.[1];
  if (ip === undefined) throw unexpected('metadata', text.trim());
  return ip;
}

/** `migrate-getmaxdowntime`: milliseconds. */
export const parseDowntimeLimit = (text: string): number =>
  count('migrate-getmaxdowntime', 'limit', text.trim());

export interface DomainInfo {
  readonly memoryBytes: number;
  /** A definition of it stays when it stops. */
  readonly isPersistent: boolean;
}

/** `dominfo`. */
export function parseDomainInfo(text: string): DomainInfo {
  const persistent = /^Persistent: +(yes|no)$/m.exec(text)?.[1];
  const memory = /^Max memory: +(\d+) KiB$/m.exec(text)?.[1];
  if (persistent === undefined || memory === undefined) throw unexpected('dominfo', text);
  return { memoryBytes: Number(memory) * KIBIBYTE, isPersistent: persistent === 'yes' };
}

export interface JobStats {
  readonly operation: 'none' | 'outgoing' | 'incoming' | 'other';
  /** 0 until QEMU has begun: libvirt prepares the destination first. */
  readonly totalBytes: number;
  readonly transferredBytes: number;
  readonly remainingBytes: number;
  /** QEMU's dirty-sync-count: 1 in round 0. */
  readonly iteration: number;
  readonly elapsedMs: number;
  /** Only in the statistics of a job that has ended. */
  readonly downtimeMs: number | null;
}

/** virDomainJobOperation. */
const OPERATIONS: Readonly<Record<number, JobStats['operation']>> = { 4: 'incoming', 5: 'outgoing' };
const NO_JOB: JobStats = {
  ...{ operation: 'none', totalBytes: 0, transferredBytes: 0, remainingBytes: 0 },
  ...{ iteration: 0, elapsedMs: 0, downtimeMs: null },
};

/** `domjobinfo --rawstats`. */
export function parseJobStats(text: string): JobStats {
  const [first, ...lines] = linesOf(text);
  const type = /^Job type: (\d+)$/.exec(first ?? '')?.[1];
  if (type === undefined) throw unexpected('domjobinfo', first ?? 'nothing');
  return type === '0' ? NO_JOB : jobStatsOf(lines);
}

/** Lines `key: value`, as `domjobinfo --rawstats` and the event job-completed have them. */
export function jobStatsOf(lines: readonly string[]): JobStats {
  const fields = new Map<string, string>();
  for (const line of lines) {
    const [, key, value] = /^\s*([a-z_0-9.]+): (.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) throw unexpected('job statistics', line);
    fields.set(key, value);
  }
  const number = (key: string): number => count('job statistics', key, fields.get(key) ?? '0');
  return {
    operation: OPERATIONS[number('operation')] ?? 'other',
    totalBytes: number('memory_total'),
    transferredBytes: number('memory_processed'),
    remainingBytes: number('memory_remaining'),
    iteration: number('memory_iteration'),
    elapsedMs: number('time_elapsed'),
    downtimeMs: fields.has('downtime') ? number('downtime') : null,
  };
}

/** `qemu-monitor-command`: virsh ends with 0 when QEMU says no, too. @throws VirshFailure */
export function checkMonitorReply(text: string): void {
  let reply: unknown;
  try {
    reply = JSON.parse(text);
  } catch (cause) {
    throw new VirshFailure('bad_output', `virsh qemu-monitor-command: ${text.trim().slice(0, 200)}`, {
      cause,
    });
  }
  if (typeof reply === 'object' && reply !== null && 'return' in reply) return;
  throw new VirshFailure('refused', `QEMU says no: ${JSON.stringify(reply).slice(0, 500)}`);
}

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line.trim() !== '');

function count(command: string, key: string, value: string | undefined): number {
  if (value === undefined || !/^\d+$/.test(value))
    throw new VirshFailure('bad_output', `virsh ${command}: ${key} is ${value ?? 'missing'}`);
  return Number(value);
}

const unexpected = (command: string, line: string): VirshFailure =>
  new VirshFailure('bad_output', `virsh ${command}: not understood: ${line.slice(0, 200)}`);
