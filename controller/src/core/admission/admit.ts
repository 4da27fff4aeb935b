/**
 * A request comes in: it is refused with a reason, or what it needs is promised. It is then held until somebody commits
 * it, or waits in the calendar for its time, or becomes live at once.
 */
import { later, toSeconds, ZERO } from '@sluice/units';
import { place } from '../ledger/index.ts';
import type { MigrationRequest, Refusal } from '../request.ts';
import { NO_RESCUE } from '../rescue/progress.ts';
import { andThen, announce, result, type Step, save } from '../result.ts';
import type { Migration, Phase, Reservation, State } from '../state.ts';
import type { Feasible } from './assess.ts';
import { concede } from './concede.ts';
import { decide } from './decide.ts';
import { honour } from './honour.ts';
import { goLive } from './live.ts';

export function onRequested(state: State, request: MigrationRequest): Step {
  const decision = request.etag === null ? decide(state, request) : honour(state, request, request.etag);
  if ('stale' in decision) return refuse(state, request, { kind: 'quote_stale', etag: decision.etag });
  if (!decision.ok) return refuse(state, request, decision.refusal);
  const { feasible, victims, ledger } = decision;
  if (victims.length === 0) return admit(state, request, feasible);
  // Those who concede the room are told first: their demands must not stand in its way.
  return andThen(concede({ ...state, ledger }, request, victims), (next) => admit(next, request, feasible));
}

const refuse = (state: State, request: MigrationRequest, refusal: Refusal): Step =>
  result(
    state,
    { kind: 'answer', migrationId: request.id, answer: { ok: false, refusal } },
    announce('migration_refused', request.id, {
      vmId: request.vmId,
      destination: request.destination,
      reason: refusal.kind,
    }),
  );

/** The hold is written before anybody is told anything. */
function admit(state: State, request: MigrationRequest, feasible: Feasible): Step {
  const promised = feasible.guarantee > 0 ? promise(state, request, feasible) : null;
  const migration = newMigration(state, request, feasible, promised?.reservation ?? null);
  const before = promised?.state ?? state;
  const answer = { ok: true as const, migrationId: request.id };
  if (migration.phase === 'preparing')
    return goLive(before, migration, [{ kind: 'answer', migrationId: request.id, answer }]);
  return andThen(save(before, migration), (next) =>
    result(
      next,
      ...(promised ? [{ kind: 'save_reservation' as const, reservation: promised.reservation }] : []),
      { kind: 'answer', migrationId: request.id, answer },
      announce(migration.phase === 'held' ? 'migration_held' : 'migration_scheduled', request.id, {
        vmId: migration.vm.id,
        source: migration.source,
        destination: migration.destination,
        guaranteedBitsPerSec: feasible.guarantee,
        path: migration.path.join(' '),
        startAtSec: request.startAt === null ? 0 : toSeconds(request.startAt),
        heldForSec: request.holdFor === null ? null : toSeconds(request.holdFor),
      }),
    ),
  );
}

function promise(
  state: State,
  request: MigrationRequest,
  feasible: Feasible,
): { readonly state: State; readonly reservation: Reservation } {
  const reservation = firstReservation(state, request, feasible);
  const { guarantee, window } = feasible;
  const { applicationFloor, tenant, priority } = request;
  const hold = { reservation, guarantee, window, applicationFloor, tenant, priority };
  return { state: { ...state, ledger: place(state.ledger, hold) }, reservation };
}

/** At rate 0: what it gets is the allocation's to say. */
function firstReservation(state: State, request: MigrationRequest, { use }: Feasible): Reservation {
  return {
    // Here the number becomes an id.
    id: state.ledger.nextReservationId as Reservation['id'],
    migrationId: request.id,
    path: use.path,
    reversePath: use.reversePath,
    rate: ZERO.rate,
    reverseRate: ZERO.rate,
    match: {
      sourceIp: ipOf(state, use.source),
      destinationIp: ipOf(state, use.destination),
      destinationPort: 0,
    },
  };
}

export function ipOf(state: State, hostId: Migration['source']): string {
  const host = state.hosts.get(hostId);
  if (host === undefined) throw new RangeError(`no host ${hostId}`);
  return host.host.ip;
}

function firstPhase({ holdFor, startAt }: MigrationRequest): Phase {
  if (holdFor !== null) return 'held';
  return startAt === null || startAt === 0 ? 'preparing' : 'scheduled';
}

function newMigration(
  state: State,
  request: MigrationRequest,
  feasible: Feasible,
  reservation: Reservation | null,
): Migration {
  const { vm, use } = feasible;
  return {
    id: request.id,
    request,
    source: use.source,
    destination: use.destination,
    vm,
    phase: firstPhase(request),
    outcome: null,
    reason: null,
    reasonDetail: null,
    reservationId: reservation?.id ?? null,
    path: use.path,
    reversePath: use.reversePath,
    admittedAt: state.now,
    heldUntil: request.holdFor === null ? null : later(state.now, request.holdFor),
    beginsAt: feasible.window.from,
    startedAt: null,
    stoppedAt: null,
    resumedAt: null,
    endedAt: null,
    lastProgress: state.now,
    storage: null,
    rounds: [],
    dirtyRates: [vm.dirtyRate],
    plannedRounds: feasible.plannedRounds,
    listening: null,
    networkPending: null,
    rerouteFrom: null,
    networkAskedAt: null,
    resizeFailures: 0,
    boundary: null,
    mechanism: feasible.mechanism,
    postcopy: null,
    rescue: NO_RESCUE,
    isSwitchoverOrdered: false,
    rateSteps: [],
    lowering: null,
    roundRate: reservation?.rate ?? null,
    counters: null,
    countersPending: 0,
    queueAtRoundStart: { shared: false, joined: 0 },
    completion: null,
    receipt: null,
  };
}
