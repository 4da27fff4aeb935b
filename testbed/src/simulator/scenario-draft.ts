/**
 * What has been read of a scenario so far, and from which line. Addresses, dpids and ports are given out in order of
 * appearance.
 */
import { OBJECTIVES } from '@sluice/controller/core';
import { checkStory, type ReadTrace, type Story, type StoryInput, storySchema } from '../story/index.ts';
import { faultOf } from './scenario-fault.ts';
import { migrationOf } from './scenario-migration.ts';
import { vmOf } from './scenario-vm.ts';
import type { ScenarioProblem, Words } from './scenario-words.ts';
import type { Fault } from './types.ts';

const WARMUP_SEC = 1;
const TIMEOUT_SEC = 600;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Host = StoryInput['network']['hosts'][number];
type Path = readonly (string | number)[];

export class Draft {
  readonly faults: Fault[] = [];
  mode: 'managed' | 'unmanaged' | 'both' = 'managed';
  untilSec: number | null = null;
  private readonly switches: StoryInput['network']['switches'] = [];
  private readonly hosts: Host[] = [];
  private readonly links: StoryInput['network']['links'] = [];
  private readonly vms: StoryInput['vms'] = [];
  private readonly flows: NonNullable<StoryInput['flows']> = [];
  private readonly migrations: NonNullable<StoryInput['migrations']> = [];
  private readonly portsUsed = new Map<string, number>();
  private readonly controller: Mutable<NonNullable<StoryInput['controller']>> = {};
  private prober: StoryInput['prober'] = null;
  /** `vms.0` → the line that told it. */
  private readonly lineOf = new Map<string, number>();
  private readonly checks: (() => ScenarioProblem | null)[] = [];
  private line = 0;

  constructor(private readonly readTrace: ReadTrace | null) {}

  /** @throws LineError */
  take(words: Words, line: number): void {
    this.line = line;
    const verb = words.name('a verb');
    const reader = this.readers[verb];
    if (!reader) throw words.error(`unknown word ${verb}; there is ${Object.keys(this.readers).join(', ')}`);
    reader(words);
    words.end();
  }

