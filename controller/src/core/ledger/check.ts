/**
 * The ledger's two promises, proven by counting everything again from the holds alone: it shares no sum and no search
 * with what it checks. Costs about (links of all holds) × log; after a single step only its links' share of that.
 */
import { type LinkId, linkById } from '@sluice/topology';
import { type Instant, instant } from '@sluice/units';
import { must } from '../must.ts';
import { account, type Books, freeOver, guaranteedOn, holdsOn } from './account.ts';
import { type Hold, isLive, type Way } from './hold.ts';
import { type Ledger, sumsOf } from './ledger.ts';
import { tenantUse } from './tenants.ts';
import type { Change } from './versions.ts';

/** Rounding of fractional headrooms. */
const TOLERANCE_BITS_PER_SEC = 1e-3;

/** More changed holds than that are not looked at one by one. */
const CHANGES_MAX = 1000;

/**
 * Throws when the books are wrong or a link promises more than it has, now or at any instant from `now` on. With a
 * ledger `since` which all was well, only links of holds that have changed are looked at, and holds are found by the
 * ledger's own lists.
 */
export function checkLedger(books: Books, now: Instant, since: Ledger | null = null): void {
  const changes = since && books.ledger.version.changesSince(since.version, CHANGES_MAX);
  if (changes) {
    checkChanges(books, now, changes);
    return;
  }
  const uses = usesOf(books);
  for (const id of books.topology.links.keys()) {
    const here = uses.get(id) ?? [];
    checkCurrent(books, id, here);
    checkCalendar(books, id, here, now);
  }
  checkIndexes(books, now);
}

function checkChanges(books: Books, now: Instant, changes: readonly Change[]): void {
  const links = new Set<LinkId>();
  for (const { before, after } of changes)
    for (const hold of [before, after])
      for (const link of hold === null ? [] : linksOf(hold)) links.add(link);
  for (const id of links) {
    const here = holdsOn(books.ledger, id).map((hold) => useOf(books, hold, id));
    checkCurrent(books, id, here);
    checkCalendar(books, id, here, now);
  }
}

/** What one hold counts on one link. */
interface Use {
  readonly hold: Hold;
  readonly current: number;
  readonly guarantee: number;
}

function usesOf(books: Books): Map<LinkId, Use[]> {
  const uses = new Map<LinkId, Use[]>();
  for (const hold of books.ledger.holds.values())
    for (const link of linksOf(hold)) {
      const list = uses.get(link) ?? [];
      list.push(useOf(books, hold, link));
      uses.set(link, list);
    }
  return uses;
}

const waysOf = (hold: Hold): readonly Way[] => [hold.reservation, ...hold.formerWays];

const linksOf = (hold: Hold): ReadonlySet<LinkId> =>
  new Set(waysOf(hold).flatMap(({ path, reversePath }) => [...path, ...reversePath]));

function useOf({ ledger }: Books, hold: Hold, link: LinkId): Use {
  const forward = Number(waysOf(hold).some(({ path }) => path.includes(link)));
  const reverse = Number(waysOf(hold).some(({ reversePath }) => reversePath.includes(link)));
  const reverseGuarantee = Math.ceil(hold.guarantee * ledger.reverseFraction);
  return {
    hold,
    current: forward * hold.forwardRate + reverse * hold.reverseRate,
    guarantee: forward * hold.guarantee + reverse * reverseGuarantee,
  };
}

function checkCurrent(books: Books, id: LinkId, uses: readonly Use[]): void {
  const { link, headroom, floor, held } = account(books, id);
  const sum = uses.reduce((total, use) => total + use.current, 0);
  const live = uses.map(({ hold }) => hold).filter(isLive);
  const raised = Math.max(link.floor, ...live.map((hold) => hold.applicationFloor ?? 0));
  must(held === sum, () => `the ledger counts ${held} bit/s on ${id}, the holds are ${sum}`);
  must(
    floor === raised,
    () => `the ledger keeps a floor of ${floor} bit/s on ${id}, ${raised} are asked for`,
  );
  must(
    raised + headroom + sum <= link.capacity + TOLERANCE_BITS_PER_SEC,
    () => `${id} promises ${sum} bit/s beside floor ${raised} and headroom ${headroom} of ${link.capacity}`,
  );
}

