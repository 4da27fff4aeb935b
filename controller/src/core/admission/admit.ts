/** A request comes in: it is refused with a reason, or it holds its first rate and the destination is asked to listen. */
import { toSeconds, ZERO } from '@sluice/units';
import { grant } from '../allocation/grant.ts';
import { place, reverseRateOf } from '../ledger/index.ts';
import { commandTo } from '../lifecycle/commands.ts';
import type { MigrationRequest, Refusal } from '../request.ts';
import { andThen, announce, result, type Step, save } from '../result.ts';
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

/** The hold is written before anybody is told anything. */
function admit(state: State, request: MigrationRequest, feasible: Feasible): Step {
  const reservation = request.policy === 'unmanaged' ? null : firstReservation(state, request, feasible);
  const migration = newMigration(state, request, feasible, reservation);
  const ledger =
    reservation === null
      ? state.ledger
      : place(state.ledger, {
          reservation,
          guarantee: ZERO.rate,
          window: { from: state.now, until: null },
          applicationFloor: request.applicationFloor,
          tenant: null,
          priority: 0,
        });
  return andThen(save({ ...state, ledger }, migration), (next) =>
    result(
      next,
      ...(reservation === null ? [] : [{ kind: 'save_reservation' as const, reservation }]),
      { kind: 'answer', migrationId: request.id, answer: { ok: true, migrationId: request.id } },
      commandTo(migration.destination, {
        kind: 'prepare_incoming',
        migrationId: migration.id,
        vmId: migration.vm.id,
        memoryBytes: migration.vm.memory,
        sourceHostId: migration.source,
        // Reserved: the agent's own share for acknowledgements. Unmanaged: one queue, as a hypervisor leaves it.
        ...(reservation === null ? { wayBackBitsPerSec: null } : {}),
      }),
      announce('migration_admitted', migration.id, {
        vmId: migration.vm.id,
        source: migration.source,
        destination: migration.destination,
        policy: request.policy,
        reservedBitsPerSec: reservation?.rate ?? null,
        path: migration.path.join(' '),
        deadlineSec: request.deadline === null ? null : toSeconds(request.deadline),
        downtimeLimitSec: toSeconds(request.downtimeLimit),
      }),
    ),
  );
}

function firstReservation(state: State, request: MigrationRequest, feasible: Feasible): Reservation {
  const { use, vm, plannedRounds } = feasible;
  const rate = grant(
    state,
    use,
    { request, plannedRounds },
    { round: 0, remaining: vm.memory, dirtyRates: [vm.dirtyRate], elapsed: ZERO.millis },
  );
  return {
    id: state.ledger.nextReservationId as Reservation['id'],
    migrationId: request.id,
    path: use.path,
    reversePath: use.reversePath,
    rate,
    reverseRate: reverseRateOf(rate, state.config.reverseFraction),
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
    roundRate: reservation?.rate ?? null,
    counters: null,
    countersPending: 0,
    queueAtRoundStart: { shared: false, joined: 0 },
    completion: null,
    receipt: null,
  };
}
