/**
 * HTB on the host's NIC: one class per reserved migration, because no switch sees this first queue. Root 1:,
 * everything below 1:1 at the NIC's capacity; 1:10 whatever has no class of its own (may borrow all that is unused),
 * 1:20 ARP and RARP, 1:30 what this host's VMs send while their floor is to be kept, 1:100 and up one class per
 * migration with rate = ceil = its reservation. Invariant: guarantees add up to the capacity at most. A migration without a reservation shares the applications' queue and is only counted. For an
 * incoming migration the class carries the way back, because acknowledgements that wait slow the sender down.
 */
import { assert, type BitsPerSec, bitsPerSec, larger, smaller, subtract, sum } from '@sluice/units';
import { CommandFailure, type CommandRunner } from '../run-command.ts';
import { guestClass } from './guest-class.ts';
import { parseClassBytes, parseFilterBytes, parseRootQdisc } from './tc-json.ts';

const ROOT = '1:';
const DEFAULT_CLASS = '0x10';
const FIRST_MIGRATION_CLASS = 0x100;
/** Class numbers, and so filter preferences, stay well below 16 bits; a host runs a handful of migrations at once. */
export const NIC_MIGRATIONS_MAX = 64;
/** ARP and RARP need little, but must never wait behind a full queue. */
const CONTROL_RATE = bitsPerSec(500_000);
/** HTB needs a rate above zero; applications keep at least this when everything is reserved. */
const DEFAULT_RATE_MIN = bitsPerSec(8_000);
/** Acknowledgements of a migration are less than this share of its rate, and its rate is the NIC's at most. */
const WAY_BACK_SHARE = 0.03;
/** The kernel's timer may be late by this much without costing a class its rate. */
const BURST_MS = 2;
/** One full-size frame with VLAN tag: less than this and a class could never send. */
const BURST_BYTES_MIN = 1600;
/** Bytes a class sends before its sibling gets its turn; given so that tc does not derive and warn about it. */
const QUANTUM_BYTES = '15140';

