/** A virsh that a test plays, in place of processes: answers in the words of virsh 9.0, events when the test says so. */
import { codeOf, type Exit, VirshFailure, type VirshRunner } from '../libvirt/virsh-runner.ts';

export interface FakeDomain {
  name: string;
  /** virDomainState and its reason. */
  state: readonly [number, number];
  memoryKib: number;
  netDevice: string | null;
  mac: string;
  ip: string | null;
  isPersistent: boolean;
  disks: readonly string[];
  limitMs: number;
  sampledMebibytesPerSec: number | null;
}

export const RUNNING = [1, 1] as const;
export const PAUSED_MIGRATING = [3, 2] as const;
export const RUNNING_POSTCOPY = [1, 10] as const;
export const POSTCOPY_INTERRUPTED = [1, 11] as const;
export const LEFT_POSTCOPY = [3, 12] as const;
export const LEFT_POSTCOPY_INTERRUPTED = [3, 13] as const;

export interface FakeVirsh extends VirshRunner {
  /** Commands that were given, without those that only look. */
  readonly asked: readonly string[];
  readonly domains: FakeDomain[];
  add(domain?: Partial<FakeDomain>): FakeDomain;
  /** What domjobinfo says; null: no job. */
  job: Readonly<Record<string, number>> | null;
  /** A line of `virsh event`. */
  says(line: string): void;
  lifecycle(what: string, vmId?: string): void;
  iteration(count: number, vmId?: string): void;
  completedStats(fields: Readonly<Record<string, number>>, vmId?: string): void;
  /** `virsh migrate` ends, and with it the job. */
  ends(exit: Partial<Exit>): void;
  /** `virsh migrate` ends, but libvirt goes on. */
  diesAlone(): void;
  /** `virsh event` ends, as it does when the daemon goes away. */
  losesEvents(): void;
  readonly followers: () => { readonly event: number; readonly migrate: number };
  /** From now on this command is refused with these words; null: no more. */
  refuse(command: string, words: string | null): void;
  /** From now on this command prints that instead. */
  print(command: string, text: string): void;
}

const LOOKS = new Set([
  'domstats',
  'domjobinfo',
  'domiflist',
  'domblklist',
  'dominfo',
  'metadata',
  'migrate-getmaxdowntime',
]);

interface Follower {
  readonly onLine: (line: string) => void;
  readonly end: (exit: Exit) => void;
}

