/**
 * Whether a request can be met, before anything is promised. Every check has its refusal with the limit that failed
 * and what would pass. The model plays the migration at the largest rate that its path can still promise.
 */
import { flat, type PrecopyResult, precopy, roundsByFormula, threshold } from '@sluice/models';
import { type Link, reversePath, widestPath } from '@sluice/topology';
import {
  add,
  asBitsPerSec,
  type BitsPerSec,
  type Bytes,
  bitsPerSec,
  bytes,
  larger,
  type Millis,
  scale,
  smaller,
  subtract,
  toSeconds,
  transferTime,
  ZERO,
} from '@sluice/units';
import {
  accountFor,
  bothWays,
  copyLimit,
  type PathUse,
  payloadRate,
  rateLimit,
  wireRate,
} from '../allocation/grant.ts';
import { agentAlive, isActive, migrationOfVm } from '../lookups.ts';
import type { MigrationRequest, Refusal } from '../request.ts';
import type { State, VmState } from '../state.ts';

/** A request that passed: where it goes and how much it may have. */
export interface Feasible {
  readonly ok: true;
  readonly vm: VmState;
  readonly use: PathUse;
  /** The largest rate that can be promised now; 0 for unmanaged, which is promised nothing. */
  readonly rateLimit: BitsPerSec;
  /** Ī_MAX for minimum-energy, null for other policies. */
  readonly plannedRounds: number | null;
}
export type Assessment = Feasible | { readonly ok: false; readonly refusal: Refusal };

/** Least reservation that is worth making. */
export const RESERVED_RATE_MIN = bitsPerSec(1_000_000);

export function assess(state: State, request: MigrationRequest): Assessment {
  const vm = state.vms.get(request.vmId);
  const refusal = checkPlaces(state, request, vm);
  if (refusal !== null || vm === undefined)
    return { ok: false, refusal: refusal ?? { kind: 'unknown_vm', vmId: request.vmId } };
  const use = findPath(state, request, vm);
  if (use === null)
    return {
      ok: false,
      refusal: { kind: 'no_path', source: vm.hostId, destination: request.destination },
    };
  if (request.policy === 'unmanaged') return { ok: true, vm, use, rateLimit: ZERO.rate, plannedRounds: null };
  const limit = rateLimit(state, use, request);
  const broken = checkCapacity(state, request, use, limit) ?? checkModel(state, request, vm, limit.rate);
  if (broken !== null) return { ok: false, refusal: broken };
  return {
    ok: true,
    vm,
    use,
    rateLimit: limit.rate,
    plannedRounds: plannedRounds(state, request, vm, limit.rate),
  };
}

function checkPlaces(state: State, request: MigrationRequest, vm: VmState | undefined): Refusal | null {
  if (state.migrations.has(request.id)) return { kind: 'migration_exists', migrationId: request.id };
  const { migrationsMax } = state.config;
  let active = 0;
  for (const migration of state.migrations.values()) if (isActive(migration)) active += 1;
  if (active >= migrationsMax) return { kind: 'migrations_max', limit: migrationsMax };
  const { vmId, destination, source } = request;
  if (vm === undefined) return { kind: 'unknown_vm', vmId };
  const busy = migrationOfVm(state, vmId);
  if (busy) return { kind: 'vm_busy', vmId, migrationId: busy.id };
  if (vm.runState !== 'running') return { kind: 'vm_not_running', vmId, runState: vm.runState };
  for (const hostId of source === null ? [destination] : [source, destination]) {
    const host = state.hosts.get(hostId);
    if (host === undefined) return { kind: 'unknown_host', hostId };
    if (host.host.kind !== 'hypervisor') return { kind: 'not_a_hypervisor', hostId };
  }
  if (source !== null && source !== vm.hostId)
    return { kind: 'wrong_source', hostId: source, actual: vm.hostId };
  if (destination === vm.hostId) return { kind: 'same_host', hostId: destination };
  for (const hostId of [vm.hostId, destination])
    if (!agentAlive(state, hostId)) return { kind: 'host_unavailable', hostId };
  return null;
}

function findPath(state: State, request: MigrationRequest, vm: VmState): PathUse | null {
  const use: PathUse = {
    path: [],
    reversePath: [],
    source: vm.hostId,
    destination: request.destination,
    own: null,
    extraFloor: request.policy === 'unmanaged' ? null : request.applicationFloor,
  };
  const isUp = (link: Link) => !state.linksDown.has(link.id) && !state.linksDown.has(link.reverse);
  const found = widestPath(state.topology, {
    from: vm.hostId,
    to: request.destination,
    residual: (link) => bothWays(state, use, link),
    isUp,
  });
  if (found === null) return null;
  return { ...use, path: found.path, reversePath: reversePath(state.topology, found.path) };
}

