/** A lowering in mid-round, from the sender's answer on: the network follows, then others take the room. */

import type { AgentReport } from '@sluice/agents/contract';
import { migrationWith } from '../copies.ts';
import { loweringDue } from '../lifecycle/due.ts';
import { andThen, announce, result, type Step, withMigration } from '../result.ts';
import type { Migration, State } from '../state.ts';
import { askForRate } from './resize.ts';
import { currentOf } from './room.ts';

type CapApplied = Extract<AgentReport, { kind: 'rate_cap_applied' }>;

/** Any answer shows that the sender lives; the one that repeats the cap asked for lets the network follow. */
export function onRateCapApplied(state: State, migration: Migration, report: CapApplied): Step {
  const heard: Migration = migrationWith(migration, { lastProgress: state.now });
  if (heard.lowering?.rateCapBitsPerSec !== report.rateCapBitsPerSec || heard.boundary !== null)
    return result(withMigration(state, heard));
  return followDown(state, heard);
}

/** A sender that does not answer is not waited for: the switches enforce the rate. */
export function lowerSilent(state: State, migration: Migration): Step {
  const { lowering } = migration;
  if (lowering === null || state.now <= loweringDue(state, lowering)) return result(state);
  return andThen(followDown(state, migration), (next) =>
    result(next, announce('sender_silent', migration.id, { toBitsPerSec: lowering.to })),
  );
}

function followDown(state: State, migration: Migration): Step {
  const { lowering } = migration;
  if (lowering === null) return result(state);
  if (lowering.to >= currentOf(state, migration) || migration.networkPending !== null)
    return result(withMigration(state, migrationWith(migration, { lowering: null })));
  const rateSteps = [...migration.rateSteps, { at: state.now, rate: lowering.to }];
  return askForRate(state, migrationWith(migration, { rateSteps }), lowering.to);
}
