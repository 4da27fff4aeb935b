/** Links that come and go, and what applications use of them. */

import type { LinkId } from '@sluice/topology';
import type { BitsPerSec } from '@sluice/units';
import { reallocate } from '../allocation/reallocate.ts';
import { capacityOf, withCapacities } from '../allocation/solver.ts';
import { balance } from '../changes/balance.ts';
import { aroundBreak } from '../changes/reroute.ts';
import { stateWith } from '../copies.ts';
import { holdsOn } from '../ledger/index.ts';
import { forwarding, liveMigrations, migrationById } from '../lookups.ts';
import { tryRecovery } from '../mechanism/postcopy.ts';
import { andThen, announce, result, type Step } from '../result.ts';
import type { State } from '../state.ts';
import { endMigration } from './ending.ts';

/** A reservation takes another way if one has room for it, else its migration ends; others follow the forwarding. */
export function onLinkDown(state: State, link: LinkId): Step {
  if (state.linksDown.has(link) || !state.topology.links.has(link)) return result(state);
  const after: State = stateWith(state, { linksDown: state.linksDown.add(link) });
  const told = result(after, forwarding(after), announce('link_down', null, { link }));
  const hit = liveMigrations(after).filter(
    (migration) =>
      migration.reservationId !== null &&
      migration.outcome === null &&
      // What is left of a post-copy follows the VM once the way is whole again.
      migration.postcopy === null &&
      (migration.path.includes(link) || migration.reversePath.includes(link)),
  );
  return hit.reduce(
    (soFar, migration) =>
      andThen(soFar, (next) => {
        const current = migrationById(next, migration.id);
        const ending = { outcome: 'failed', reason: 'link_down', detail: link } as const;
        return aroundBreak(next, current) ?? endMigration(next, current, ending);
      }),
    told,
  );
}

export function onLinkUp(state: State, link: LinkId): Step {
  if (!state.linksDown.has(link)) return result(state);
  const after: State = stateWith(state, { linksDown: state.linksDown.delete(link) });
  const told = result(after, forwarding(after), announce('link_up', null, { link }));
  return liveMigrations(state)
    .filter(({ postcopy }) => postcopy?.state === 'paused')
    .reduce((soFar, migration) => andThen(soFar, (next) => tryRecovery(next, migration)), told);
}

export function onLoadMeasured(
  state: State,
  loads: readonly { readonly link: LinkId; readonly applicationRate: BitsPerSec }[],
): Step {
  let { linkLoads } = state;
  for (const load of loads)
    if (state.topology.links.has(load.link)) linkLoads = linkLoads.set(load.link, load.applicationRate);
  const after: State = stateWith(state, { linkLoads });
  if (state.allocation.demands.size === 0 && state.allocation.solver.box === null) return result(after);
  return divideIfMuch(
    state,
    after,
    loads.map(({ link }) => link).filter((link) => state.topology.links.has(link)),
  );
}

/** Small changes of load count at the next boundary anyway; a large one on a link in use does not wait for it. */
function divideIfMuch(before: State, after: State, links: readonly LinkId[]): Step {
  const moved = links.filter((link) => capacityOf(before, link) !== capacityOf(after, link));
  if (moved.length === 0) return result(after);
  const known = withCapacities(after, moved);
  const isMuch = moved.some((link) => {
    const [was, is] = [capacityOf(before, link), capacityOf(after, link)];
    return Math.abs(is - was) > after.config.reallocationMin * Math.max(is, was) && isUsed(after, link);
  });
  if (!isMuch) return result(known);
  const divided = reallocate(known, 'load', null);
  return andThen(result(divided.state, ...divided.effects), (next) => balance(next, divided.moved));
}

const isUsed = (state: State, link: LinkId): boolean => holdsOn(state.ledger, link).length > 0;
