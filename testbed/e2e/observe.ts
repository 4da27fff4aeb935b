/** What the tests see for themselves, beside the controller: kernel counters over time, events with their instants. */
import { setPriority } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { type LabPort, queueCounters } from '../src/lab/index.ts';
import type { ControllerEvent, MigrationView } from '../src/run/controller-client.ts';
import type { Stage, StageSnapshot } from '../src/stage/index.ts';
import { goodput } from '../src/traffic/aggregate.ts';
import { type Flow, monotonicMs, type Window } from '../src/traffic/index.ts';

const COUNTER_PERIOD_MS = 100;

interface CounterSample {
  /** Between these two instants the kernel was asked. */
  readonly fromMs: number;
  readonly toMs: number;
  /** In the middle. */
  readonly atMs: number;
  /** Layer-2 bytes per queue number. */
  readonly bytes: ReadonlyMap<number, number>;
}

interface SureRate {
  /** At the earliest. */
  readonly untilMs: number;
  readonly least: number;
  readonly most: number;
}

export interface Watch {
  readonly events: readonly (ControllerEvent & { readonly atMs: number })[];
  /** Instant of the first event of this type about this migration. @throws RangeError when there was none */
  at(type: string, migration: string): number;
  /** Layer-2 rate that left through the queue of the watched port, from the kernel's counters. */
  rateOf(queue: number, window: Window): number;
  /** Rates between readings so far apart, first to last: what is sure, whenever in each the kernel was asked. */
  ratesOf(queue: number, window: Window, overMs: number): readonly SureRate[];
  /** The highest rate over at least this long that is certain, whenever in each reading the kernel was asked. */
  highestOf(queue: number, window: Window, overMs: number): number;
  /** Layer-2 bytes that left through a queue as long as there was one in the window; it goes with its reservation. */
  sentBy(queue: number, window: Window): number;
  stop(): Promise<void>;
}

/** As the controller and its agents have it: who looks on is not to be later than they. */
const NICENESS = -10;

