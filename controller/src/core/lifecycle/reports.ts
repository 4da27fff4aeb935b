/** Reports of agents, each to the file of its noun. A report about a migration counts only from the side that may make it. */

import type { AgentReport } from '@sluice/agents/contract';
import type { HostId } from '@sluice/topology';
import { unreachable } from '@sluice/units';
import { onRateCapApplied } from '../changes/lowered.ts';
import type { MigrationId } from '../ids.ts';
import { isActive } from '../lookups.ts';
import { onPostcopyState } from '../mechanism/postcopy.ts';
import { announce, result, type Step } from '../result.ts';
import type { Migration, State } from '../state.ts';
import { onMigrationFailed } from './ending.ts';
import { heard, onHostProfile, onNicLoad } from './hosts.ts';
import { onIncomingPrepared, onStarted } from './preparation.ts';
import { onRoundFinished } from './rounds.ts';
import { onStorageProgress } from './storage.ts';
import { onCompleted, onResumed, onStopped } from './switchover.ts';

export function onReport(state: State, hostId: HostId, report: AgentReport): Step {
  const { state: next, effects } = heard(state, hostId);
  const handled = dispatch(next, hostId, report);
  return effects.length === 0 ? handled : { ...handled, effects: [...effects, ...handled.effects] };
}

function dispatch(state: State, hostId: HostId, report: AgentReport): Step {
  switch (report.kind) {
    case 'host_profile':
      return onHostProfile(state, hostId, report);
    case 'nic_load':
      return onNicLoad(state, hostId, report);
    case 'incoming_prepared':
      return from('destination', state, hostId, report, (m) => onIncomingPrepared(state, m, report));
    case 'migration_started':
      return from('source', state, hostId, report, (m) => onStarted(state, m));
    case 'round_finished':
      return from('source', state, hostId, report, (m) => onRoundFinished(state, m, report));
    case 'postcopy_state':
      return from('source', state, hostId, report, (m) => onPostcopyState(state, m, report));
    case 'storage_progress':
      return from('source', state, hostId, report, (m) => onStorageProgress(state, m, report));
    case 'rate_cap_applied':
      return from('source', state, hostId, report, (m) => onRateCapApplied(state, m, report));
    case 'vm_stopped':
      return from('source', state, hostId, report, (m) => onStopped(state, m, report));
    case 'vm_resumed':
      return from('destination', state, hostId, report, (m) => onResumed(state, m, report));
    case 'migration_completed':
      return from('source', state, hostId, report, (m) => onCompleted(state, m, report));
    case 'migration_failed':
      return from(report.side, state, hostId, report, (m) => onMigrationFailed(state, m, report));
    default:
      return unreachable(report);
  }
}

/** Once a migration is given up only news about where the VM runs still count. */
const LATE_NEWS = new Set<AgentReport['kind']>(['vm_resumed', 'migration_completed']);

function from(
  side: 'source' | 'destination',
  state: State,
  hostId: HostId,
  report: AgentReport & { readonly migrationId: string },
  handle: (migration: Migration) => Step,
): Step {
  const migration = state.migrations.get(report.migrationId as MigrationId);
  const reason = whyIgnored(migration, side, hostId, report);
  if (reason === null && migration !== undefined) return handle(migration);
  return result(
    state,
    announce('report_ignored', migration?.id ?? null, { hostId, report: report.kind, reason }),
  );
}

function whyIgnored(
  migration: Migration | undefined,
  side: 'source' | 'destination',
  hostId: HostId,
  report: AgentReport,
): string | null {
  if (migration === undefined) return 'unknown_migration';
  if (migration[side] !== hostId) return `not_the_${side}`;
  if (!isActive(migration)) return 'migration_ended';
  return migration.outcome !== null && !LATE_NEWS.has(report.kind) ? 'migration_ending' : null;
}
