/** A request comes in: it is refused with a reason, or it holds its first rate and the destination is asked to listen. */
import { toSeconds, ZERO } from '@sluice/units';
import { enter } from '../changes/enter.ts';
import type { Effect } from '../effect.ts';
import { holdOf, place } from '../ledger/index.ts';
import { commandTo } from '../lifecycle/commands.ts';
import { migrationById } from '../lookups.ts';
import type { MigrationRequest, Refusal } from '../request.ts';
import { andThen, announce, result, type Step, save, withMigration } from '../result.ts';
import type { Migration, Reservation, State } from '../state.ts';
import { assess, type Feasible } from './assess.ts';

export function onRequested(state: State, request: MigrationRequest): Step {
  const assessment = assess(state, request);
  return assessment.ok ? admit(state, request, assessment) : refuse(state, request, assessment.refusal);
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

/** The hold is written before anybody is told anything. It begins with what is free; others make room for the rest. */
function admit(state: State, request: MigrationRequest, feasible: Feasible): Step {
  if (request.policy === 'unmanaged') {
    const migration = newMigration(state, request, feasible, null);
    return andThen(save(state, migration), (next) => result(next, ...welcome(next, migration)));
  }
  const reservation = firstReservation(state, request, feasible);
  const placed = withMigration(
    {
      ...state,
      ledger: place(state.ledger, {
        reservation,
        guarantee: feasible.guarantee,
        window: { from: state.now, until: null },
        applicationFloor: request.applicationFloor,
        tenant: null,
        priority: 0,
      }),
    },
    newMigration(state, request, feasible, reservation),
  );
  const entered = enter(placed, request.id);
  const migration = migrationById(entered.state, request.id);
  return result(
    entered.state,
    { kind: 'save_migration', migration },
    { kind: 'save_reservation', reservation: holdOf(entered.state.ledger, reservation.id).reservation },
    ...welcome(entered.state, migration),
    ...entered.effects,
  );
}

function welcome(state: State, migration: Migration): readonly Effect[] {
  const { request, id, reservationId } = migration;
  const hold = reservationId === null ? null : holdOf(state.ledger, reservationId);
  return [
    { kind: 'answer', migrationId: id, answer: { ok: true, migrationId: id } },
    commandTo(migration.destination, {
      kind: 'prepare_incoming',
      migrationId: id,
      vmId: migration.vm.id,
      memoryBytes: migration.vm.memory,
      sourceHostId: migration.source,
      // Reserved: the agent's own share for acknowledgements. Unmanaged: one queue, as a hypervisor leaves it.
      ...(hold === null ? { wayBackBitsPerSec: null } : {}),
    }),
    announce('migration_admitted', id, {
      vmId: migration.vm.id,
      source: migration.source,
      destination: migration.destination,
      policy: request.policy,
      reservedBitsPerSec: hold?.reservation.rate ?? null,
      guaranteedBitsPerSec: hold?.guarantee ?? null,
      path: migration.path.join(' '),
      deadlineSec: request.deadline === null ? null : toSeconds(request.deadline),
      downtimeLimitSec: toSeconds(request.downtimeLimit),
    }),
  ];
}

/** At rate 0: what it gets is the allocation's to say. */
function firstReservation(state: State, request: MigrationRequest, { use }: Feasible): Reservation {
  return {
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

function ipOf(state: State, hostId: Migration['source']): string {
  const host = state.hosts.get(hostId);
  if (host === undefined) throw new RangeError(`no host ${hostId}`);
  return host.host.ip;
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
    phase: 'preparing',
    outcome: null,
    reason: null,
    reasonDetail: null,
    reservationId: reservation?.id ?? null,
    path: use.path,
    reversePath: use.reversePath,
    admittedAt: state.now,
    startedAt: null,
    stoppedAt: null,
    resumedAt: null,
    endedAt: null,
    lastProgress: state.now,
    rounds: [],
    dirtyRates: [vm.dirtyRate],
    plannedRounds: feasible.plannedRounds,
    listening: null,
    networkPending: null,
    networkAskedAt: null,
    resizeFailures: 0,
    boundary: null,
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
