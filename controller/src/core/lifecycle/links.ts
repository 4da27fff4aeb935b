/** Links that come and go, and what applications use of them. */

import type { LinkId } from '@sluice/topology';
import type { BitsPerSec } from '@sluice/units';
import { demandOf } from '../allocation/demand.ts';
import { reallocate } from '../allocation/reallocate.ts';
import { capacityOf, withCapacities, withDemand } from '../allocation/solver.ts';
import { balance } from '../changes/balance.ts';
import { aroundBreak } from '../changes/reroute.ts';
import { stateWith } from '../copies.ts';
import { holdsOn } from '../ledger/index.ts';
import { forwarding, liveMigrations, migrationById } from '../lookups.ts';
import { tryRecovery } from '../mechanism/postcopy.ts';
import { andThen, announce, result, type Step } from '../result.ts';
import type { Migration, State } from '../state.ts';
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
      (migration.path.includes(link) || migration.reversePath.includes(link)),
  );
  return hit.reduce(
    (soFar, migration) =>
      andThen(soFar, (next) => {
        const current = migrationById(next, migration.id);
        const around = aroundBreak(next, current);
        if (around !== null) return around;
        // What is left of a post-copy follows the VM once its own way is whole again.
        if (current.postcopy !== null) return result(next);
        return endMigration(next, current, { outcome: 'failed', reason: 'link_down', detail: link });
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
  const risen = moved.filter((link) => capacityOf(after, link) > capacityOf(before, link));
  const divided = reallocate(askAnew(known, risen), 'load', null);
  return andThen(result(divided.state, ...divided.effects), (next) => balance(next, divided.moved));
}

/**
 * BDA asks for what is free when its round begins, and a round may be long: where applications have left, it asks again.
 * Where they have come the joint allocation gives it less than it asks for, and it need not.
 */
function askAnew(state: State, links: readonly LinkId[]): State {
  const ids = new Set(
    links.flatMap((link) => holdsOn(state.ledger, link).map(({ reservation }) => reservation.migrationId)),
  );
  let next = state;
  for (const id of ids) {
    const migration = next.migrations.get(id);
    if (migration !== undefined && asksForFree(next, migration))
      next = withDemand(next, id, demandOf(next, migration, 'round'));
  }
  return next;
}

/** In the middle of a round, by its own model, and neither on its way out nor helped. */
const asksForFree = (state: State, migration: Migration): boolean =>
  (migration.request.policy === 'bda' || migration.request.policy === 'bda-robust') &&
  migration.phase === 'precopy' &&
  migration.boundary === null &&
  !migration.isSwitchoverOrdered &&
  migration.postcopy === null &&
  migration.rescue.boost === null &&
  state.allocation.demands.get(migration.id)?.weight === migration.request.weight;

const isUsed = (state: State, link: LinkId): boolean => holdsOn(state.ledger, link).length > 0;
