/** What each tenant has been promised over time, and whether a quota allows more. */
import { type BitsPerSec, bitsPerSec, ZERO } from '@sluice/units';
import type { ReservationId } from '../ids.ts';
import type { CoreConfig } from '../state.ts';
import { fromNow, type Hold, stretchOf, type Window } from './hold.ts';
import { type Ledger, sumsOf } from './ledger.ts';
import type { TenantSums } from './sums.ts';

/** Limits on what a tenant may have at any instant; null = none. */
export interface TenantQuota {
  readonly migrationsMax: number | null;
  /** On the sum of the guarantees. */
  readonly rateMax: BitsPerSec | null;
}

/** The most at any instant of the window that is still to come. */
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
  const sums = sumsOf(ledger).tenant(tenant);
  if (sums === null) return { migrations: 0, rate: ZERO.rate };
  const { migrations, rate } = withoutOwn(
    sums,
    tenant,
    without === null ? undefined : ledger.holds.get(without),
  );
  const stretch = fromNow(ledger, stretchOf(window));
  return { migrations: migrations.peak(stretch), rate: bitsPerSec(rate.peak(stretch)) };
}

function withoutOwn(sums: TenantSums, tenant: string, own: Hold | undefined): TenantSums {
  if (own?.tenant !== tenant) return sums;
  const migrations = sums.migrations.copy();
  const rate = sums.rate.copy();
  migrations.add(stretchOf(own.window), -1, Number.NEGATIVE_INFINITY);
  rate.add(stretchOf(own.window), -own.guarantee, Number.NEGATIVE_INFINITY);
  return { migrations, rate };
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