/** Between two instants at which a window begins or ends nothing changes, so those and now are all to look at. */
function checkCalendar(books: Books, id: LinkId, uses: readonly Use[], now: Instant): void {
  const link = linkById(books.topology, id);
  const usable = link.capacity * (1 - books.config.headroomFraction);
  for (const { at, sum, floor: asked } of course(uses, now)) {
    const floor = Math.max(link.floor, asked);
    const counted = guaranteedOn(books, id, at);
    must(
      counted === sum,
      () => `the calendar of ${id} counts ${counted} bit/s at ${at}, the holds are ${sum}`,
    );
    must(
      floor + sum <= usable + TOLERANCE_BITS_PER_SEC,
      () => `${id} guarantees ${sum} bit/s at ${at} beside floor ${floor}; ${usable} can be used`,
    );
    const free = freeOver(books, id, { from: at, until: at });
    const left = Math.max(0, usable - floor - sum);
    must(
      Math.abs(free - left) <= TOLERANCE_BITS_PER_SEC,
      () => `the calendar of ${id} leaves ${free} bit/s at ${at}, the holds leave ${left}`,
    );
  }
}

/** What is guaranteed and which floor is asked for, from now on, wherever either may change. */
function course(
  uses: readonly Use[],
  now: Instant,
): readonly { readonly at: Instant; readonly sum: number; readonly floor: number }[] {
  const asking = uses.filter(({ hold }) => hold.applicationFloor !== null);
  const changes = new Map<number, number>([[now, 0]]);
  const change = (at: number, by: number) => changes.set(at, (changes.get(at) ?? 0) + by);
  for (const { hold, guarantee } of uses) {
    const { from, until } = hold.window;
    if (until !== null && until <= now) continue;
    change(Math.max(from, now), guarantee);
    if (until !== null) change(Math.max(until, from), -guarantee);
  }
  let sum = 0;
  return [...changes]
    .sort(([a], [b]) => a - b)
    .map(([time, by]) => {
      sum += by;
      const at = instant(time);
      const covering = asking.filter(({ hold }) => covers(hold, at));
      return { at, sum, floor: Math.max(0, ...covering.map(({ hold }) => hold.applicationFloor ?? 0)) };
    });
}

const covers = ({ window }: Hold, at: Instant): boolean =>
  window.from <= at && (window.until === null || at < window.until);

function checkIndexes(books: Books, now: Instant): void {
  const { holds, reservationOf } = books.ledger;
  must(
    reservationOf.size === holds.size,
    () => `${reservationOf.size} migrations for ${holds.size} reservations`,
  );
  const byTenant = new Map<string, Hold[]>();
  for (const [id, hold] of holds) {
    must(id === hold.reservation.id, () => `reservation ${hold.reservation.id} stands under ${id}`);
    must(
      reservationOf.get(hold.reservation.migrationId) === id,
      () => `reservation ${id} is not that of its migration`,
    );
    if (hold.tenant !== null) byTenant.set(hold.tenant, [...(byTenant.get(hold.tenant) ?? []), hold]);
  }
  for (const tenant of sumsOf(books.ledger).tenants)
    if (!byTenant.has(tenant)) must(false, () => `the ledger counts for tenant ${tenant}, who holds nothing`);
  for (const [tenant, own] of byTenant) {
    const covering = own.filter((hold) => covers(hold, now));
    const used = tenantUse(books.ledger, tenant, { from: now, until: now });
    const rate = covering.reduce((total, hold) => total + hold.guarantee, 0);
    must(
      used.migrations === covering.length && used.rate === rate,
      () =>
        `the ledger counts ${used.migrations} migrations and ${used.rate} bit/s for ${tenant}, the holds are ${covering.length} and ${rate}`,
    );
  }
}