export class NicFailure extends Error {
  override readonly name = 'NicFailure';
  constructor(
    readonly code: 'foreign_qdisc' | 'overcommitted' | 'too_many' | 'command_failed',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Where a migration is received; disks, if they are moved, at the port that differs in the last bit. */
export interface Endpoint {
  readonly ip: string;
  readonly port: number;
  readonly storagePort?: number;
}

export interface NicShaper {
  /** Takes the NIC over, removing what an earlier agent left. @throws NicFailure 'foreign_qdisc' */
  start(): Promise<void>;
  /** rate null: no class, the migration shares the NIC's one queue. @throws NicFailure */
  add(migrationId: string, destination: Endpoint, rate: BitsPerSec | null): Promise<void>;
  /**
   * What this host's VMs keep on the NIC until the migration is removed; the largest of all migrations' floors counts.
   * @throws NicFailure 'overcommitted'
   */
  keepFloor(migrationId: string, floor: BitsPerSec): Promise<void>;
  /** MAC addresses of the VMs that are here now. */
  setGuests(macs: readonly string[]): Promise<void>;
  /** The way back of an incoming migration, which listens at this address of ours; rate undefined: a small share. */
  addIncoming(migrationId: string, listening: Endpoint, rate?: BitsPerSec): Promise<void>;
  /** Changes a migration's rate without losing a packet. @throws NicFailure 'overcommitted' */
  setRate(migrationId: string, rate: BitsPerSec | null): Promise<void>;
  /** Layer-2 bytes of the migration that the NIC has taken so far; undefined when nothing counts them. */
  wireBytes(migrationId: string): Promise<number | undefined>;
  /** Idempotent. */
  remove(migrationId: string): Promise<void>;
  close(): Promise<void>;
}

/** For a NIC that is left as it is. */
export const unshapedNic: NicShaper = {
  start: async () => undefined,
  add: async () => undefined,
  keepFloor: async () => undefined,
  setGuests: async () => undefined,
  addIncoming: async () => undefined,
  setRate: async () => undefined,
  wireBytes: async () => undefined,
  remove: async () => undefined,
  close: async () => undefined,
};

interface Shaped {
  readonly slot: number;
  /** u32 matches of its packets. */
  readonly match: readonly string[];
  /** Whether its class may borrow what others leave: only the way back may. */
  readonly borrows: boolean;
  /** null: its packets go to the applications' class. A class it had before stays until it ends, to drain. */
  rate: BitsPerSec | null;
  hasClass: boolean;
  hasCounter: boolean;
}

export function htbShaper(options: {
  readonly device: string;
  readonly capacity: BitsPerSec;
  readonly runner: CommandRunner;
}): NicShaper {
  const { device, capacity, runner } = options;
  const controlRate = smaller(CONTROL_RATE, bitsPerSec(capacity / 100));
  const migrations = new Map<string, Shaped>();
  const floors = new Map<string, BitsPerSec>();
  let queue: Promise<unknown> = Promise.resolve();
  /** undefined until the first counting filter has shown which action this kernel has. */
  let countingAction: readonly string[] | undefined;

  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const run = queue.then(task);
    queue = run.catch(() => undefined);
    return run;
  };
  const tc = async (...args: string[]): Promise<string> => {
    try {
      return await runner.run('tc', args);
    } catch (cause) {
      throw new NicFailure('command_failed', cause instanceof Error ? cause.message : String(cause), {
        cause,
      });
    }
  };

  const htbClass = (
    verb: 'add' | 'change',
    minor: number,
    parent: string,
    rate: BitsPerSec,
    ceil: BitsPerSec,
  ) =>
    tc(
      ...['class', verb, 'dev', device, 'parent', parent, 'classid', classid(minor), 'htb'],
      ...['rate', tcRate(rate), 'ceil', tcRate(ceil), 'burst', burst(rate), 'cburst', burst(ceil)],
      ...['quantum', QUANTUM_BYTES],
    );
  const guests = guestClass({
    tc,
    device,
    htbClass: (verb, minor, rate) => htbClass(verb, minor, '1:1', rate, capacity),
  });
  const migrationFilter = (shaped: Shaped, kind: 'class' | 'count', rest: readonly string[]) =>
    tc(
      ...[
        'filter',
        'add',
        'dev',
        device,
        'parent',
        ROOT,
        'protocol',
        'ip',
        'pref',
        pref(shaped.slot, kind),
        'u32',
      ],
      ...['match', 'ip', 'protocol', '6', '0xff', ...shaped.match],
      ...rest,
    );
  const deleteFilter = (shaped: Shaped, kind: 'class' | 'count') =>
    tc('filter', 'del', 'dev', device, 'parent', ROOT, 'protocol', 'ip', 'pref', pref(shaped.slot, kind));

  /** What everything else is guaranteed: the rest. */
  const defaultRate = (reserved: BitsPerSec): BitsPerSec => {
    return larger(subtract(subtract(capacity, controlRate), reserved), DEFAULT_RATE_MIN);
  };
  const reservedBy = (others: Iterable<Shaped>): BitsPerSec =>
    sum([...[...others].map(({ rate }) => rate ?? bitsPerSec(0)), guests.rate]);

  /** Lowers the guarantee of what has no class before somebody else's grows, raises it after one shrank. */
  async function resize(before: BitsPerSec, after: BitsPerSec, change: () => Promise<void>): Promise<void> {
    if (after + controlRate + DEFAULT_RATE_MIN > capacity)
      throw new NicFailure(
        'overcommitted',
        `${after} bit/s of migrations and floors on a NIC of ${capacity} bit/s`,
      );
    const toDefault = () => htbClass('change', 0x10, '1:1', defaultRate(after), capacity);
    if (after > before) await toDefault();
    await change();
    if (after < before) await toDefault();
  }

  function register(migrationId: string, match: readonly string[], borrows: boolean): Shaped {
    assert(!migrations.has(migrationId), `migration ${migrationId} is not on the NIC yet`);
    const slot = freeSlot(migrations);
    const shaped: Shaped = { slot, match, borrows, rate: null, hasClass: false, hasCounter: false };
    migrations.set(migrationId, shaped);
    return shaped;
  }

  const undo = (migrationId: string) => async (error: unknown) => {
    await inTurn(() => forget(migrationId));
    throw error;
  };

  async function count(shaped: Shaped): Promise<void> {
    const withAction = (action: readonly string[]) =>
      migrationFilter(shaped, 'count', ['flowid', '1:10', 'action', ...action]);
    if (countingAction !== undefined) await withAction(countingAction);
    else {
      // Kernels without act_gact: mirror to the loopback device, which drops foreign frames; the action counts.
      countingAction = await withAction(['ok']).then(
        () => ['ok'],
        async () => {
          await withAction(MIRROR_TO_LO);
          return MIRROR_TO_LO;
        },
      );
    }
    shaped.hasCounter = true;
  }

  async function reserve(shaped: Shaped, rate: BitsPerSec): Promise<void> {
    const ceil = shaped.borrows ? capacity : rate;
    await htbClass(shaped.hasClass ? 'change' : 'add', minorOf(shaped.slot), '1:1', rate, ceil);
    shaped.hasClass = true;
    if (shaped.rate === null)
      await migrationFilter(shaped, 'class', ['flowid', classid(minorOf(shaped.slot))]);
  }

  async function share(shaped: Shaped): Promise<void> {
    if (!shaped.hasCounter) await count(shaped);
    if (shaped.rate === null) return;
    await deleteFilter(shaped, 'class'); // The counting filter behind it takes over.
    // What still waits in the class drains out of what others leave; nothing is guaranteed to it any more.
    await htbClass('change', minorOf(shaped.slot), '1:1', DEFAULT_RATE_MIN, capacity);
  }

  async function change(shaped: Shaped, rate: BitsPerSec | null): Promise<void> {
    const before = reservedBy(migrations.values());
    const after = bitsPerSec(before - (shaped.rate ?? 0) + (rate ?? 0));
    await resize(before, after, () => (rate === null ? share(shaped) : reserve(shaped, rate)));
    shaped.rate = rate;
  }

  async function changeFloor(): Promise<void> {
    const floor = [...floors.values()].reduce((most, one) => larger(most, one), bitsPerSec(0));
    // ARP and what has no class are applications' too: they are guaranteed their part of the floor.
    const wanted = subtract(floor, bitsPerSec(controlRate + DEFAULT_RATE_MIN));
    const before = reservedBy(migrations.values());
    await resize(before, bitsPerSec(before - guests.rate + wanted), () => guests.apply(wanted));
  }

  async function clear(): Promise<void> {
    const root = parseRootQdisc(await tc('-j', 'qdisc', 'show', 'dev', device));
    if (root === undefined || root.handle === '0:') return; // The kernel's own default.
    if (root.kind !== 'htb' || root.handle !== ROOT || root.defaultClass !== DEFAULT_CLASS)
      throw new NicFailure(
        'foreign_qdisc',
        `${device} has a root qdisc ${root.kind} ${root.handle} that is not ours; remove it, or set nic.shaping to none`,
      );
    await tc('qdisc', 'del', 'dev', device, 'root');
  }

  return {
    start: () =>
      inTurn(async () => {
        await clear();
        await tc('qdisc', 'add', 'dev', device, 'root', 'handle', ROOT, 'htb', 'default', DEFAULT_CLASS);
        await htbClass('add', 0x1, ROOT, capacity, capacity);
        await htbClass('add', 0x10, '1:1', defaultRate(bitsPerSec(0)), capacity);
        await htbClass('add', 0x20, '1:1', controlRate, capacity);
        for (const [at, protocol] of CONTROL_PROTOCOLS.entries())
          await tc(
            ...['filter', 'add', 'dev', device, 'parent', ROOT, 'protocol', protocol, 'pref', String(at + 1)],
            ...['u32', 'match', 'u32', '0', '0', 'flowid', '1:20'],
          );
      }),
    add: (migrationId, destination, rate) =>
      inTurn(async () => {
        const match = ['match', 'ip', 'dst', `${destination.ip}/32`, ...portMatch('dport', destination)];
        const shaped = register(migrationId, match, false);
        if (rate === null) await count(shaped);
        else await change(shaped, rate);
      }).catch(undo(migrationId)),
    addIncoming: (migrationId, listening, wanted = bitsPerSec(capacity * WAY_BACK_SHARE)) =>
      inTurn(async () => {
        const taken = reservedBy(migrations.values());
        const left = subtract(subtract(capacity, taken), bitsPerSec(controlRate + DEFAULT_RATE_MIN));
        const rate = smaller(wanted, left);
        if (rate < DEFAULT_RATE_MIN) return; // Everything is promised already; the way back shares with applications.
        const match = ['match', 'ip', 'src', `${listening.ip}/32`, ...portMatch('sport', listening)];
        await change(register(migrationId, match, true), rate);
      }).catch(undo(migrationId)),
    keepFloor: (migrationId, floor) =>
      inTurn(async () => {
        floors.set(migrationId, floor);
        await changeFloor();
      }).catch(undo(migrationId)),
    setGuests: (macs) => inTurn(() => guests.setGuests(macs)),
    setRate: (migrationId, rate) =>
      inTurn(async () => {
        const shaped = migrations.get(migrationId);
        if (shaped === undefined || shaped.rate === rate) return;
        await change(shaped, rate);
      }),
    wireBytes: (migrationId) =>
      inTurn(async () => {
        const shaped = migrations.get(migrationId);
        if (shaped === undefined) return undefined;
        let counted = 0;
        if (shaped.hasClass) {
          const id = classid(minorOf(shaped.slot));
          counted += parseClassBytes(await tc('-s', 'class', 'show', 'dev', device, 'classid', id), id) ?? 0;
        }
        if (shaped.hasCounter) {
          const filters = ['-s', '-j', 'filter', 'show', 'dev', device, 'parent', ROOT];
          counted += parseFilterBytes(await tc(...filters, 'pref', pref(shaped.slot, 'count'))) ?? 0;
        }
        return counted;
      }),
    remove: (migrationId) => inTurn(() => forget(migrationId)),
    close: () =>
      inTurn(async () => {
        migrations.clear();
        floors.clear();
        guests.reset();
        await clear();
      }),
  };

  async function forget(migrationId: string): Promise<void> {
    if (floors.delete(migrationId)) await changeFloor();
    const shaped = migrations.get(migrationId);
    if (shaped === undefined) return;
    const before = reservedBy(migrations.values());
    migrations.delete(migrationId);
    const quietly = (command: Promise<string>) => command.catch(ignoreMissing);
    if (shaped.rate !== null) await quietly(deleteFilter(shaped, 'class'));
    if (shaped.hasCounter) await quietly(deleteFilter(shaped, 'count'));
    if (shaped.hasClass)
      await quietly(tc('class', 'del', 'dev', device, 'classid', classid(minorOf(shaped.slot))));
    await resize(before, reservedBy(migrations.values()), async () => undefined);
  }
}

const MIRROR_TO_LO = ['mirred', 'egress', 'mirror', 'dev', 'lo'] as const;
/** ARP and RARP (0x8035, what a hypervisor announces a moved VM with). */
const CONTROL_PROTOCOLS = ['arp', '0x8035'] as const;

const minorOf = (slot: number): number => FIRST_MIGRATION_CLASS + slot;
const classid = (minor: number): string => `1:${minor.toString(16)}`;
/** A class filter comes before the counting filter of the same migration. */
const pref = (slot: number, kind: 'class' | 'count'): string =>
  String(FIRST_MIGRATION_CLASS + 2 * slot + (kind === 'class' ? 0 : 1));
/** tc takes whole bit/s; reservations round up. */
const tcRate = (rate: BitsPerSec): string => `${Math.ceil(rate)}bit`;
const burst = (rate: BitsPerSec): string =>
  `${Math.max(BURST_BYTES_MIN, Math.ceil((rate * BURST_MS) / 8000))}b`;

/** One filter for memory and disks, because their ports are neighbours. */
function portMatch(field: 'sport' | 'dport', { port, storagePort }: Endpoint): string[] {
  if (storagePort === undefined) return ['match', 'ip', field, String(port), '0xffff'];
  assert((port ^ 1) === storagePort, `ports ${port} and ${storagePort} differ in the last bit alone`);
  return ['match', 'ip', field, String(port & ~1), '0xfffe'];
}

function freeSlot(migrations: ReadonlyMap<string, Shaped>): number {
  const taken = new Set([...migrations.values()].map(({ slot }) => slot));
  for (let slot = 0; slot < NIC_MIGRATIONS_MAX; slot += 1) if (!taken.has(slot)) return slot;
  throw new NicFailure('too_many', `${NIC_MIGRATIONS_MAX} migrations use this NIC already`);
}

/** A filter or class that is not there any more needs no removing; everything else is told. */
function ignoreMissing(error: unknown): string {
  if (error instanceof NicFailure && error.cause instanceof CommandFailure) return '';
  throw error;
}