function checkCapacity(
  state: State,
  request: MigrationRequest,
  use: PathUse,
  limit: ReturnType<typeof rateLimit>,
): Refusal | null {
  const floor = request.applicationFloor;
  if (floor !== null)
    for (const link of [...use.path, ...use.reversePath]) {
      const books = accountFor(state, { ...use, extraFloor: null }, link);
      const free = subtract(subtract(books.link.capacity, books.headroom), books.held);
      if (floor > free)
        return { kind: 'floor_infeasible', link, wantedBitsPerSec: floor, freeBitsPerSec: free };
    }
  const wanted = larger(request.rateMin ?? RESERVED_RATE_MIN, RESERVED_RATE_MIN);
  if (limit.rate >= wanted) return null;
  return {
    kind: 'insufficient_capacity',
    link: limit.link,
    wantedBitsPerSec: wanted,
    freeBitsPerSec: limit.rate,
  };
}

/** Convergence, downtime and deadline at the largest rate that can be promised. */
function checkModel(state: State, request: MigrationRequest, vm: VmState, rate: BitsPerSec): Refusal | null {
  const payload = payloadRate(state, rate);
  const settled = workingSetOf(vm);
  const dirty = asBitsPerSec(vm.dirtyRate);
  // A working set that fits into the downtime limit converges at any dirty rate: there is never more to send.
  const fitsAnyway = transferTime(settled, payload) <= copyLimit(state, request);
  if (dirty >= payload && !fitsAnyway)
    return {
      kind: 'will_not_converge',
      dirtyRateBytesPerSec: vm.dirtyRate,
      rateBitsPerSec: rate,
      rateNeededBitsPerSec: Math.ceil(rateToConverge(state, request, vm)),
    };
  const played = atRate(state, request, vm, payload);
  const downtime = add(played.stopAndCopyTime, state.config.switchoverOverhead);
  if (downtime > request.downtimeLimit)
    return {
      kind: 'downtime_infeasible',
      downtimeLimitSec: toSeconds(request.downtimeLimit),
      smallestSec: toSeconds(downtime),
      rateBitsPerSec: rate,
    };
  const total = add(played.totalTime, state.config.switchoverOverhead);
  if (request.deadline !== null && total > request.deadline)
    return {
      kind: 'deadline_infeasible',
      deadlineSec: toSeconds(request.deadline),
      smallestSec: toSeconds(total),
      rateBitsPerSec: rate,
    };
  return null;
}

/** The smaller of the two ways out: outrun the dirty rate, or send the working set within the downtime limit. */
function rateToConverge(state: State, request: MigrationRequest, vm: VmState): BitsPerSec {
  const outrun = wireRate(state, scale(asBitsPerSec(vm.dirtyRate), CONVERGENCE_MARGIN));
  const limit = copyLimit(state, request);
  if (limit === 0) return outrun;
  return smaller(outrun, wireRate(state, bitsPerSec((workingSetOf(vm) * 8000) / limit)));
}
/** At exactly the dirty rate rounds never shrink. */
const CONVERGENCE_MARGIN = 1.01;

/** The migration as the model plays it at one payload rate throughout. */
export const atRate = (
  state: State,
  request: MigrationRequest,
  vm: VmState,
  payload: BitsPerSec,
): PrecopyResult =>
  precopy({
    memory: vm.memory,
    dirtyRate: vm.dirtyRate,
    workingSet: workingSetOf(vm),
    free: payload,
    ratePolicy: flat(payload),
    stopPolicy: threshold({
      downtimeLimit: request.downtimeLimit,
      switchoverRate: payload,
      overhead: state.config.switchoverOverhead,
      roundsMax: request.roundsMax,
    }),
    switchoverRate: payload,
  });

/** A profile that knows a dirty rate but no working set yet could dirty anything. */
export const workingSetOf = (vm: VmState): Bytes =>
  vm.workingSet === 0 && vm.dirtyRate > 0 ? vm.memory : smaller(vm.workingSet, vm.memory);

function plannedRounds(
  state: State,
  request: MigrationRequest,
  vm: VmState,
  rate: BitsPerSec,
): number | null {
  if (request.policy !== 'minimum-energy') return null;
  const limit: Millis = copyLimit(state, request);
  const byFormula =
    limit === 0
      ? null
      : roundsByFormula({
          memory: bytes(vm.memory),
          dirtyRate: vm.dirtyRate,
          stopAndCopyLimit: limit,
          rateMax: payloadRate(state, rate),
        });
  return Math.min(byFormula ?? request.roundsMax, request.roundsMax);
}
