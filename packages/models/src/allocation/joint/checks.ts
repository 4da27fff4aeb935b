/** What may not enter: a wrong number is refused by name before it can spoil a sum. */
import type { CostedDemand, LinkUse, PowerSeries } from '../problem.ts';

/** Longer series say nothing more: a migration of so many rounds is no migration. */
export const SERIES_TERMS_MAX = 10_000;
/** Terms of one cost: energy, time and downtime are three. */
export const COST_TERMS_MAX = 64;
/** Links that one demand may use: a path and its way back in a network of great diameter. */
export const USES_MAX = 256;

/** @throws RangeError */
export function checkDemand(demand: CostedDemand, linkCount: number): void {
  const { rateMin, rateMax, uses, cost } = demand;
  refuseUnless(rateMin > 0 && Number.isFinite(rateMin), `rateMin is ${rateMin}; it must be above 0`);
  refuseUnless(
    rateMax >= rateMin && Number.isFinite(rateMax),
    `rateMax is ${rateMax}, below rateMin ${rateMin} or not finite`,
  );
  refuseUnless(uses.length <= USES_MAX, `a demand uses ${uses.length} links, more than ${USES_MAX}`);
  for (const { link, share } of uses) {
    refuseUnless(
      Number.isInteger(link) && link >= 0 && link < linkCount,
      `link ${link} is not one of 0 to ${linkCount - 1}`,
    );
    refuseUnless(share > 0 && Number.isFinite(share), `share ${share} of link ${link} is not above 0`);
  }
  refuseUnless(cost.length <= COST_TERMS_MAX, `a cost has ${cost.length} terms, more than ${COST_TERMS_MAX}`);
  for (const term of cost) checkTerm(term);
}

function checkTerm({ scale, exponent, dirtyRate, terms }: PowerSeries): void {
  refuseUnless(scale >= 0 && Number.isFinite(scale), `scale is ${scale}; it must be finite and not negative`);
  refuseUnless(Number.isFinite(exponent), `exponent is ${exponent}`);
  refuseUnless(dirtyRate >= 0 && Number.isFinite(dirtyRate), `dirtyRate is ${dirtyRate}`);
  refuseUnless(
    Number.isInteger(terms) && terms >= 1 && terms <= SERIES_TERMS_MAX,
    `terms is ${terms}; it must be a whole number from 1 to ${SERIES_TERMS_MAX}`,
  );
}

/** @throws RangeError */
export function checkCapacity(capacity: number, link: number): void {
  refuseUnless(capacity >= 0 && Number.isFinite(capacity), `capacity of link ${link} is ${capacity}`);
}

function refuseUnless(holds: boolean, sentence: string): void {
  if (!holds) throw new RangeError(sentence);
}

/** A link named twice is used by the sum of its shares. */
export function mergedUses(uses: readonly LinkUse[]): readonly LinkUse[] {
  const shares = new Map<number, number>();
  for (const { link, share } of uses) shares.set(link, (shares.get(link) ?? 0) + share);
  return shares.size === uses.length ? uses : [...shares].map(([link, share]) => ({ link, share }));
}
