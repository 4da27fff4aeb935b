/**
 * A guest whose QEMU is played by the test: its record lies in a guests' directory, its monitor answers from a state
 * that the test changes, its process is one that only waits. `quit` ends it as it would QEMU.
 */
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { identify } from '../emulated/process-identity.ts';
import { type Answer, type AskedCommand, type FakeQmp, fakeQmp, GREETING } from './fake-qmp.ts';

const COMMANDS = [
  ...['calc-dirty-rate', 'query-dirty-rate', 'migrate-continue', 'migrate-start-postcopy', 'migrate-pause'],
  ...['migrate-recover', 'nbd-server-start', 'nbd-server-add', 'drive-mirror', 'block-job-cancel'],
];
const CAPABILITIES = [
  ...['events', 'return-path', 'pause-before-switchover', 'postcopy-ram', 'auto-converge', 'xbzrle'],
  ...['compress', 'multifd'],
];
const PARAMETERS = {
  ...{ 'max-bandwidth': 134_217_728, 'max-postcopy-bandwidth': 0, 'downtime-limit': 300 },
  ...{ 'announce-initial': 50, 'announce-max': 550, 'announce-rounds': 5, 'announce-step': 100 },
  ...{ 'cpu-throttle-increment': 10, 'max-cpu-throttle': 99, 'throttle-trigger-threshold': 50 },
  ...{ 'cpu-throttle-initial': 20, 'compress-threads': 8, 'compress-level': 1 },
  ...{ 'multifd-channels': 2, 'xbzrle-cache-size': 67_108_864 },
};
export const FAKE_MEMORY_BYTES = 131_064 * 1024;

export interface FakeQemuOptions {
  readonly guestsDir: string;
  readonly runState?: string;
  readonly version?: readonly [number, number, number];
  readonly without?: readonly string[];
  readonly commands?: readonly string[];
  readonly parameters?: Readonly<Record<string, number>>;
  readonly disks?: readonly string[];
  readonly urgentPipe?: string;
  readonly isStanding?: () => boolean;
  /** Beats the built-in answer where it is not undefined. */
  readonly answer?: (command: AskedCommand) => Answer | undefined;
}

export interface FakeQemu {
  readonly qmp: FakeQmp;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** query-migrate's answer, and what is told beside it. */
  migration(info: object): void;
  /** A change of the migration's status as QEMU tells it: new answer, then the event. */
  becomes(status: string, ram?: object, rest?: object): void;
  passes(pass: number, ram: object): void;
  runs(runState: string): void;
  asked(name: string): readonly Readonly<Record<string, unknown>>[];
  isAlive(): boolean;
  kill(): void;
  close(): Promise<void>;
}

export async function fakeQemu(options: FakeQemuOptions): Promise<FakeQemu> {
  const { guestsDir, without = [], version = [7, 2, 22] } = options;
  const has = (name: string) => !without.includes(name);
  const parameters: Record<string, unknown> = { ...PARAMETERS, ...options.parameters };
  for (const name of without) delete parameters[name];
  let info: object = {};
  let runState = options.runState ?? 'running';
  const process_ = spawn('sleep', ['600'], { stdio: 'ignore' });
  const socketPath = join(guestsDir, 'vm.qmp');
  const kill = (): void => {
    process_.kill('SIGKILL');
    qmp.end(); // A process that was killed may be there for an instant; its monitor answers no more.
  };

  const builtIn = ({ execute, arguments: args }: AskedCommand): Answer => {
    switch (execute) {
      case 'query-commands':
        return { value: [...COMMANDS, ...(options.commands ?? [])].filter(has).map((name) => ({ name })) };
      case 'query-migrate-capabilities':
        return { value: CAPABILITIES.filter(has).map((capability) => ({ capability, state: false })) };
      case 'query-qmp-schema':
        return {
          value: [
            { name: 'migrate-set-parameters', 'meta-type': 'command', 'arg-type': '7' },
            { name: '7', 'meta-type': 'object', members: Object.keys(parameters).map((name) => ({ name })) },
          ],
        };
      case 'query-kvm':
        return { value: { enabled: true, present: true } };
      case 'query-memory-size-summary':
        return { value: { 'base-memory': FAKE_MEMORY_BYTES, 'plugged-memory': 0 } };
      case 'query-migrate-parameters':
        return { value: { ...parameters, 'block-bitmap-mapping': [] } };
      case 'migrate-set-parameters':
        Object.assign(parameters, args);
        return { value: {} };
      case 'query-migrate':
        return { value: info };
      case 'query-status':
        return { value: { status: runState, running: runState === 'running' } };
      case 'quit':
        setImmediate(kill);
        return { value: {} };
      default:
        return { value: {} };
    }
  };

  const [major, minor, micro] = version;
  const greeting = JSON.stringify({ QMP: { ...GREETING.QMP, version: { qemu: { major, minor, micro } } } });
  const qmp = await fakeQmp((command) => options.answer?.(command) ?? builtIn(command), {
    ...{ socketPath, greeting },
    ...(options.isStanding && { isStanding: options.isStanding }),
  });
  const identity = process_.pid === undefined ? undefined : await identify(process_.pid);
  if (identity === undefined) throw new Error('no process to stand for QEMU');
  const record = {
    ...{ version: 1, vmId: 'vm', pid: identity.pid, startTicks: identity.startTime, qmpSocket: socketPath },
    ...{ netDevice: null, memoryBytes: FAKE_MEMORY_BYTES, mac: '52:54:00:00:00:01', ip: '10.0.0.1' },
    ...{ state: runState === 'inmigrate' ? 'incoming' : 'running', disks: options.disks ?? [] },
    urgentPipe: options.urgentPipe ?? null,
  };
  await writeFile(join(guestsDir, 'vm.json'), JSON.stringify(record));

  const migration = (answer: object): void => {
    info = answer;
  };
  const ramOf = (ram: object): object => ({
    ...{ transferred: 0, remaining: 0, total: FAKE_MEMORY_BYTES, 'dirty-sync-count': 1 },
    ...ram,
  });
  return {
    qmp,
    parameters,
    migration,
    becomes(status, ram = {}, rest = {}) {
      migration({ status, ram: ramOf(ram), ...rest });
      qmp.event('MIGRATION', { status });
    },
    passes(pass, ram) {
      migration({ status: 'active', ram: ramOf({ ...ram, 'dirty-sync-count': pass }) });
      qmp.event('MIGRATION_PASS', { pass });
    },
    runs(state) {
      runState = state;
    },
    asked: (name) => qmp.asked.filter(({ execute }) => execute === name).map((command) => command.arguments),
    isAlive: () => process_.exitCode === null && process_.signalCode === null,
    kill,
    async close() {
      process_.kill('SIGKILL');
      await qmp.close();
    },
  };
}
