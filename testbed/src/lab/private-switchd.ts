/**
 * An Open vSwitch of our own: ovsdb-server and ovs-vswitchd with their sockets in the run's directory, beside
 * whatever the machine runs. The raised send buffer must stay raised until the first packet has been sent,
 * because only then does the userspace datapath make its socket; the lab keeps it raised for its whole life.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.ts';
import { LabFailure } from './lab-failure.ts';
import type { LabProcess, SpawnOptions } from './lab-process.ts';
import { poll } from './poll.ts';

const SCHEMA_PATH = '/usr/share/openvswitch/vswitch.ovsschema';
/** Every frame of the lab waits for this daemon, so it goes before whatever else the machine does. */
const DAEMON_NICENESS = -20;
const START_TIMEOUT_MS = 30_000;

export interface PrivateSwitchd {
  /** Where the database listens, in OVSDB's notation: "unix:/run/...". */
  readonly target: string;
  /** Makes `ovs-vsctl`, `ovs-ofctl` and Mininet talk to this one. */
  readonly env: Readonly<Record<string, string>>;
  readonly pids: { readonly ovsdb: number; readonly vswitchd: number };
  vsctl(args: readonly string[]): Promise<string>;
  /** Always speaks OpenFlow 1.3; the bridge is the argument after the command. */
  ofctl(args: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

export interface SwitchdOptions {
  /** Where its devices live. */
  readonly namespace: string;
  /** An existing directory whose path is short enough for sockets. */
  readonly dir: string;
  readonly start: (options: SpawnOptions) => LabProcess;
}

export async function startPrivateSwitchd({
  namespace,
  dir,
  start,
}: SwitchdOptions): Promise<PrivateSwitchd> {
  const env = { OVS_RUNDIR: dir, OVS_DBDIR: dir, OVS_LOGDIR: dir };
  const socket = join(dir, 'db.sock');
  const target = `unix:${socket}`;
  const database = join(dir, 'conf.db');
  await run('ovsdb-tool', ['create', database, SCHEMA_PATH]);
  const quiet = (name: string) => ['-vconsole:off', '-vsyslog:off', `--log-file=${join(dir, `${name}.log`)}`];
  const control = (name: string) => [
    `--pidfile=${join(dir, `${name}.pid`)}`,
    `--unixctl=${join(dir, `${name}.ctl`)}`,
  ];

  const ovsdb = start({
    name: 'ovsdb-server',
    command: 'ovsdb-server',
    args: [database, `--remote=p${target}`, ...control('ovsdb'), ...quiet('ovsdb')],
    env,
  });
  await poll('ovsdb-server', START_TIMEOUT_MS, async () => {
    if (!ovsdb.running) throw ended(ovsdb);
    return existsSync(socket) ? true : null;
  });
  const vsctl = (args: readonly string[]) =>
    run('ovs-vsctl', [`--db=${target}`, '--timeout=10', ...args], { env });
  await vsctl(['--no-wait', 'init']);

  const vswitchd = start({
    name: 'ovs-vswitchd',
    namespace,
    niceness: DAEMON_NICENESS,
    command: 'ovs-vswitchd',
    args: [target, ...control('vswitchd'), ...quiet('vswitchd')],
    env,
  });
  // Without --no-wait the command returns when the daemon has taken the change, that is when it runs.
  await vsctl(['set', 'Open_vSwitch', '.', 'external_ids:system-id=sluice-lab']).catch((cause: unknown) => {
    throw vswitchd.running ? cause : ended(vswitchd);
  });

  return {
    target,
    env,
    pids: { ovsdb: ovsdb.pid, vswitchd: vswitchd.pid },
    vsctl,
    ofctl: (args) => run('ovs-ofctl', ['-O', 'OpenFlow13', ...args], { env }),
    close: async () => {
      await vswitchd.stop();
      await ovsdb.stop();
    },
  };
}

const ended = (process: LabProcess): LabFailure =>
  new LabFailure({
    code: 'process_ended',
    name: process.name,
    exitCode: null,
    output: process.errorLines.join('\n'),
  });
