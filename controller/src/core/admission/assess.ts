/**
 * Whether a request can be met, before anything is promised: what it needs at least, over which time, and a way that
 * can guarantee that. Every check has its refusal with the limit that failed and what would pass.
 */
import { type BitsPerSec, bitsPerSec, later, millis, scale, smaller, ZERO } from '@sluice/units';
import type { PathUse } from '../allocation/grant.ts';
import { type Asker, fitsOver, overQuota, type Window } from '../ledger/index.ts';
import { chooseMechanism, type MechanismChoice } from '../mechanism/choose.ts';
import type { MigrationRequest, Refusal } from '../request.ts';
import type { HostId, State, VmState } from '../state.ts';
import {
  brokenLimit,
  durationAt,
  latestBegin,
  leastWanted,
  movedBy,
  plannedRounds,
  requiredRate,
} from './limits.ts';
import { checkPlaces } from './places.ts';
import { findWay, narrowestOf } from './way.ts';

/** A request that passed: where it goes, what it is promised, and how much it may have. */
export interface Feasible {
  readonly ok: true;
  readonly vm: VmState;
  readonly use: PathUse;
  /** The largest rate that its way can guarantee over the window, within its limits; 0 for unmanaged. */
  readonly rateLimit: BitsPerSec;
  /** Least rate that keeps every limit of the request; 0 for unmanaged, which is promised nothing. */
  readonly guarantee: BitsPerSec;
  readonly window: Window;
  /** Ī_MAX for minimum-energy, null for other policies. */
  readonly plannedRounds: number | null;
  /** How its memory is moved. */
  readonly mechanism: MechanismChoice;
}
export type Refused = { readonly ok: false; readonly refusal: Refusal };
export type Assessment = Feasible | Refused;

/** For a calendar request without a deadline: how much longer than the model says it may take. */
export const CALENDAR_MARGIN = 1.5;

export function assess(state: State, request: MigrationRequest): Assessment {
  const vm = state.vms.get(request.vmId);
  const refusal = checkPlaces(state, request, vm);
  if (refusal !== null || vm === undefined)
    return refused(refusal ?? { kind: 'unknown_vm', vmId: request.vmId });
  const extraFloor = request.policy === 'unmanaged' ? null : request.applicationFloor;
  return assessWay(state, request, vm, { own: null, extraFloor });
}

/**
 * The part about the network; `asker` may have a hold already, which does not count against it. A post-copy that cannot
 * be promised its rate to the end gives way to pre-copy, if that is allowed and its limits can be kept.
 */
export function assessWay(state: State, request: MigrationRequest, vm: VmState, asker: Asker): Assessment {
  const first = assessBy(state, request, vm, asker);
  if (first.ok || request.mechanisms.length === 1 || !request.mechanisms.includes('precopy')) return first;
  const second = assessBy(state, movedBy(request, 'precopy'), vm, asker);
  return second.ok ? { ...second, mechanism: { ...second.mechanism, reason: 'unprotected' } } : first;
}

function assessBy(state: State, request: MigrationRequest, vm: VmState, asker: Asker): Assessment {
  const ends = { source: vm.hostId, destination: request.destination };
  const noPath = refused({ kind: 'no_path', ...ends });
  if (request.policy === 'unmanaged') {
    const window = { from: beginOf(state, request), until: null };
    const use = findWay(state, { ...ends, window, asker, rate: ZERO.rate });
    if (use === null) return noPath;
    const mechanism = chooseMechanism(state, request, vm, true);
    const nothing = { rateLimit: ZERO.rate, guarantee: ZERO.rate, plannedRounds: null };
    return { ok: true, vm, use, window, ...nothing, mechanism };
  }
  const needs = needsOf(state, request, vm);
  const { needed, window } = needs;
  const query = { ...ends, window, asker };
  const use =
    (needed === null ? null : findWay(state, { ...query, rate: needed })) ??
    findWay(state, { ...query, rate: ZERO.rate });
  return use === null ? noPath : assessOn(state, request, vm, use, needs);
}

/** What a request needs, at most and at least, and when. */
interface Needs {
  /** What the user and the hosts' NICs allow. */
  readonly most: BitsPerSec;
  /** Null when its own limits exclude each other. */
  readonly needed: BitsPerSec | null;
  readonly window: Window;
}

/** What it needs whatever its way. */
export function needsOf(state: State, request: MigrationRequest, vm: VmState): Needs {
  const most = mostOf(state, request, { source: vm.hostId, destination: request.destination });
  const settled =
    request.mechanisms.length === 1 ? request : movedBy(request, mechanismAt(state, request, vm, most).name);
  const needed = requiredRate(state, settled, vm, most);
  return { most, needed, window: windowOf(state, settled, vm, needed) };
}

/** The request on a way that is given, in the time that it needs now. */
export function assessAlong(state: State, request: MigrationRequest, vm: VmState, use: PathUse): Assessment {
  if (request.policy === 'unmanaged') return assessWay(state, request, vm, use);
  return assessOn(state, request, vm, use, needsOf(state, request, vm));
}

