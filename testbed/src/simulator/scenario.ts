/**
 * Scenarios: the whole core in virtual time, as a text that an engineer can read. Above `----` what there is and what
 * happens, below it what is expected to come of it. Times count from the end of the warm-up of one second.
 */
import { checkStory, type Story, type StoryInput, storySchema } from '../story/index.ts';
import { ScenarioError, Words } from './scenario-words.ts';
import type { Fault } from './types.ts';

const WARMUP_SEC = 1;
const SEPARATOR = '----';

export interface Scenario {
  /** The comment at the top. */
  readonly title: string;
  readonly story: Story;
  readonly faults: readonly Fault[];
  readonly mode: 'managed' | 'unmanaged' | 'both';
  readonly untilSec: number | null;
}

/** Input and expected output of a scenario file. */
export function splitScenario(text: string): { readonly input: string; readonly expected: string } {
  const at = text.indexOf(`\n${SEPARATOR}\n`);
  if (at < 0) return { input: text.trimEnd(), expected: '' };
  return { input: text.slice(0, at), expected: text.slice(at + SEPARATOR.length + 2) };
}
export const joinScenario = (input: string, expected: string): string =>
  `${input.trimEnd()}\n${SEPARATOR}\n${expected}`;

/** @throws ScenarioError naming the line */
export function parseScenario(input: string): Scenario {
  const lines = input.split('\n');
  const draft = new Draft();
  lines.forEach((line, index) => {
    const text = line.replace(/#.*/, '').trim();
    if (text !== '') draft.take(new Words(text, index + 1));
  });
  const title = lines
    .filter((line) => line.startsWith('#'))
    .map((line) => line.slice(1).trim())
    .join(' ');
  return draft.finish(title);
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Host = StoryInput['network']['hosts'][number];
type Migration = NonNullable<StoryInput['migrations']>[number];

/** What has been read so far. Addresses, dpids and ports are given out in order of appearance. */
class Draft {
  private readonly switches: StoryInput['network']['switches'] = [];
  private readonly hosts: Host[] = [];
  private readonly links: StoryInput['network']['links'] = [];
  private readonly vms: StoryInput['vms'] = [];
  private readonly flows: NonNullable<StoryInput['flows']> = [];
  private readonly migrations: Migration[] = [];
  private readonly faults: Fault[] = [];
  private readonly portsUsed = new Map<string, number>();
  private controller: Mutable<NonNullable<StoryInput['controller']>> = {};
  private prober: StoryInput['prober'] = null;
  private mode: Scenario['mode'] = 'managed';
  private untilSec: number | null = null;

  take(words: Words): void {
    const verb = words.name('a verb');
    const reader = this.readers[verb];
    if (!reader) throw words.error(`unknown word ${verb}; there is ${Object.keys(this.readers).join(', ')}`);
    reader(words);
    words.end();
  }

  finish(title: string): Scenario {
    const parsed = storySchema.safeParse({
      name: 'scenario',
      network: { switches: this.switches, hosts: this.hosts, links: this.links },
      controller: this.controller,
      vms: this.vms,
      flows: this.flows,
      prober: this.prober,
      migrations: this.migrations,
      warmupSec: WARMUP_SEC,
      cooldownSec: 1,
      timeoutSec: 600,
    } satisfies StoryInput);
    const problems = parsed.success
      ? checkStory(parsed.data)
      : parsed.error.issues.map(({ path, message }) => ({ path, message }));
    if (!parsed.success || problems.length > 0)
      throw new ScenarioError(
        problems.map(({ path, message }) => `${path.map(String).join('.')} ${message}`).join('; '),
      );
    return { title, story: parsed.data, faults: this.faults, mode: this.mode, untilSec: this.untilSec };
  }

  private readonly readers: Readonly<Record<string, (words: Words) => void>> = {
    switches: (words) => {
      for (const name of words.rest())
        this.switches.push({ name, dpid: (this.switches.length + 1).toString(16).padStart(16, '0') });
    },
    hypervisor: (words) => this.host('hypervisor', words),
    client: (words) => this.host('client', words),
    link: (words) => {
      const a = words.name('a switch');
      words.expect('-');
      const b = words.name('a switch');
      this.links.push({
        a: { switch: a, port: this.nextPort(a) },
        b: { switch: b, port: this.nextPort(b) },
        capacityBitsPerSec: words.amount('rate'),
        floorBitsPerSec: words.accept('floor') ? words.amount('rate') : 0,
      });
    },
    headroom: (words) => {
      this.controller.headroomFraction = words.whole('a percentage') / 100;
      words.expect('%');
    },
    vm: (words) => this.vm(words),
    serves: (words) => {
      const vm = words.name('a VM');
      words.expect('->');
      const client = words.name('a client');
      this.flows.push({
        kind: 'guest',
        name: `${vm}-${client}`,
        vm,
        client,
        rateBitsPerSec: rateOrNull(words),
      });
      this.prober ??= { client, vm };
    },
    udp: (words) => {
      const { name, from, to } = this.ends(words);
      this.flows.push({ kind: 'udp', name, from, to, rateBitsPerSec: words.amount('rate') });
    },
    tcp: (words) => {
      const { name, from, to } = this.ends(words);
      this.flows.push({ kind: 'tcp', name, from, to, rateBitsPerSec: rateOrNull(words) });
    },
    at: (words) => this.event(words.amount('time'), words),
    unmanaged: () => {
      this.mode = 'unmanaged';
    },
    both: () => {
      this.mode = 'both';
    },
    until: (words) => {
      this.untilSec = words.amount('time') + WARMUP_SEC;
    },
  };

  private host(kind: Host['kind'], words: Words): void {
    const name = words.name('a host');
    words.expect('at');
    const at = words.name('a switch');
    const number = this.hosts.length + 1;
    this.hosts.push({
      name,
      kind,
      mac: `02:00:00:00:00:${hex(number)}`,
      ip: `10.0.0.${number}`,
      switch: at,
      port: this.nextPort(at),
      nicBitsPerSec: words.amount('rate'),
      floorBitsPerSec: words.accept('floor') ? words.amount('rate') : 0,
    });
  }

  /** `vm web on h1 64 MiB dirties 1 MB/s in 32 MiB for 10 s, then 3 MB/s in 48 MiB` */
  private vm(words: Words): void {
    const name = words.name('a VM');
    words.expect('on');
    const host = words.name('a host');
    const memoryBytes = words.amount('volume');
    words.expect('dirties');
    const phases: StoryInput['vms'][number]['workload']['phases'] = [];
    do {
      const dirtyRateBytesPerSec = words.amount('dirty_rate');
      words.expect('in');
      const workingSetBytes = words.amount('volume');
      const durationSec = words.accept('for') ? words.amount('time') : 3600;
      phases.push({ dirtyRateBytesPerSec, workingSetBytes, durationSec });
    } while (words.accept('then'));
    const number = this.vms.length + 1;
    this.vms.push({
      name,
      host,
      memoryBytes,
      ip: `10.0.1.${number}`,
      mac: `02:00:00:00:01:${hex(number)}`,
      workload: { phases },
    });
  }

  private event(atSec: number, words: Words): void {
    if (words.accept('migrate')) {
      this.migrations.push(this.migration(atSec, words));
    } else if (words.accept('abort')) {
      this.faults.push({ kind: 'abort', vm: words.name('a VM'), atSec });
    } else if (words.accept('the', 'agent', 'of')) {
      this.faults.push({ kind: 'agent_dies', hostId: words.name('a host'), atSec });
      words.expect('dies');
    } else if (words.accept('the', 'cable')) {
      const a = words.name('a switch');
      words.expect('-');
      const b = words.name('a switch');
      const link = this.links.find((one) => one.a.switch === a && one.b.switch === b);
      if (!link) throw words.error(`no link ${a} - ${b}`);
      this.faults.push({ kind: 'link_breaks', link: `${a}:${link.a.port}>${b}:${link.b.port}`, atSec });
      words.expect('breaks');
    } else throw words.error('expected migrate, abort, the agent of HOST dies, the cable A - B breaks');
  }

  /** `migrate web -> h2 by bda, downtime 0.3 s, deadline 60 s` */
  private migration(atSec: number, words: Words): Migration {
    const vm = words.name('a VM');
    words.expect('->');
    const migration: Mutable<Migration> = {
      vm,
      destination: words.name('a host'),
      atSec,
      downtimeLimitSec: 0.3,
    };
    const readers: Readonly<Record<string, () => void>> = {
      by: () => {
        migration.policy = words.name('a policy') as NonNullable<Migration['policy']>;
      },
      downtime: () => {
        migration.downtimeLimitSec = words.amount('time');
      },
      deadline: () => {
        migration.deadlineSec = words.amount('time');
      },
      'at-least': () => {
        migration.rateMinBitsPerSec = words.amount('rate');
      },
      'at-most': () => {
        migration.rateMaxBitsPerSec = words.amount('rate');
      },
      floor: () => {
        migration.applicationFloorBitsPerSec = words.amount('rate');
      },
      rounds: () => {
        migration.roundsMax = words.whole('a number of rounds');
      },
    };
    while (!words.isEmpty) {
      const key = words.name('a limit');
      const reader = readers[key];
      if (!reader) throw words.error(`unknown limit ${key}; there is ${Object.keys(readers).join(', ')}`);
      reader();
    }
    return migration;
  }

  private ends(words: Words): { name: string; from: string; to: string } {
    const name = words.name('a name');
    const from = words.name('a host');
    words.expect('->');
    return { name, from, to: words.name('a host') };
  }
  private nextPort(switchName: string): number {
    const port = (this.portsUsed.get(switchName) ?? 0) + 1;
    this.portsUsed.set(switchName, port);
    return port;
  }
}

const hex = (number: number): string => number.toString(16).padStart(2, '0');
const rateOrNull = (words: Words): number | null => (words.accept('unlimited') ? null : words.amount('rate'));
