/** What a handler returns, and how handlers are put together. */
import type { CoreEvent, Effect } from './effect.ts';
import type { MigrationId } from './ids.ts';
import type { Migration, State } from './state.ts';

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export const result = (state: State, ...effects: readonly Effect[]): Step => ({ state, effects });

/** Does `next` on the state that `first` left, and keeps the effects of both in order. */
export function andThen(first: Step, next: (state: State) => Step): Step {
  const second = next(first.state);
  return { state: second.state, effects: [...first.effects, ...second.effects] };
}

export const withMigration = (state: State, migration: Migration): State => ({
  ...state,
  migrations: new Map(state.migrations).set(migration.id, migration),
});

/** Stores the migration and asks for its record to be written. */
export const save = (state: State, migration: Migration): Step =>
  result(withMigration(state, migration), { kind: 'save_migration', migration });

/** A report that does not fit what is known, told rather than dropped in silence. */
export const ignored = (state: State, migration: Migration, report: string, reason: string): Step =>
  result(state, announce('report_ignored', migration.id, { report, reason, phase: migration.phase }));

export const announce = (
  type: string,
  migrationId: MigrationId | null,
  detail: CoreEvent['detail'] = {},
): Effect => ({ kind: 'announce', event: { type, migrationId, detail } });