/** The request on one way. */
function assessOn(
  state: State,
  request: MigrationRequest,
  vm: VmState,
  use: PathUse,
  { most, needed, window }: Needs,
): Assessment {
  const narrowest = narrowestOf(state, use, window, use);
  const rateLimit = bitsPerSec(Math.floor(smaller(narrowest.rate, most)));
  const mechanism = mechanismAt(state, request, vm, rateLimit);
  const settled = movedBy(request, mechanism.name);
  const broken =
    checkFloor(state, request, use, window) ??
    checkMost(state, request, vm, most) ??
    checkCapacity(request, { rate: rateLimit, link: narrowest.link }) ??
    brokenLimit(state, settled, vm, rateLimit);
  if (broken !== null) return refused(broken);
  // As a rule its way has all that it could use, and then nothing has changed since its needs were worked out.
  const required = rateLimit === most ? needed : requiredRate(state, settled, vm, rateLimit);
  const guarantee = required ?? rateLimit;
  const quota = checkQuota(state, request, { guarantee, window, own: use.own });
  if (quota !== null) return refused(quota);
  const rounds = plannedRounds(state, settled, vm, rateLimit);
  return { ok: true, vm, use, window, rateLimit, guarantee, plannedRounds: rounds, mechanism };
}

/** Whether pre-copy would keep the limits is asked only where there is something else to choose. */
const mechanismAt = (state: State, request: MigrationRequest, vm: VmState, rate: BitsPerSec) =>
  chooseMechanism(
    state,
    request,
    vm,
    request.mechanisms.length === 1 || brokenLimit(state, movedBy(request, 'precopy'), vm, rate) === null,
  );

const refused = (refusal: Refusal): Refused => ({ ok: false, refusal });

const beginOf = (state: State, { startAt }: MigrationRequest) => later(state.now, startAt ?? ZERO.millis);

/**
 * What is promised when: from the start until the deadline. Without a deadline a migration that begins now keeps its
 * promise for as long as it takes, and so does one whose VM goes before its memory, because it cannot be ended; one in
 * the calendar must let others plan beyond it.
 */
function windowOf(state: State, request: MigrationRequest, vm: VmState, needed: BitsPerSec | null): Window {
  const from = beginOf(state, request);
  if (!request.mechanisms.includes('precopy')) return { from, until: null };
  if (request.deadline !== null) {
    const until = later(state.now, request.deadline);
    return { from, until: until > from ? until : later(from, millis(1)) };
  }
  if (request.startAt === null || needed === null) return { from, until: null };
  const begin = later(state.now, latestBegin(request));
  return { from, until: later(begin, scale(durationAt(state, request, vm, needed), CALENDAR_MARGIN)) };
}

function mostOf(
  state: State,
  request: MigrationRequest,
  { source, destination }: { readonly source: HostId; readonly destination: HostId },
): BitsPerSec {
  let most = request.rateMax ?? RATE_UNLIMITED;
  for (const hostId of [source, destination]) {
    const nic = state.hosts.get(hostId)?.nicCapacity ?? null;
    if (nic !== null) most = smaller(most, nic);
  }
  return bitsPerSec(Math.floor(most));
}
/** More than any NIC carries; ways have their own limits. */
const RATE_UNLIMITED = bitsPerSec(1e13);

function checkFloor(
  state: State,
  { applicationFloor }: MigrationRequest,
  use: PathUse,
  window: Window,
): Refusal | null {
  if (applicationFloor === null) return null;
  const links = [...use.path, ...use.reversePath];
  const full = links.find((link) => !fitsOver(state, link, ZERO.rate, window, use));
  if (full === undefined) return null;
  return {
    kind: 'floor_infeasible',
    link: full,
    wantedBitsPerSec: applicationFloor,
    freeBitsPerSec: floorLeft(state, applicationFloor, use, window),
  };
}

/** The largest floor that every link has room for beside what is guaranteed over the window. */
function floorLeft(state: State, wanted: BitsPerSec, use: PathUse, window: Window): number {
  const fits = (floor: number) =>
    [...use.path, ...use.reversePath].every((link) =>
      fitsOver(state, link, ZERO.rate, window, { own: use.own, extraFloor: bitsPerSec(floor) }),
    );
  let [little, much] = [0, Math.ceil(wanted)];
  while (much - little > 1) {
    const middle = Math.floor((little + much) / 2);
    if (fits(middle)) little = middle;
    else much = middle;
  }
  return little;
}

/** Whatever the links have: the user and the hosts' NICs allow less than the user asks for. */
function checkMost(state: State, request: MigrationRequest, vm: VmState, most: BitsPerSec): Refusal | null {
  const wanted = leastWanted(request);
  if (most >= wanted) return null;
  const nic = [vm.hostId, request.destination].find((id) => {
    const capacity = state.hosts.get(id)?.nicCapacity ?? null;
    return capacity !== null && Math.floor(capacity) === most;
  });
  const isOwn = request.rateMax !== null && Math.floor(request.rateMax) === most;
  return {
    kind: 'rate_too_low',
    limit: isOwn || nic === undefined ? 'rate_max' : 'nic',
    hostId: isOwn ? null : (nic ?? null),
    wantedBitsPerSec: wanted,
    mostBitsPerSec: most,
  };
}

function checkCapacity(
  request: MigrationRequest,
  limit: { readonly rate: BitsPerSec; readonly link: PathUse['path'][number] },
): Refusal | null {
  const wanted = leastWanted(request);
  if (limit.rate >= wanted) return null;
  return {
    kind: 'insufficient_capacity',
    link: limit.link,
    wantedBitsPerSec: wanted,
    freeBitsPerSec: limit.rate,
  };
}

function checkQuota(
  state: State,
  { tenant }: MigrationRequest,
  hold: { readonly guarantee: BitsPerSec; readonly window: Window; readonly own: PathUse['own'] },
): Refusal | null {
  const over = overQuota(state, { tenant, ...hold });
  if (over === null || tenant === null) return null;
  const wanted = over.limit === 'rate_max' ? hold.guarantee : 1;
  return { kind: 'quota_exceeded', tenant, ...over, wanted };
}
