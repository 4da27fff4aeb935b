/** Makes the result of a run out of what was observed. Pure: the real run and the simulation share it. */
import type { Story } from '../story/index.ts';
import { goodput, longestGap, lossFraction } from '../traffic/aggregate.ts';
import type { Echo, Sample, Window } from '../traffic/sample.ts';
import type { FlowResult, MigrationResult, RunResult } from './result.ts';

/** A migration as observed; `window` is null when it never began. */
export type ObservedMigration = Omit<MigrationResult, 'proberDowntimeSec'> & {
  readonly window: Window | null;
};

/** What is known of a migration that was refused or never came to its receipt. */
export const NOTHING_MIGRATED = {
  totalTimeSec: null,
  downtimeSec: null,
  transferredBytes: 0,
  energyJoule: 0,
  deadlineMet: null,
  downtimeLimitMet: null,
  checkedPages: null,
  imageIntact: false,
  rounds: [],
} as const satisfies Partial<ObservedMigration>;

export interface Observation {
  readonly mode: RunResult['mode'];
  readonly story: Story;
  readonly before: Window;
  readonly migrations: readonly ObservedMigration[];
  readonly flows: ReadonlyMap<string, readonly Sample[]>;
  /** null: nobody probed. In a simulation `silences` stands in for it. */
  readonly echoes: readonly Echo[] | null;
  readonly silences: readonly (Window & { readonly vm: string })[];
  readonly problems: readonly string[];
}

const ROUND_TRIP_QUANTILE = 0.95;
/** A migration that was refused still gets a window, so that every run has the same columns. */
const WINDOW_MIN_MS = 1000;

export function summarise(observed: Observation): RunResult {
  const { story, before } = observed;
  const during = duringWindow(observed);
  const flows = story.flows.map((flow): FlowResult => {
    const samples = observed.flows.get(flow.name) ?? [];
    return {
      name: flow.name,
      kind: flow.kind,
      direction: flow.kind === 'guest' ? flow.direction : null,
      rateBitsPerSec: flow.rateBitsPerSec,
      goodputBeforeBitsPerSec: goodput(samples, before),
      goodputDuringBitsPerSec: goodput(samples, during),
      lossFractionBefore: lossFraction(samples, before),
      lossFractionDuring: lossFraction(samples, during),
    };
  });
  const datagrams = story.flows
    .filter((flow) => flow.kind === 'udp')
    .map((flow) => observed.flows.get(flow.name) ?? []);
  const migrations = observed.migrations.map((migration) => withoutWindow(migration, observed));
  const completed = migrations.filter((migration) => migration.outcome === 'completed');
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    story: story.name,
    mode: observed.mode,
    outcome: migrations.find((migration) => migration.outcome !== 'completed')?.outcome ?? 'completed',
    totalTimeSec:
      migrations.length === 1 ? (migrations[0]?.totalTimeSec ?? 0) : (during.toMs - during.fromMs) / 1000,
    downtimeSec: largest(migrations.map((migration) => migration.downtimeSec)),
    proberDowntimeSec: largest(migrations.map((migration) => migration.proberDowntimeSec)),
    transferredBytes: sum(migrations.map((migration) => migration.transferredBytes)),
    energyJoule: sum(migrations.map((migration) => migration.energyJoule)),
    applicationGoodputBeforeBitsPerSec: sum(flows.map((flow) => flow.goodputBeforeBitsPerSec)),
    applicationGoodputDuringBitsPerSec: sum(flows.map((flow) => flow.goodputDuringBitsPerSec)),
    applicationLossFraction: lossFraction(datagrams.flat(), during),
    applicationLossFractionBefore: lossFraction(datagrams.flat(), before),
    roundTripBeforeSec: roundTrip(observed.echoes, before),
    roundTripDuringSec: roundTrip(observed.echoes, during),
    deadlineMet: every(migrations.map((migration) => migration.deadlineMet)),
    downtimeLimitMet: every(migrations.map((migration) => migration.downtimeLimitMet)),
    imageIntact: migrations.length > 0 && migrations.every((migration) => migration.imageIntact),
    checkedPages:
      completed.length === 0 ? null : sum(completed.map((migration) => migration.checkedPages ?? 0)),
    rounds: migrations.flatMap((migration) => migration.rounds),
    flows,
    migrations,
    problems: [...observed.problems],
  };
}

/** From the start of the first migration to the end of the last. */
function duringWindow({ migrations, before }: Observation): Window {
  const windows = migrations.flatMap(({ window }) => (window ? [window] : []));
  const fromMs = windows.length > 0 ? Math.min(...windows.map((window) => window.fromMs)) : before.toMs;
  const toMs = Math.max(fromMs + WINDOW_MIN_MS, ...windows.map((window) => window.toMs));
  return { fromMs, toMs };
}

function withoutWindow(migration: ObservedMigration, observed: Observation): MigrationResult {
  const { window, ...result } = migration;
  return { ...result, proberDowntimeSec: window ? silence(migration.vm, window, observed) : null };
}

/** The longest time without an answer that overlaps the migration. */
function silence(vm: string, window: Window, observed: Observation): number | null {
  const { prober } = observed.story;
  if (prober?.vm !== vm) return null;
  if (observed.echoes) {
    const gap = longestGap(observed.echoes, window);
    return gap === null ? null : gap.durationMs / 1000;
  }
  const lengths = observed.silences
    .filter((one) => one.vm === vm && one.toMs > window.fromMs && one.fromMs < window.toMs)
    .map((one) => one.toMs - one.fromMs + prober.periodSec * 1000);
  return Math.max(prober.periodSec * 1000, ...lengths) / 1000;
}

function roundTrip(echoes: readonly Echo[] | null, window: Window): number | null {
  const times = (echoes ?? [])
    .filter((echo) => echo.sentMs >= window.fromMs && echo.sentMs < window.toMs)
    .map((echo) => echo.receivedMs - echo.sentMs)
    .sort((a, b) => a - b);
  const at = times[Math.min(times.length - 1, Math.floor(times.length * ROUND_TRIP_QUANTILE))];
  return at === undefined ? null : at / 1000;
}

function largest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? Math.max(...known) : null;
}

/** false when one is false, null when nobody asked. */
function every(values: readonly (boolean | null)[]): boolean | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.every(Boolean);
}
