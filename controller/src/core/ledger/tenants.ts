/** What each tenant has been promised over time, and whether a quota allows more. */
import { type BitsPerSec, bitsPerSec } from '@sluice/units';
import type { Map as ImmutableMap } from 'immutable';
import type { ReservationId } from '../ids.ts';
import type { CoreConfig } from '../state.ts';
import { added, type Calendar, FLAT, isFlat, peak } from './calendar.ts';
import { type Hold, stretchOf, type Window } from './hold.ts';
import type { Ledger } from './ledger.ts';

export interface TenantBooks {
  readonly migrations: Calendar;
  readonly rate: Calendar;
}

/** Limits on what a tenant may have at any instant; null = none. */
export interface TenantQuota {
  readonly migrationsMax: number | null;
  /** On the sum of the guarantees. */
  readonly rateMax: BitsPerSec | null;
}

/** The most at any instant of the window. */
export interface TenantUse {
  readonly migrations: number;
  readonly rate: BitsPerSec;
}

/** By all holds of the tenant but `without`. */
export function tenantUse(
  ledger: Ledger,
  tenant: string,
  window: Window,
  without: ReservationId | null = null,
): TenantUse {
  const own = without === null ? undefined : ledger.holds.get(without);
  const all = own?.tenant === tenant ? withTenant(ledger.tenants, own, null, ledger.now) : ledger.tenants;
  const books = all.get(tenant) ?? NO_BOOKS;
  const stretch = stretchOf(window);
  return { migrations: peak(books.migrations, stretch), rate: bitsPerSec(peak(books.rate, stretch)) };
}

export type OverQuota =
  | { readonly limit: 'migrations_max'; readonly quota: number; readonly used: number }
  | { readonly limit: 'rate_max'; readonly quota: BitsPerSec; readonly used: BitsPerSec };

/** Which quota a hold would break, if it were placed (or, as `own`, changed to this); null = none. */
export function overQuota(
  books: { readonly config: CoreConfig; readonly ledger: Ledger },
  hold: {
    readonly tenant: string | null;
    readonly guarantee: BitsPerSec;
    readonly window: Window;
    readonly own?: ReservationId | null;
  },
): OverQuota | null {
  if (hold.tenant === null || !Object.hasOwn(books.config.tenantQuotas, hold.tenant)) return null;
  const quota = books.config.tenantQuotas[hold.tenant];
  if (quota === undefined) return null;
  const { migrationsMax, rateMax } = quota;
  const used = tenantUse(books.ledger, hold.tenant, hold.window, hold.own ?? null);
  if (migrationsMax !== null && used.migrations + 1 > migrationsMax)
    return { limit: 'migrations_max', quota: migrationsMax, used: used.migrations };
  if (rateMax !== null && used.rate + hold.guarantee > rateMax)
    return { limit: 'rate_max', quota: rateMax, used: used.rate };
  return null;
}

type Tenants = ImmutableMap<string, TenantBooks>;

/** With a hold as it is after a change in place of what it was before. */
export function withTenant(tenants: Tenants, before: Hold | null, after: Hold | null, now: number): Tenants {
  if (before?.window === after?.window && before?.guarantee === after?.guarantee) return tenants;
  return counted(counted(tenants, before, -1, now), after, 1, now);
}

function counted(tenants: Tenants, hold: Hold | null, sign: 1 | -1, now: number): Tenants {
  if (hold === null || hold.tenant === null) return tenants;
  const stretch = stretchOf(hold.window);
  const books = tenants.get(hold.tenant) ?? NO_BOOKS;
  const migrations = added(books.migrations, stretch, sign, now);
  const rate = added(books.rate, stretch, sign * hold.guarantee, now);
  if (isFlat(migrations) && isFlat(rate)) return tenants.delete(hold.tenant);
  return tenants.set(hold.tenant, { migrations, rate });
}

const NO_BOOKS: TenantBooks = { migrations: FLAT, rate: FLAT };
