/** One run of a story in virtual time, with the result of a real one. */
import type { RatePolicyName, Receipt, RoundRecord } from '@sluice/controller/core';
import { toSeconds } from '@sluice/units';
import { migrationIdOf } from '../simulator/core-request.ts';
import { type SimulationOutcome, simulate, type TimedEvent } from '../simulator/index.ts';
import type { Story, StoryMigration } from '../story/index.ts';
import { askedFor } from './asked-for.ts';
import { receiptSummary } from './receipt-summary.ts';
import type { RoundResult, RunName, RunResult } from './result.ts';
import { NOTHING_MIGRATED, type ObservedMigration, summarise } from './summarise.ts';
import { baselineWindow } from './timing.ts';

export interface SimulatedRunOptions {
  readonly run: RunName;
  readonly seed?: number;
  readonly policy?: RatePolicyName | undefined;
  readonly onEvent?: (event: TimedEvent) => void;
}

export function simulateRun(story: Story, options: SimulatedRunOptions): RunResult {
  const unmanaged = options.run === 'unmanaged';
  const outcome = simulate(story, {
    mode: unmanaged ? 'unmanaged' : 'managed',
    policy: options.policy,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
  });
  return resultOf(story, outcome, options);
}

export function resultOf(story: Story, outcome: SimulationOutcome, options: SimulatedRunOptions): RunResult {
  const policyOf = (migration: StoryMigration) =>
    options.run === 'unmanaged' ? 'unmanaged' : (options.policy ?? migration.policy);
  return summarise({
    mode: 'simulate',
    story,
    before: baselineWindow(story, story.warmupSec * 1000),
    migrations: story.migrations.map((migration, index) =>
      observed(story, migration, index, policyOf(migration), outcome),
    ),
    flows: outcome.flows,
    echoes: null,
    silences: outcome.gaps.map(({ vm, startMs, endMs }) => ({ vm, fromMs: startMs, toMs: endMs })),
    problems: [
      ...(outcome.left.reservationsInNetwork ? ['a reservation was left in the network'] : []),
      ...(outcome.left.migrationsActive ? ['a migration had not ended when the story did'] : []),
    ],
  });
}

function observed(
  story: Story,
  migration: StoryMigration,
  index: number,
  policy: string,
  outcome: SimulationOutcome,
): ObservedMigration {
  const id = migrationIdOf(migration, index);
  const receipt = outcome.receipts.find((one) => one.migrationId === id);
  const own = outcome.events.filter(({ event }) => event.migrationId === id);
  const at = (type: string) => own.find(({ event }) => event.type === type)?.atMs;
  const startMs = at('migration_admitted');
  const refusal = own.find(({ event }) => event.type === 'answer_refused');
  const common = askedFor(story, index, policy);
  const endMs =
    at('migration_completed') ?? at('migration_aborted') ?? at('migration_failed') ?? outcome.endedSec * 1000;
  const window = startMs === undefined ? null : { fromMs: startMs, toMs: endMs };
  if (!receipt)
    return {
      ...common,
      outcome: refusal ? 'refused' : 'failed',
      reason: refusal ? refusalText(refusal) : 'it had not ended when the story did',
      ...NOTHING_MIGRATED,
      window,
    };
  return { ...common, ...receiptFields(id, receipt), window };
}

function receiptFields(id: string, receipt: Receipt) {
  return {
    ...receiptSummary(receipt),
    checkedPages: receipt.checkedPages,
    imageIntact: receipt.outcome === 'completed',
    rounds: receipt.rounds.map((round) => roundFields(id, round)),
  };
}

const roundFields = (migrationId: string, round: RoundRecord): RoundResult => ({
  migrationId,
  round: round.round,
  phase: round.phase,
  reservedBitsPerSec: round.reservedRate,
  measuredBitsPerSec: round.measuredRate,
  measuredFrom: round.measuredFrom,
  durationSec: toSeconds(round.duration),
  transferredBytes: round.transferred,
  remainingBytes: round.remaining,
  dirtyRateBytesPerSec: round.dirtyRate,
  energyJoule: round.energy,
});

const refusalText = ({ event }: TimedEvent): string =>
  Object.entries(event.detail)
    .map(([key, value]) => (key === 'kind' ? String(value) : `${key} ${value}`))
    .join(', ');
