/**
 * Help for a migration that stalls, the mildest first: more rate, taken from others down to what they need; then
 * another way of moving the memory, if the user allows it; then a slower guest, if the user allows it; then the end,
 * with the VM where it was. Each is given a few rounds to work.
 */

import { asBitsPerSec, type BitsPerSec, bitsPerSec, bytes, larger, smaller } from '@sluice/units';
import { useOf } from '../allocation/demand.ts';
import { reachable, wireRate } from '../allocation/grant.ts';
import { currentOf } from '../changes/room.ts';
import { migrationWith } from '../copies.ts';
import type { Effect } from '../effect.ts';
import { commandTo } from '../lifecycle/commands.ts';
import { endMigration } from '../lifecycle/ending.ts';
import { canPostcopy } from '../mechanism/choose.ts';
import { protectedToEnd } from '../mechanism/protect.ts';
import { announce, result, type Step, withMigration } from '../result.ts';
import type { Migration, State } from '../state.ts';
import { hasRecovered, isStalled, NO_RESCUE, type Rescue, withRound } from './progress.ts';

export interface Rescued {
  readonly step: Step;
  /** null: it has been ended. */
  readonly migration: Migration | null;
}

/** At a boundary after which another round would follow. */
export function rescue(state: State, before: Migration): Rescued {
  const record = before.rounds.at(-1);
  if (record === undefined || before.reservationId === null) return unchanged(state, before);
  const left = before.rounds.at(-2)?.remaining ?? NOTHING;
  const judged = withRound(before.rescue, record, left, state.config);
  const migration: Migration = migrationWith(before, { rescue: judged });
  if (hasRecovered(judged, state.config) && isHelped(judged)) return recover(state, migration);
  if (!isStalled(judged, state.config)) return keep(state, migration);
  return (
    boost(state, migration) ??
    leaveFirst(state, migration) ??
    throttle(state, migration) ??
    giveUp(state, migration)
  );
}

const NOTHING = bytes(0);
const unchanged = (state: State, migration: Migration): Rescued => ({ step: result(state), migration });

const keep = (state: State, migration: Migration, ...effects: readonly Effect[]): Rescued => ({
  step: result(withMigration(state, migration), ...effects),
  migration,
});

const isHelped = ({ boost, throttle }: Rescue): boolean => boost !== null || throttle > 0;

/** As fast as the guest writes and a margin, or faster by a step than what did not help; null = no more is to be had. */
function boost(state: State, migration: Migration): Rescued | null {
  const { config } = state;
  const current = currentOf(state, migration);
  const most = reachable(state, useOf(migration), migration.request).rate;
  if (most <= current * (1 + config.reallocationMin)) return null;
  const dirty = migration.dirtyRates.at(-1) ?? migration.vm.dirtyRate;
  const needed = larger(
    wireRate(state, bitsPerSec(asBitsPerSec(dirty) * config.speedup)),
    bitsPerSec(current * BOOST_STEP),
  );
  const rate: BitsPerSec = bitsPerSec(Math.ceil(smaller(needed, most)));
  return tried(state, migration, { boost: rate }, 'boost', { toBitsPerSec: rate });
}
/** A working set that is sent over and over hides how fast it is written, so what is asked for grows. */
const BOOST_STEP = 1.25;

/** The VM moves before its memory: what it dirties there need not be sent any more. Only with its rate to the end. */
function leaveFirst(state: State, migration: Migration): Rescued | null {
  const { mechanisms } = migration.request;
  const name = mechanisms.find((one) => one !== 'precopy');
  if (name === undefined || !canPostcopy(state, migration)) return null;
  const safe = protectedToEnd(state, migration);
  if (safe === null) return null;
  const mechanism = { ...migration.mechanism, name, reason: 'convergence' } as const;
  return tried(safe, migrationWith(migration, { mechanism }), {}, 'postcopy', {});
}

function throttle(state: State, migration: Migration): Rescued | null {
  const { throttleMax } = migration.request;
  const { throttle: before } = migration.rescue;
  if (throttleMax === null || before >= throttleMax) return null;
  const share = Math.min(throttleMax, before + THROTTLE_STEP);
  const { id, source } = migration;
  return tried(
    state,
    migration,
    { throttle: share },
    'throttle',
    { share },
    commandTo(source, { kind: 'throttle_guest', migrationId: id, share }),
  );
}
const THROTTLE_STEP = 0.2;

/** What is tried is given time: the next samples count afresh. */
const tried = (
  state: State,
  migration: Migration,
  change: Partial<Rescue>,
  means: string,
  detail: Readonly<Record<string, number>>,
  ...effects: readonly Effect[]
): Rescued =>
  keep(
    state,
    migrationWith(migration, { rescue: { ...migration.rescue, ...change, samples: 0, helpless: 0 } }),
    ...effects,
    announce('rescue', migration.id, { means, ratio: migration.rescue.ratio, ...detail }),
  );

function recover(state: State, migration: Migration): Rescued {
  const { id, source, rescue: helped } = migration;
  const calm: Rescue = { ...NO_RESCUE, ratio: helped.ratio, samples: helped.samples, round: helped.round };
  return keep(
    state,
    migrationWith(migration, { rescue: calm }),
    ...(helped.throttle > 0
      ? [commandTo(source, { kind: 'throttle_guest', migrationId: id, share: 0 })]
      : []),
    announce('rescue', id, { means: 'recovered', ratio: helped.ratio }),
  );
}

/** Nothing is left to try: a few more rounds, because the guest may calm down, then the end. */
function giveUp(state: State, migration: Migration): Rescued {
  const { stallRoundsMax } = state.config;
  const helpless = migration.rescue.helpless + 1;
  if (helpless < stallRoundsMax)
    return keep(state, migrationWith(migration, { rescue: { ...migration.rescue, helpless } }));
  // The round has been told: nothing of it is left to be told with the end.
  const step = endMigration(state, migrationWith(migration, { boundary: null }), {
    outcome: 'aborted',
    reason: 'stalled',
    detail: `${helpless} rounds left as much as they had sent, and nothing that is allowed helped`,
  });
  return { step, migration: null };
}
