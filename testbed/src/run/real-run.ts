/**
 * One run of a story on real parts. Network, controller, agents and VMs are made anew for every run, so that both
 * runs start from the same point: the VMs' workload counts from their start, and the first migration is asked for
 * exactly `warmupSec` later.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type GuestVerdict, isUnharmed } from '../guests/index.ts';
import { type Lab, LabFailure } from '../lab/index.ts';
import { type GuestKind, openStage, type Stage, type UnmannedStage } from '../stage/index.ts';
import type { Story, StoryFlow } from '../story/index.ts';
import { type Flow, monotonicMs } from '../traffic/index.ts';
import { askedFor } from './asked-for.ts';
import { type MigrationView, RequestRefused } from './controller-client.ts';
import { describe } from './progress.ts';
import type { RunName, RunResult } from './result.ts';
import { NOTHING_MIGRATED, type ObservedMigration, summarise } from './summarise.ts';
import { baselineWindow } from './timing.ts';

export interface RealRunOptions {
  readonly run: RunName;
  readonly guests?: GuestKind | undefined;
  readonly note: (atSec: number, text: string) => void;
  /** Aborting it ends the run with the signal's reason; the caller closes the lab. */
  readonly signal: AbortSignal;
}

export interface RealRun {
  readonly result: RunResult;
  readonly controllerUrl: string;
  /** Ends what this run started, in order; the lab stays open. */
  close(): Promise<void>;
}

/** Time for the last samples and echoes to be told. */
const LAST_SAMPLES_MS = 250;

export async function runOnRealParts(lab: Lab, story: Story, options: RealRunOptions): Promise<RealRun> {
  const began = monotonicMs();
  const note = (text: string) => options.note((monotonicMs() - began) / 1000, text);
  const { run, signal } = options;
  const flows: Flow[] = [];
  const stage = await openStage(story, {
    ...{ lab, signal, note },
    run: run === 'unmanaged' ? 'unmanaged' : 'managed',
    name: run.charAt(0),
    ...(options.guests === undefined ? {} : { guests: options.guests }),
    beforeAgents: async (unmanned) => {
      flows.push(...(await startFlows(unmanned, story, (flow) => flow.kind !== 'guest')));
    },
  });
  try {
    flows.push(...(await startFlows(stage, story, (flow) => flow.kind === 'guest')));
    const prober = story.prober ? await stage.startProber(story.prober) : null;
    const zero = stage.vmsStartedMs + story.warmupSec * 1000;
    const problems: string[] = [];
    if (monotonicMs() > zero)
      problems.push('the warm-up was over before everything ran; give the story a longer warmupSec');
    note('applications run; warming up');
    const migrations = await migrateAll(story, stage, options, zero, note);
    await delay(story.cooldownSec * 1000 + LAST_SAMPLES_MS, undefined, { signal });
    for (const flow of flows) if (flow.problem) problems.push(`flow ${flow.name}: ${flow.problem}`);
    const guests = await stage.checkGuests();
    problems.push(...guests.problems);
    const result = summarise({
      mode: 'real',
      story,
      before: baselineWindow(story, zero),
      migrations: migrations.map((migration) => withVerdict(migration, guests.verdicts)),
      flows: new Map(flows.map((flow) => [flow.name, flow.samples])),
      echoes: prober?.echoes ?? null,
      silences: [],
      problems,
    });
    return { result, controllerUrl: stage.url, close: () => stage.close() };
  } catch (cause) {
    await stage.close().catch(() => undefined);
    throw cause;
  }
}

/** Real guests compare their own memory once everything is over; no agent can do that for them. */
function withVerdict(
  migration: ObservedMigration,
  verdicts: ReadonlyMap<string, GuestVerdict>,
): ObservedMigration {
  const verdict = verdicts.get(migration.vm);
  if (verdict === undefined || migration.outcome !== 'completed') return migration;
  return { ...migration, checkedPages: verdict.checkedPages, imageIntact: isUnharmed(verdict) };
}

const startFlows = (
  stage: UnmannedStage,
  story: Story,
  choose: (flow: StoryFlow) => boolean,
): Promise<Flow[]> => Promise.all(story.flows.filter(choose).map((flow) => stage.startFlow(flow)));

