/**
 * The ledger with 100,000 calendar holds on a fat-tree with k=16: 1,024 hosts, 6,144 directed links, paths of six links
 * there and back. Windows of five minutes to an hour within ten days, so that about 200 holds share a link's calendar.
 */
import {
  buildTopology,
  fatTree,
  type HostId,
  type Link,
  type LinkId,
  reversePath,
  type Switch,
  shortestPath,
} from '@sluice/topology';
import { bitsPerSec, instant, millis } from '@sluice/units';
import { DEFAULT_CORE_CONFIG, type MigrationId, type ReservationId } from '../src/core/index.ts';
import {
  type Books,
  checkLedger,
  earliestFit,
  emptyLedger,
  freeOver,
  holdOf,
  type Ledger,
  type NewHold,
  place,
  release,
  reroute,
  resize,
  setGuarantee,
  settle,
  type Way,
} from '../src/core/ledger/index.ts';

const HOLDS = 100_000;
const TURNS = 20_000;
const DAY_MS = 86_400_000;

export async function run(): Promise<{ name: string; lines: string[] }> {
  const topology = buildTopology(fatTree({ k: 16, nic: bitsPerSec(25e9), capacity: bitsPerSec(100e9) }));
  const random = generator(1);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const ways = farWays(topology, pick);
  const ask = (index: number): NewHold => newHold(index, pick(ways), random);
  const config = DEFAULT_CORE_CONFIG;
  let ledger: Ledger = emptyLedger({
    topology,
    reverseFraction: config.reverseFraction,
    firstReservationId: 1,
  });

  const asked = Array.from({ length: HOLDS }, (_, index) => ask(index + 1));
  const heapBefore = heap();
  const placing = measure(HOLDS, (turn) => {
    ledger = place(ledger, asked[turn] as NewHold);
  });
  const bytesEach = (heap() - heapBefore) / HOLDS;

  const books = (): Books => ({ topology, config, ledger });
  const id = () => (1 + Math.floor(random() * HOLDS)) as ReservationId;
  const extra = Array.from({ length: TURNS }, (_, index) => ask(HOLDS + index + 1));
  const placingMore = measure(TURNS, (turn) => {
    ledger = place(ledger, extra[turn] as NewHold);
  });
  const releasing = measure(TURNS, (turn) => {
    ledger = release(ledger, (HOLDS + turn + 1) as ReservationId);
  });
  const promising = measure(TURNS, () => {
    ledger = setGuarantee(ledger, id(), bitsPerSec(1e6 + Math.floor(random() * 1e7)));
  });
  const moving = measure(TURNS, () => {
    const which = id();
    const from = instant(random() * 10 * DAY_MS);
    const { guarantee } = holdOf(ledger, which);
    ledger = setGuarantee(ledger, which, guarantee, { from, until: instant(from + 600_000) });
  });
  const resizing = measure(TURNS, () => {
    const { reservation } = holdOf(ledger, id());
    const rate = bitsPerSec(Math.floor(random() * 1e7));
    ledger = resize(ledger, { ...reservation, rate, reverseRate: bitsPerSec(Math.ceil(rate * 0.03)) });
    ledger = settle(ledger, reservation.id);
  });
  const rerouting = measure(TURNS / 4, () => {
    const which = id();
    ledger = settle(reroute(ledger, which, pick(ways)), which);
  });
  const state = books();
  const questions = Array.from({ length: 1000 }, () => {
    const from = instant(random() * 10 * DAY_MS);
    return { link: pick(pick(ways).path), from, until: instant(from + 600_000) };
  });
  const question = (turn: number) => questions[turn % questions.length] as (typeof questions)[number];
  const asking = measure(TURNS * 20, (turn) => {
    const { link, from, until } = question(turn);
    freeOver(state, link, { from, until });
  });
  const askingOpen = measure(TURNS * 20, (turn) => {
    const { link, from } = question(turn);
    freeOver(state, link, { from, until: null });
  });
  const searching = measure(TURNS / 4, () => {
    earliestFit(state, pick(ways), {
      rate: bitsPerSec(2e9 + random() * 20e9),
      duration: millis(3_600_000),
      after: instant(0),
    });
  });
  const checking = measure(100, () => {
    const before = ledger;
    ledger = setGuarantee(ledger, id(), bitsPerSec(1e6));
    checkLedger(books(), instant(0), before);
  });
  return {
    name: `ledger with ${HOLDS} calendar holds, ${topology.links.size} links`,
    lines: [
      `place, from none to all: ${placing}; heap ${Math.round(bytesEach)} bytes a hold`,
      `place: ${placingMore}`,
      `release: ${releasing}`,
      `setGuarantee: ${promising}; with another window: ${moving}`,
      `resize and settle: ${resizing}; reroute and settle: ${rerouting}`,
      `freeOver ten minutes: ${asking}; over open end: ${askingOpen}`,
      `earliestFit of an hour on 12 links: ${searching}`,
      `setGuarantee, and its links checked: ${checking}`,
    ],
  };
}

/** Ways of six links between hosts of different pods. */
function farWays(topology: Books['topology'], pick: <T>(list: readonly T[]) => T): readonly Way[] {
  const hosts = [...topology.hosts.keys()];
  const cores = [...topology.switches.values()].filter(({ name }) => name.startsWith('core'));
  const ways: Way[] = [];
  while (ways.length < 5000) {
    const path = between(topology, cores, pick(hosts), pick(hosts), pick);
    if (path?.length === 6) ways.push({ path, reversePath: reversePath(topology, path) });
  }
  return ways;
}

/** By a core switch drawn by lot: the first path of all would crowd a few links. */
function between(
  topology: Books['topology'],
  cores: readonly Switch[],
  from: HostId,
  to: HostId,
  pick: <T>(list: readonly T[]) => T,
): readonly LinkId[] | null {
  if (from === to) return null;
  const { dpid } = pick(cores);
  const isIn = (node: Link['from']) => node.kind === 'switch' && node.dpid === dpid;
  const isCore = (node: Link['from']) =>
    node.kind === 'switch' && cores.some((core) => core.dpid === node.dpid);
  return shortestPath(topology, {
    from,
    to,
    rateMin: bitsPerSec(0),
    residual: (link) => link.capacity,
    isUp: ({ from: a, to: b }) => isIn(a) || isIn(b) || !(isCore(a) || isCore(b)),
  });
}

function newHold(id: number, way: Way, random: () => number): NewHold {
  const from = Math.floor(random() * 10 * DAY_MS);
  return {
    reservation: {
      id: id as ReservationId,
      migrationId: `m${id}` as MigrationId,
      ...way,
      rate: bitsPerSec(0),
      reverseRate: bitsPerSec(0),
      match: { sourceIp: '10.0.0.1', destinationIp: '10.0.0.2', destinationPort: 0 },
    },
    guarantee: bitsPerSec(1e6 + Math.floor(random() * 1e7)),
    window: { from: instant(from), until: instant(from + 300_000 + Math.floor(random() * 3_300_000)) },
    applicationFloor: null,
    tenant: `t${id % 10}`,
    priority: 5,
  };
}

function measure(turns: number, once: (turn: number) => void): string {
  const began = performance.now();
  for (let turn = 0; turn < turns; turn += 1) once(turn);
  const micros = ((performance.now() - began) * 1000) / turns;
  return micros >= 10_000 ? `${(micros / 1000).toFixed(0)} ms` : `${micros.toFixed(micros < 10 ? 2 : 1)} µs`;
}

function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** mulberry32: the same figures on every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
