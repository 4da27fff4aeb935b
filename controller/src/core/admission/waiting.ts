/**
 * Migrations that are held or scheduled: they are in the calendar and nowhere else. One that is held is let go in time
 * unless it is committed; one whose time has come is assessed once more, because its VM, its hosts and the links have
 * had time to change, and takes another way when its own is no longer there. What it was promised it gets in any case,
 * as long as its VM, its hosts and its way are there.
 */
import { elapsed, type Instant, millis, smaller } from '@sluice/units';
import type { MigrationId } from '../ids.ts';
import { amend, holdOf, reroute, setGuarantee, settle } from '../ledger/index.ts';
import { promisedUntil } from '../lifecycle/due.ts';
import { endMigration } from '../lifecycle/ending.ts';
import { isActive, isWaiting, migrationById } from '../lookups.ts';
import { protectedToEnd } from '../mechanism/protect.ts';
import type { MigrationRequest, Refusal } from '../request.ts';
import { andThen, announce, result, type Step, save } from '../result.ts';
import type { Migration, State } from '../state.ts';
import { ipOf } from './admit.ts';
import { assessWay, type Feasible, type Refused } from './assess.ts';
import { keptPromise } from './kept-promise.ts';
import { goLive } from './live.ts';
import { checkEnds } from './places.ts';

/** A held migration is wanted for good; a second commit of the same one is welcome. */
export function onCommitRequested(state: State, migrationId: MigrationId): Step {
  const migration = state.migrations.get(migrationId);
  const refusal = whyNotCommit(migrationId, migration);
  if (refusal !== null || migration === undefined)
    return result(state, {
      kind: 'answer',
      migrationId,
      answer: { ok: false, refusal: refusal ?? { kind: 'unknown_migration', migrationId } },
    });
  const answer = { kind: 'answer', migrationId, answer: { ok: true, migrationId } } as const;
  if (migration.phase !== 'held') return result(state, answer);
  const committed: Migration = { ...migration, phase: 'scheduled', heldUntil: null };
  return andThen(save(state, committed), (next) => {
    const told = result(next, answer, announce('migration_committed', migrationId));
    return committed.beginsAt > state.now ? told : andThen(told, (now) => begin(now, committed));
  });
}

function whyNotCommit(migrationId: MigrationId, migration: Migration | undefined): Refusal | null {
  if (migration === undefined) return { kind: 'unknown_migration', migrationId };
  if (migration.outcome !== null) return { kind: 'migration_ended', migrationId, outcome: migration.outcome };
  const wasHeld = migration.request.holdFor !== null;
  return isActive(migration) && wasHeld ? null : { kind: 'not_held', migrationId, phase: migration.phase };
}

/** Lets go whose hold is over, and begins whose time has come, in the order in which they were asked for. */
export function beginDue(state: State): Step {
  if (state.wakeAt === null || state.wakeAt > state.now) return result(state);
  let step = result(state);
  let wakeAt: Instant | null = null;
  for (const [id, due] of state.waiting)
    if (due > state.now) wakeAt = wakeAt === null ? due : smaller(wakeAt, due);
    else
      step = andThen(step, (next) => {
        const migration = migrationById(next, id);
        if (!isWaiting(migration)) return result(next);
        return migration.phase === 'held' ? letGo(next, migration) : begin(next, migration);
      });
  return { ...step, state: { ...step.state, wakeAt } };
}

const letGo = (state: State, migration: Migration): Step =>
  endMigration(state, migration, {
    outcome: 'aborted',
    reason: 'hold_expired',
    detail: 'nobody has committed it',
  });

function begin(state: State, migration: Migration): Step {
  const request = fromNowOn(state, migration);
  const assessment = assessAgain(state, migration, request);
  const kept = keptPromise(state, migration, request, assessment);
  if (kept !== null) {
    const { feasible, atRisk } = kept;
    const live = goLive(...onItsWay(state, migration, feasible));
    if (atRisk === null) return live;
    return andThen(live, (next) =>
      result(next, announce('limits_at_risk', migration.id, { reason: atRisk })),
    );
  }
  const kind = assessment.ok ? 'no_path' : assessment.refusal.kind;
  return endMigration(state, migration, {
    outcome: 'failed',
    reason: kind,
    detail: 'no longer possible when its time had come',
  });
}

/** With what is left of its time, and without its own hold in the way. */
function assessAgain(state: State, migration: Migration, request: MigrationRequest): Feasible | Refused {
  const vm = state.vms.get(migration.vm.id);
  if (vm === undefined) return { ok: false, refusal: { kind: 'unknown_vm', vmId: migration.vm.id } };
  const refusal = checkEnds(state, migration.request, vm);
  if (refusal !== null) return { ok: false, refusal };
  const asker = { own: migration.reservationId, extraFloor: migration.request.applicationFloor };
  return assessWay(state, request, vm, asker);
}

function fromNowOn(state: State, { request, admittedAt }: Migration): MigrationRequest {
  const { deadline } = request;
  const left = deadline === null ? null : millis(Math.max(1, deadline - elapsed(admittedAt, state.now)));
  return { ...request, startAt: null, holdFor: null, deadline: left };
}

/** The hold moves to the way, the rate and the window that are right now. */
function onItsWay(
  state: State,
  migration: Migration,
  { vm, use, guarantee, window, plannedRounds, mechanism }: Feasible,
): [State, Migration] {
  const { path, reversePath, source } = use;
  const begun: Migration = {
    ...migration,
    vm,
    source,
    path,
    reversePath,
    plannedRounds,
    mechanism,
    dirtyRates: [vm.dirtyRate],
  };
  const id = migration.reservationId;
  if (id === null) return [state, begun];
  const moved = settle(reroute(state.ledger, id, { path, reversePath }), id);
  const { reservation } = holdOf(moved, id);
  const match = { ...reservation.match, sourceIp: ipOf(state, source) };
  const ledger = setGuarantee(amend(moved, { ...reservation, match }), id, guarantee, window);
  return [{ ...state, ledger }, begun];
}

/** A live migration that outlasts what it was promised keeps the promise for as long as there is room. */
export function extendOverdue(state: State, migration: Migration): State {
  const until = promisedUntil(state, migration);
  const id = migration.reservationId;
  if (until === null || until > state.now || id === null || isWaiting(migration)) return state;
  return protectedToEnd(state, migration) ?? state;
}
