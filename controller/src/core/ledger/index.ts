/** Door of the ledger: who holds how much of each directed link, now and over time. */
export {
  type Asker,
  account,
  type Books,
  fitsOver,
  freeOver,
  guaranteedOn,
  heldOn,
  holdCount,
  holdCountAt,
  holdsOn,
  type LinkAccount,
  marginAt,
  NOBODY,
  residual,
  type View,
  viewOf,
} from './account.ts';
export { checkLedger } from './check.ts';
export { earliestFit, type FitQuery } from './earliest-fit.ts';
export {
  type Hold,
  type NewHold,
  reservedRate,
  reverseRateOf,
  stretchOf,
  type Way,
  type Window,
} from './hold.ts';
export {
  advance,
  amend,
  emptyLedger,
  holdOf,
  type Ledger,
  numberOf,
  place,
  release,
  reroute,
  reservationIdOf,
  resize,
  setGuarantee,
  setRate,
  settle,
} from './ledger.ts';
export { firstQueue, queueTargets, queueTargetsWithout, queueUse } from './queues.ts';
export { type OverQuota, overQuota, type TenantQuota, type TenantUse, tenantUse } from './tenants.ts';
export type { Stretch } from './timeline.ts';
export { type Narrowest, WayBooks } from './way-books.ts';
