/**
 * How much a migration gets: its own policy asks, knowing what is free on its path; what is granted never exceeds
 * what the links can still promise, the user's limits and the hosts' NICs. All rates here are wire rates; models work
 * with payload, which is `rateCapFraction` of it.
 */
import { bdaPolicy, bdaRobustPolicy, minimumEnergyPolicy, type RatePolicy } from '@sluice/models';
import type { Path } from '@sluice/topology';
import { type BitsPerSec, bitsPerSec, type Millis, millis, scale, smaller, unreachable } from '@sluice/units';
import type { ReservationId } from '../ids.ts';
import type { Narrowest } from '../ledger/index.ts';
import type { MigrationRequest } from '../request.ts';
import type { HostId, LinkId, RoundRecord, State } from '../state.ts';
import { pathRoom } from './path-room.ts';

/** Whose path it is: what the migration itself holds there does not count against it. */
export interface PathUse {
  readonly path: Path;
  readonly reversePath: Path;
  readonly source: HostId;
  readonly destination: HostId;
  readonly own: ReservationId | null;
  /** Set before admission only, while the ledger does not know it yet. */
  readonly extraFloor: BitsPerSec | null;
}

export interface Plan {
  readonly request: MigrationRequest;
  readonly plannedRounds: number | null;
}

/** What the links can still promise now, up to the user's and the NICs' limits: nobody has to be lowered for it. */
export const rateLimit = (state: State, use: PathUse, request: MigrationRequest): Bound =>
  bounded(state, use, request, pathRoom(state, use).residual);

/** What it can have at most once everybody else is taken down to what is guaranteed. */
export const reachable = (state: State, use: PathUse, request: MigrationRequest): Bound =>
  bounded(state, use, request, pathRoom(state, use).spare);

/** What it could have if nobody else were there. */
export const alone = (state: State, use: PathUse, request: MigrationRequest): Bound =>
  bounded(state, use, request, pathRoom(state, use).alone);

export interface Bound {
  readonly rate: BitsPerSec;
  /** The narrowest. */
  readonly link: LinkId;
}

/**
 * F of a path: what is left beside the guarantees of others, less what applications use above their floor. What they
 * use is clipped so that at least `migrationShareMin` of a link stays for migrations: elastic applications (TCP) fill
 * whatever they are left, so counting all of it would push every migration to nothing, and the floor is what
 * applications were promised.
 */
export const freeOn = (state: State, use: PathUse): BitsPerSec => bitsPerSec(pathRoom(state, use).free.rate);

export interface Left {
  /** As `reachable` and as `freeOn`. */
  readonly sure: BitsPerSec;
  readonly free: BitsPerSec;
}

export const leftOn = (state: State, use: PathUse, request: MigrationRequest): Left => ({
  sure: reachable(state, use, request).rate,
  free: freeOn(state, use),
});

/** What user and NICs allow; null = anything. */
export function ceilingOf(state: State, use: PathUse, request: MigrationRequest): BitsPerSec | null {
  return lower(lower(request.rateMax, nicOf(state, use.source)), nicOf(state, use.destination));
}

const lower = (a: BitsPerSec | null, b: BitsPerSec | null): BitsPerSec | null =>
  a === null || (b !== null && b < a) ? b : a;

function bounded(state: State, use: PathUse, request: MigrationRequest, spare: Narrowest): Bound {
  const most = ceilingOf(state, use, request);
  const rate = most === null || spare.rate < most ? spare.rate : most;
  return { rate: bitsPerSec(Math.floor(rate)), link: spare.link };
}

/** The plan's policy over wire rates; `most` is what it can get at all, and what the switchover will get. */
export function policyOf(state: State, plan: Plan, most: BitsPerSec): RatePolicy {
  const { request } = plan;
  switch (request.policy) {
    case 'bda':
      return bdaPolicy;
    case 'bda-robust':
      return bdaRobustPolicy;
    case 'minimum-energy':
      return overPayload(
        state,
        most,
        minimumEnergyPolicy({
          rounds: plan.plannedRounds ?? request.roundsMax,
          deadline: plannedDeadline(state, request),
          stopAndCopyLimit: copyLimit(state, request),
          speedup: state.config.speedup,
          switchoverRate: payloadRate(state, most),
          energy: state.config.energy,
        }),
      );
    case 'unmanaged':
      return (ahead) => ahead.free;
    default:
      return unreachable(request.policy);
  }
}

/** The deadline that rates are planned for: the cheapest rate ends exactly at its deadline, and the model is not the world. */
export const plannedDeadline = (state: State, { deadline }: MigrationRequest): Millis | null =>
  deadline === null ? null : scale(deadline, 1 - state.config.deadlineMargin);

/** What of the downtime limit is left for copying. */
export const copyLimit = (state: State, request: MigrationRequest): Millis =>
  millis(Math.max(0, request.downtimeLimit - state.config.switchoverOverhead));

/** Memory bytes per second that a wire rate carries, in bit/s. */
export const payloadRate = (state: State, rate: BitsPerSec): BitsPerSec =>
  scale(rate, state.config.rateCapFraction);
export const wireRate = (state: State, rate: BitsPerSec): BitsPerSec =>
  bitsPerSec(rate / state.config.rateCapFraction);

/**
 * What a sender is told: its own cap, rounded down, and the rate of its class on the NIC. Until a round has shown how
 * many bytes on the wire a byte of payload takes, the cap is the configured share of the reservation.
 */
export function capsFor(state: State, rate: BitsPerSec | null, rounds: readonly RoundRecord[] = []) {
  if (rate === null) return { rateCapBitsPerSec: null, nicRateBitsPerSec: null };
  const share = measuredShare(rounds) ?? state.config.rateCapFraction;
  return { rateCapBitsPerSec: Math.floor(rate * share), nicRateBitsPerSec: rate };
}

/** Kept between the cap and the reservation, so that the sender paces and the queue never has to. */
const CAP_MARGIN = 0.01;
/** Framing of TCP over Ethernet at the least; a round that seems to need less was measured wrongly. */
const PAYLOAD_SHARE_MAX = 0.96;
/** Rounds shorter than this are mostly acknowledgements and rounding. */
const OVERHEAD_BYTES_MIN = 1_000_000;

/** Payload per byte on the wire, from the last round that was long enough, less the margin; null = none was. */
function measuredShare(rounds: readonly RoundRecord[]): number | null {
  const record = rounds.findLast((round) => round.transferred >= OVERHEAD_BYTES_MIN && round.wireBytes > 0);
  if (record === undefined) return null;
  return Math.min(record.transferred / record.wireBytes, PAYLOAD_SHARE_MAX) * (1 - CAP_MARGIN);
}

/** R̄ of a model is what the migration could get, not what the path has. */
const overPayload =
  (state: State, most: BitsPerSec, policy: RatePolicy): RatePolicy =>
  (ahead) =>
    wireRate(state, policy({ ...ahead, free: payloadRate(state, smaller(ahead.free, most)) }));

const nicOf = (state: State, hostId: HostId): BitsPerSec | null =>
  state.hosts.get(hostId)?.nicCapacity ?? null;
