/** Links that come and go, and what applications use of them. */
import type { LinkId } from '@sluice/topology';
import type { BitsPerSec } from '@sluice/units';
import { activeMigrations, forwarding } from '../lookups.ts';
import { andThen, announce, result, type Step } from '../result.ts';
import type { State } from '../state.ts';
import { endMigration } from './ending.ts';

/** Migrations with a reservation are bound to their path; others follow the forwarding. */
export function onLinkDown(state: State, link: LinkId): Step {
  if (state.linksDown.has(link) || !state.topology.links.has(link)) return result(state);
  const after: State = { ...state, linksDown: state.linksDown.add(link) };
  const told = result(after, forwarding(after), announce('link_down', null, { link }));
  const hit = activeMigrations(after).filter(
    (migration) =>
      migration.reservationId !== null &&
      migration.outcome === null &&
      (migration.path.includes(link) || migration.reversePath.includes(link)),
  );
  return hit.reduce(
    (soFar, migration) =>
      andThen(soFar, (next) =>
        endMigration(next, migration, { outcome: 'failed', reason: 'link_down', detail: link }),
      ),
    told,
  );
}

export function onLinkUp(state: State, link: LinkId): Step {
  if (!state.linksDown.has(link)) return result(state);
  const after: State = { ...state, linksDown: state.linksDown.delete(link) };
  return result(after, forwarding(after), announce('link_up', null, { link }));
}

export function onLoadMeasured(
  state: State,
  loads: readonly { readonly link: LinkId; readonly applicationRate: BitsPerSec }[],
): Step {
  const linkLoads = state.linkLoads.withMutations((changed) => {
    for (const load of loads)
      if (state.topology.links.has(load.link)) changed.set(load.link, load.applicationRate);
  });
  return result({ ...state, linkLoads });
}