  finish(): { readonly story: Story | null; readonly problems: readonly ScenarioProblem[] } {
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
      timeoutSec: TIMEOUT_SEC,
    } satisfies StoryInput);
    const complaints = parsed.success ? checkStory(parsed.data) : parsed.error.issues;
    const problems = complaints.map(({ path, message }) => {
      const keys = path.map((key) => (typeof key === 'symbol' ? String(key) : key));
      const line = this.lineOfPath(keys);
      return {
        line,
        message: line === null ? `${keys.join('.')} ${message}` : `${lastName(keys, message)}${message}`,
      };
    });
    const checked = this.checks.flatMap((check) => check() ?? []);
    return { story: parsed.success ? parsed.data : null, problems: [...problems, ...checked] };
  }

  private readonly readers: Readonly<Record<string, (words: Words) => void>> = {
    switches: (words) => {
      for (const name of words.rest())
        this.keep('network.switches', this.switches, { name, dpid: hex(this.switches.length + 1, 16) });
    },
    hypervisor: (words) => this.host('hypervisor', words),
    client: (words) => this.host('client', words),
    link: (words) => {
      const a = words.name('a switch');
      words.expect('-');
      const b = words.name('a switch');
      this.keep('network.links', this.links, {
        a: { switch: a, port: this.nextPort(a) },
        b: { switch: b, port: this.nextPort(b) },
        capacityBitsPerSec: words.amount('rate'),
        floorBitsPerSec: words.accept('floor') ? words.amount('rate') : 0,
      });
    },
    headroom: (words) => {
      this.controller.headroomFraction = words.whole('a percentage') / 100;
      this.lineOf.set('controller.headroomFraction', this.line);
      words.expect('%');
    },
    objective: (words) => {
      const spelled = OBJECTIVES.map((objective) => objective.replaceAll('_', '-'));
      const chosen = words.choice('an objective', spelled);
      this.controller.objective = OBJECTIVES[spelled.indexOf(chosen)];
      this.lineOf.set('controller.objective', this.line);
    },
    shadow: () => {
      this.controller.shadow = true;
    },
    tenant: (words) => this.tenant(words),
    vm: (words) => {
      const number = this.vms.length + 1;
      this.keep('vms', this.vms, vmOf(words, number, this.readTrace));
    },
    serves: (words) => {
      const vm = words.name('a VM');
      words.expect('->');
      const client = words.name('a client');
      const rateBitsPerSec = rateOrNull(words);
      this.keep('flows', this.flows, { kind: 'guest', name: `${vm}-${client}`, vm, client, rateBitsPerSec });
      this.prober ??= { client, vm };
    },
    udp: (words) => {
      const ends = this.ends(words);
      this.keep('flows', this.flows, { kind: 'udp', ...ends, rateBitsPerSec: words.amount('rate') });
    },
    tcp: (words) => {
      const ends = this.ends(words);
      this.keep('flows', this.flows, { kind: 'tcp', ...ends, rateBitsPerSec: rateOrNull(words) });
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
    this.keep('network.hosts', this.hosts, {
      name,
      kind,
      mac: `02:00:00:00:${hex(number >> 8, 2)}:${hex(number & 0xff, 2)}`,
      ip: `10.0.${Math.floor(number / 250)}.${(number % 250) + (number < 250 ? 0 : 1)}`,
      switch: at,
      port: this.nextPort(at),
      nicBitsPerSec: words.amount('rate'),
      floorBitsPerSec: words.accept('floor') ? words.amount('rate') : 0,
    });
  }

  /** `tenant gold at-most 2 migrations, at-most 50 Mbit/s`: of all its guarantees together. */
  private tenant(words: Words): void {
    const name = words.name('a tenant');
    const quota: { migrationsMax: number | null; rateMaxBitsPerSec: number | null } = {
      migrationsMax: null,
      rateMaxBitsPerSec: null,
    };
    do {
      words.expect('at-most');
      if (words.next(1) === 'migrations') {
        quota.migrationsMax = words.whole('a number of migrations');
        words.expect('migrations');
      } else quota.rateMaxBitsPerSec = words.amount('rate');
    } while (!words.isEmpty);
    this.controller.tenantQuotas = { ...this.controller.tenantQuotas, [name]: quota };
    this.lineOf.set(`controller.tenantQuotas.${name}`, this.line);
  }

  private event(atSec: number, words: Words): void {
    if (words.accept('migrate')) {
      this.keep('migrations', this.migrations, migrationOf(words, atSec));
      return;
    }
    this.faults.push(
      faultOf(words, atSec, {
        migratedVm: (vm) => {
          this.known(
            () => this.migrations.filter((one) => (one.atSec ?? 0) <= atSec).map((one) => one.vm),
            vm,
            'migration by then of a VM',
          );
        },
        host: (host) => this.known(() => this.hosts.map(({ name }) => name), host, 'host'),
        switch: (name) => this.known(() => this.switches.map((one) => one.name), name, 'switch'),
        cable: (a, b) => {
          const link = this.links.find((one) => one.a.switch === a && one.b.switch === b);
          if (!link) throw words.error(`no link ${a} - ${b}`);
          return `${a}:${link.a.port}>${b}:${link.b.port}`;
        },
      }),
    );
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

  /** Adds it to its list and remembers the line. */
  private keep<T>(list: string, items: T[], item: T): void {
    this.lineOf.set(`${list}.${items.length}`, this.line);
    items.push(item);
  }
  /** Checked when all lines are read, because names may be used before they are told. */
  private known(names: () => readonly string[], name: string, what: string): void {
    const { line } = this;
    this.checks.push(() => {
      const all = [...new Set(names())];
      return all.includes(name)
        ? null
        : { line, message: `there is no ${what} ${name} (there is ${all.join(', ')})` };
    });
  }
  private lineOfPath(path: Path): number | null {
    for (let length = path.length; length > 0; length -= 1) {
      const line = this.lineOf.get(path.slice(0, length).join('.'));
      if (line !== undefined) return line;
    }
    return null;
  }
}

/** The key that is wrong, when it says more than the line itself. */
function lastName(path: Path, message: string): string {
  const last = path.findLast((key) => typeof key === 'string');
  // A sentence of our own about names says itself what it is about.
  const isNamed = last !== undefined && (/[A-Z]/.test(String(last)) || /^[A-Z]/.test(message));
  return isNamed ? `${last}: ` : '';
}

const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, '0');
const rateOrNull = (words: Words): number | null => (words.accept('unlimited') ? null : words.amount('rate'));