export function fakeVirsh(): FakeVirsh {
  const asked: string[] = [];
  const domains: FakeDomain[] = [];
  const refusals = new Map<string, string>();
  const prints = new Map<string, string>();
  const followers: Record<'event' | 'migrate', Follower[]> = { event: [], migrate: [] };
  const optionOf = (args: readonly string[], name: string) => args[args.indexOf(name) + 1] ?? '';

  const domainNamed = (name: string): FakeDomain => {
    const domain = domains.find((one) => one.name === name);
    if (domain === undefined) throw refusal(`failed to get domain '${name}'`);
    return domain;
  };
  const refusal = (words: string) => new VirshFailure(codeOf(words), words);

  function answer(args: readonly string[]): string {
    const [command = ''] = args;
    const words = refusals.get(command);
    if (words !== undefined) throw refusal(words);
    const printed = prints.get(command);
    if (printed !== undefined) return printed;
    if (command === 'domstats') {
      const named = args.filter((arg) => !arg.startsWith('--')).slice(1);
      return (named.length === 0 ? domains : named.map(domainNamed)).map(statsText).join('\n');
    }
    const domain = domainNamed(optionOf(args, '--domain'));
    if (command === 'domjobinfo') return jobText(fake.job);
    if (command === 'domiflist')
      return domain.netDevice === null
        ? ''
        : ` ${domain.netDevice}   bridge   br0   virtio   ${domain.mac}\n`;
    if (command === 'domblklist')
      return domain.disks.map((disk) => ` ${disk}   /disks/${disk}.raw\n`).join('');
    if (command === 'dominfo')
      return `Max memory:     ${domain.memoryKib} KiB\nPersistent:     ${domain.isPersistent ? 'yes' : 'no'}\n`;
    if (command === 'migrate-getmaxdowntime') return `${domain.limitMs}\n\n`;
    if (command === 'migrate-setmaxdowntime') domain.limitMs = Number(optionOf(args, '--downtime'));
    if (command === 'metadata') {
      if (domain.ip !== null) return `<vm ip="${domain.ip}"/>\n`;
      throw refusal('metadata not found: Requested metadata element is not present');
    }
    return command === 'qemu-monitor-command' ? '{"return":{},"id":"libvirt-1"}\n' : '';
  }

  const fake: FakeVirsh = {
    asked,
    domains,
    job: null,
    async run(args) {
      if (!LOOKS.has(args[0] ?? '')) asked.push(args.join(' '));
      return answer(args);
    },
    follow(args, onLine) {
      const kind = args[0] === 'event' ? 'event' : 'migrate';
      if (kind === 'migrate') asked.push(args.join(' '));
      let end: (exit: Exit) => void = () => undefined;
      const ended = new Promise<Exit>((resolve) => {
        end = resolve;
      });
      followers[kind].push({ onLine, end });
      return { ended, stop: () => end({ exitCode: null, words: '' }) };
    },
    add(given = {}) {
      const domain: FakeDomain = {
        ...{ name: 'vm', state: RUNNING, memoryKib: 131_072, netDevice: 'vnet0', mac: '52:54:00:00:00:01' },
        ...{ ip: '10.0.0.1', isPersistent: false, disks: [], limitMs: 300, sampledMebibytesPerSec: null },
        ...given,
      };
      domains.push(domain);
      return domain;
    },
    says: (line) => followers.event.at(-1)?.onLine(line),
    lifecycle: (what, vmId = 'vm') => fake.says(`${AT} event 'lifecycle' for domain '${vmId}': ${what}`),
    iteration: (count, vmId = 'vm') =>
      fake.says(`${AT} event 'migration-iteration' for domain '${vmId}': iteration: '${count}'`),
    completedStats(fields, vmId = 'vm') {
      fake.says(`${AT} event 'job-completed' for domain '${vmId}':`);
      for (const [key, value] of Object.entries({ operation: 5, ...fields })) fake.says(`\t${key}: ${value}`);
    },
    ends(exit) {
      fake.job = null;
      followers.migrate.at(-1)?.end({ exitCode: 1, words: '', ...exit });
    },
    diesAlone: () => followers.migrate.at(-1)?.end({ exitCode: null, words: '' }),
    losesEvents: () => followers.event.at(-1)?.end({ exitCode: 1, words: 'End of file while reading data' }),
    followers: () => ({ event: followers.event.length, migrate: followers.migrate.length }),
    refuse: (command, words) =>
      words === null ? void refusals.delete(command) : void refusals.set(command, words),
    print: (command, text) => void prints.set(command, text),
  };
  return fake;
}
const AT = '2026-11-21 19:33:18.605+0000:';

function statsText({
  name,
  state,
  memoryKib,
  netDevice,
  sampledMebibytesPerSec: sampled,
}: FakeDomain): string {
  const net =
    netDevice === null ? ['net.count=0'] : ['net.count=1', `net.0.name=${netDevice}`, 'net.0.rx.bytes=0'];
  const dirty = sampled === null ? ['0'] : ['2', `\n  dirtyrate.megabytes_per_second=${sampled}`];
  const fields = [
    `state.state=${state[0]}`,
    `state.reason=${state[1]}`,
    `balloon.maximum=${memoryKib}`,
    ...net,
  ];
  return `Domain: '${name}'\n${[...fields, `dirtyrate.calc_status=${dirty.join('')}`].map((line) => `  ${line}`).join('\n')}\n`;
}

const jobText = (job: Readonly<Record<string, number>> | null): string =>
  job === null
    ? 'Job type: 0\n\n'
    : `Job type: 2\n\n${Object.entries(job)
        .map(([key, value]) => `${key}: ${value}`)
        .join('\n')}\n\n`;

/** An outgoing migration's statistics while QEMU sends. */
export const outgoingJob = (fields: Readonly<Record<string, number>> = {}) => ({
  ...{ operation: 5, time_elapsed: 100, memory_total: 134_750_208, memory_processed: 0 },
  ...{ memory_remaining: 134_750_208, memory_iteration: 1, ...fields },
});