/** Reads the classes of one port with `tc` and follows the controller's events until stopped. */
export function watch(stage: Stage, port: LabPort, periodMs: number = COUNTER_PERIOD_MS): Watch {
  const ended = new AbortController();
  setPriority(NICENESS);
  const samples: CounterSample[] = [];
  const events: (ControllerEvent & { atMs: number })[] = [];
  const following = stage.client
    .follow((event) => events.push({ ...event, atMs: monotonicMs() }), ended.signal)
    .catch(() => undefined);
  const counting = (async () => {
    while (!ended.signal.aborted) {
      const fromMs = monotonicMs();
      const counters = await queueCounters(port);
      const toMs = monotonicMs();
      const bytes = new Map([...counters].map(([queue, counter]) => [queue, counter.bytes]));
      samples.push({ fromMs, toMs, atMs: (fromMs + toMs) / 2, bytes });
      await delay(periodMs, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  })();
  const bytesAt = (queue: number, atMs: number): number => {
    const next = samples.findIndex((sample) => sample.atMs >= atMs);
    const [before, after] = [samples[next - 1], samples[next]];
    if (!before || !after) throw new RangeError('the window reaches beyond what was counted');
    const [from, to] = [before.bytes.get(queue) ?? 0, after.bytes.get(queue) ?? 0];
    return from + ((to - from) * (atMs - before.atMs)) / (after.atMs - before.atMs);
  };
  const countsOf = (queue: number, window: Window) =>
    samples.flatMap(({ bytes, ...when }) => {
      const count = bytes.get(queue);
      const isInside = when.toMs >= window.fromMs && when.fromMs <= window.toMs;
      return count === undefined || !isInside ? [] : [{ ...when, count }];
    });
  const ratesOf = (queue: number, window: Window, overMs: number) => {
    const inside = countsOf(queue, window);
    return inside.flatMap((first, index): readonly SureRate[] => {
      const last = inside.slice(index).find(({ atMs }) => atMs >= first.atMs + overMs);
      if (!last) return [];
      const bitsAndMs = (last.count - first.count) * 8 * 1000;
      const [longest, shortest] = [last.toMs - first.fromMs, last.fromMs - first.toMs];
      return [{ untilMs: last.fromMs, least: bitsAndMs / longest, most: bitsAndMs / Math.max(1, shortest) }];
    });
  };
  return {
    events,
    at: (type, migration) => {
      const event = events.find((one) => one.type === type && one.subject === migration);
      if (!event) throw new RangeError(`no ${type} of ${migration} was announced`);
      return event.atMs;
    },
    rateOf: (queue, { fromMs, toMs }) =>
      ((bytesAt(queue, toMs) - bytesAt(queue, fromMs)) * 8 * 1000) / (toMs - fromMs),
    ratesOf,
    highestOf: (queue, window, overMs) =>
      Math.max(0, ...ratesOf(queue, window, overMs).map(({ least }) => least)),
    sentBy: (queue, window) => {
      const inside = countsOf(queue, window);
      return (inside.at(-1)?.count ?? 0) - (inside[0]?.count ?? 0);
    },
    stop: async () => {
      ended.abort();
      await Promise.all([following, counting]);
      setPriority(0);
    },
  };
}

export type Round = MigrationView['rounds'][number];

/** Rounds whose rate is a promise long enough to be measured; the rate is known for each of them. */
export const longRounds = (
  view: MigrationView,
): readonly (Round & { reserved: number; measured: number })[] =>
  view.rounds
    .filter((round) => round.phase === 'precopy' && round.durationSec >= 1)
    .map((round) => ({
      ...round,
      reserved: round.reservedBitsPerSec ?? Number.NaN,
      measured: round.measuredBitsPerSec ?? Number.NaN,
    }));

/** From the start of round n to its end, by what was announced, less the edges, where it starts and stops. */
export function insideOfRound({ events }: Watch, migration: string, round: number): Window {
  const EDGE_MS = 250;
  const own = events.filter((event) => event.subject === migration);
  const ends = own.filter((event) => event.type === 'round_finished');
  const before = own.find((event) => event.type === 'migration_started');
  const from = round === 0 ? before : ends.find((event) => event.data.round === round - 1);
  const to = ends.find((event) => event.data.round === round);
  if (!from || !to) throw new RangeError(`round ${round} of ${migration} was not announced`);
  return { fromMs: from.atMs + EDGE_MS, toMs: to.atMs - EDGE_MS };
}

/** Goodput in the window relative to that in the one before it: 0.01 is one percent more. */
export const change = (flow: Flow, before: Window, during: Window): number =>
  goodput(flow.samples, during) / goodput(flow.samples, before) - 1;

/** Waits until the instant; the flows' last samples before it have arrived then. */
export async function untilAt(atMs: number): Promise<void> {
  const SAMPLE_LAG_MS = 250;
  await delay(Math.max(0, atMs + SAMPLE_LAG_MS - monotonicMs()));
}

/**
 * The snapshot without the VM's place in forwarding: the entries that match its MAC send to another port after it has
 * moved, and must; nothing else may differ. They are kept with the port left out, so that their number still counts.
 */
export const withoutPlaceOf = (mac: string, snapshot: StageSnapshot): StageSnapshot => ({
  ...snapshot,
  switches: Object.fromEntries(
    Object.entries(snapshot.switches).map(([name, contents]) => [
      name,
      { ...contents, flows: contents.flows.map((line) => placeless(mac, line)).sort() },
    ]),
  ),
});

const placeless = (mac: string, line: string): string =>
  line.includes(mac) ? line.replace(/output:"?[^,"\s]+"?/g, 'output:its place') : line;

/** Lines of the first that are not in the second, per switch. */
export const flowsOnlyIn = (one: StageSnapshot, other: StageSnapshot): readonly string[] =>
  Object.entries(one.switches).flatMap(([name, { flows }]) =>
    flows.filter((line) => !other.switches[name]?.flows.includes(line)).map((line) => `${name} ${line}`),
  );

export const megabits = (rate: number | null): string => (rate === null ? '?' : (rate / 1e6).toFixed(2));
export const percent = (fraction: number): string => `${(fraction * 100).toFixed(2)} %`;

/** One line per test for whoever reads the log. */
export function figures(claim: string, values: Readonly<Record<string, string | number>>): void {
  const text = Object.entries(values).map(([name, value]) => `${name} ${value}`);
  console.info(`figures  ${claim}: ${text.join(', ')}`);
}
