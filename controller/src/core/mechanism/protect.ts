/** A promise without an end: what a migration needs that can no longer be taken back. */
import { stateWith } from '../copies.ts';
import { fitsOver, setGuarantee } from '../ledger/index.ts';
import type { Migration, State } from '../state.ts';

/** Its guarantee holds on both directions for as long as it takes; null = others were promised the room after it. */
export function protectedToEnd(state: State, migration: Migration): State | null {
  const id = migration.reservationId;
  const hold = id === null ? undefined : state.ledger.holds.get(id);
  if (id === null || hold === undefined) return null;
  if (hold.window.until === null) return state;
  const window = { from: state.now, until: null };
  const asker = { own: id, extraFloor: null };
  const fits =
    migration.path.every((link) => fitsOver(state, link, hold.guarantee, window, asker)) &&
    migration.reversePath.every((link) => fitsOver(state, link, hold.reverseGuarantee, window, asker));
  return fits ? stateWith(state, { ledger: setGuarantee(state.ledger, id, hold.guarantee, window) }) : null;
}
