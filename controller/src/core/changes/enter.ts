/** A migration becomes live: it asks for its share, everybody on its links is divided anew, and it gets what is free. */
import { demandOf } from '../allocation/demand.ts';
import { reallocate } from '../allocation/reallocate.ts';
import { withCapacities, withDemand } from '../allocation/solver.ts';
import type { MigrationId } from '../ids.ts';
import { migrationById } from '../lookups.ts';
import type { Step } from '../result.ts';
import type { State } from '../state.ts';
import { balance } from './balance.ts';

/** Its hold is in the ledger, with a guarantee and, as a rule, rate 0. */
export function enter(state: State, id: MigrationId): Step {
  const migration = migrationById(state, id);
  const links = [...migration.path, ...migration.reversePath];
  const known = withDemand(withCapacities(state, links), id, demandOf(state, migration, 'round'));
  const divided = reallocate(known, 'admitted', id);
  const balanced = balance(divided.state, divided.moved);
  return { state: balanced.state, effects: [...divided.effects, ...balanced.effects] };
}
