/** A refused request may pass later: when the calendar has room for it, and its tenant's quota. */
import {
  add,
  bitsPerSec,
  elapsed,
  type Instant,
  later,
  type Millis,
  millis,
  subtract,
  toSeconds,
} from '@sluice/units';
import { earliestFit } from '../ledger/index.ts';
import type { MigrationRequest } from '../request.ts';
import type { State, VmState } from '../state.ts';
import { CALENDAR_MARGIN } from './assess.ts';
import { durationAt, requiredRate } from './limits.ts';
import { findWay } from './way.ts';

export interface StartChange {
  readonly change: 'start_at';
  readonly startAtSec: number;
  readonly deadlineSec: number | null;
}

/** Ends of promises to a tenant that are tried, the soonest first. */
const ENDS_TRIED = 20;

/** The first time from which there is room for long enough, on the shortest way; null = none is known. */
export function laterStart(
  state: State,
  request: MigrationRequest,
  vm: VmState,
  passes: (change: Partial<MigrationRequest>) => boolean,
): StartChange | null {
  if (request.policy === 'unmanaged') return null;
  // A later start takes nothing from the time that the migration has: its deadline moves with it.
  const before = request.startAt ?? millis(0);
  const left = request.deadline === null ? null : subtract(request.deadline, before);
  const alone = { ...request, startAt: null, deadline: left };
  const rate = requiredRate(state, alone, vm, request.rateMax ?? bitsPerSec(1e13));
  if (rate === null) return null;
  const asker = { own: null, extraFloor: request.applicationFloor };
  const window = { from: state.now, until: null };
  const ends = { source: vm.hostId, destination: request.destination };
  const use = findWay(state, { ...ends, rate: bitsPerSec(0), window, asker });
  if (use === null) return null;
  const duration = left ?? millis(Math.ceil(durationAt(state, request, vm, rate) * CALENDAR_MARGIN));
  const isOpen = !request.mechanisms.includes('precopy');
  const query = { rate, duration: isOpen ? null : duration, asker };
  for (const after of [later(state.now, before), ...endsOfTenant(state, request, before)]) {
    const begin = earliestFit(state, use, { ...query, after });
    if (begin === null) return null;
    const startAt = millis(Math.ceil(elapsed(state.now, begin)));
    const deadline = left === null ? null : add(startAt, left);
    if (startAt > before && passes({ startAt, ...(deadline === null ? {} : { deadline }) }))
      return {
        change: 'start_at',
        startAtSec: toSeconds(startAt),
        deadlineSec: deadline === null ? null : toSeconds(deadline),
      };
  }
  return null;
}

/** When something of what its tenant was promised ends, which is when a quota may have room. */
function endsOfTenant(state: State, { tenant }: MigrationRequest, before: Millis): readonly Instant[] {
  if (tenant === null || !Object.hasOwn(state.config.tenantQuotas, tenant)) return [];
  const first = later(state.now, before);
  const ends = new Set<Instant>();
  for (const hold of state.ledger.holds.values()) {
    const { until } = hold.window;
    if (hold.tenant === tenant && until !== null && until > first) ends.add(until);
  }
  return [...ends].sort((a, b) => a - b).slice(0, ENDS_TRIED);
}
