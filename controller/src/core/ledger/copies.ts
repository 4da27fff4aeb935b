/**
 * `{ ...before, ...changes }` for the two records that every write of the ledger makes anew, written out for the reason
 * that `core/copies.ts` gives. A field that is missing here does not compile.
 */
import type { Hold } from './hold.ts';
import type { Ledger } from './ledger.ts';

export const ledgerWith = (ledger: Ledger, changes: Partial<Ledger>): Ledger =>
  Object.assign(ledgerCopy(ledger), changes);

export const holdWith = (hold: Hold, changes: Partial<Hold>): Hold => Object.assign(holdCopy(hold), changes);

type Whole<T> = { [Name in keyof T]-?: T[Name] };

const ledgerCopy = (ledger: Ledger): Whole<Ledger> => ({
  now: ledger.now,
  revision: ledger.revision,
  nextReservationId: ledger.nextReservationId,
  reverseFraction: ledger.reverseFraction,
  holds: ledger.holds,
  reservationOf: ledger.reservationOf,
  linkNumbers: ledger.linkNumbers,
  joined: ledger.joined,
  version: ledger.version,
});

const holdCopy = (hold: Hold): Whole<Hold> => ({
  reservation: hold.reservation,
  guarantee: hold.guarantee,
  window: hold.window,
  applicationFloor: hold.applicationFloor,
  tenant: hold.tenant,
  priority: hold.priority,
  forwardRate: hold.forwardRate,
  reverseRate: hold.reverseRate,
  reverseGuarantee: hold.reverseGuarantee,
  formerWays: hold.formerWays,
  forwardLinks: hold.forwardLinks,
  reverseLinks: hold.reverseLinks,
  wantedForward: hold.wantedForward,
  wantedReverse: hold.wantedReverse,
});