/** Asks for every migration at its time and follows them to their ends. */
async function migrateAll(
  story: Story,
  stage: Stage,
  { run, signal }: RealRunOptions,
  zero: number,
  note: (text: string) => void,
): Promise<ObservedMigration[]> {
  const following = new AbortController();
  const beganMs = new Map<string, number>();
  const told = stage.client
    .follow(
      (event) => {
        if (event.type === 'migration_admitted' && event.subject !== null)
          beganMs.set(event.subject, monotonicMs());
        const text = describe(event);
        if (text !== null) note(text);
      },
      AbortSignal.any([signal, following.signal]),
    )
    .catch(() => undefined);
  try {
    return await Promise.all(
      story.migrations.map(async (migration, index) => {
        await delay(Math.max(0, zero + migration.atSec * 1000 - monotonicMs()), undefined, { signal });
        const policy = run === 'unmanaged' ? ('unmanaged' as const) : migration.policy;
        return migrateOne(story, index, policy, { stage, zero, beganMs });
      }),
    );
  } finally {
    following.abort();
    await told;
  }
}

interface Run {
  readonly stage: Stage;
  readonly zero: number;
  /** When each migration went live, as the controller told it: a booked one later than it was asked for. */
  readonly beganMs: ReadonlyMap<string, number>;
}

async function migrateOne(
  story: Story,
  index: number,
  policy: Story['migrations'][number]['policy'],
  { stage, zero, beganMs }: Run,
): Promise<ObservedMigration> {
  const migration = story.migrations[index];
  if (!migration) throw new RangeError(`the story has no migration ${index}`);
  const common = askedFor(story, index, policy);
  const { id } = common;
  const askedMs = monotonicMs();
  try {
    await stage.client.migrate(id, migration, policy);
  } catch (cause) {
    if (!(cause instanceof RequestRefused)) throw cause;
    const reason = `${cause.code}: ${cause.message}`;
    return { ...common, ...NOTHING_MIGRATED, outcome: 'refused', reason, window: null };
  }
  const ended = await endOf(stage, id, zero + story.timeoutSec * 1000);
  const toMs = monotonicMs();
  const waits = migration.startAtSec !== null || migration.holdForSec !== null;
  const fromMs = waits ? beganMs.get(id) : askedMs;
  const window = fromMs === undefined ? null : { fromMs, toMs };
  if (!ended?.receipt) {
    const { rounds } = await stage.client.migration(id);
    return {
      ...common,
      ...NOTHING_MIGRATED,
      outcome: 'failed',
      reason: `it had not ended after ${story.timeoutSec} s`,
      // As far as it had come.
      totalTimeSec: (toMs - askedMs) / 1000,
      transferredBytes: rounds.reduce((sum, round) => sum + round.transferredBytes, 0),
      energyJoule: rounds.reduce((sum, round) => sum + round.energyJoule, 0),
      rounds: rounds.map((round) => ({ migrationId: id, ...round })),
      window,
    };
  }
  const { receipt } = ended;
  return {
    ...common,
    source: ended.source,
    outcome: receipt.outcome,
    reason: ended.reasonDetail ?? receipt.reason,
    totalTimeSec: receipt.totalTimeSec,
    downtimeSec: receipt.downtimeSec,
    transferredBytes: receipt.transferredBytes,
    energyJoule: receipt.energyJoule,
    deadlineMet: receipt.deadlineMet,
    downtimeLimitMet: receipt.downtimeLimitMet,
    checkedPages: receipt.checkedPages,
    // An emulated destination compares every page before it lets the VM run; a mismatch fails the migration.
    imageIntact: receipt.outcome === 'completed' && receipt.checkedPages !== null,
    rounds: receipt.rounds.map((round) => ({ migrationId: id, ...round })),
    window,
  };
}

/** null when it has not ended by the deadline; then it is left to the controller's shutdown, which aborts it. */
function endOf(stage: Stage, id: string, deadlineMs: number): Promise<MigrationView | null> {
  return stage.untilEnded(id, Math.max(0, deadlineMs - monotonicMs())).catch((cause: unknown) => {
    if (cause instanceof LabFailure && cause.detail.code === 'timed_out') return null;
    throw cause;
  });
}
