/** Why a migration has its rate, as an event: scalars only, lists in words. */
import type { CoreEvent, Explanation, MigrationId } from '@sluice/controller/core';
import { bitsPerSec, formatRate } from '@sluice/units';

export function explainedEvent(migrationId: MigrationId, explanation: Explanation | null): CoreEvent {
  if (explanation === null)
    return { type: 'explained', migrationId, detail: { binding: null, reason: 'it is not under way' } };
  const { currentBitsPerSec, targetBitsPerSec, guaranteeBitsPerSec, binding, links } = explanation;
  return {
    type: 'explained',
    migrationId,
    detail: {
      binding,
      currentBitsPerSec,
      targetBitsPerSec,
      guaranteeBitsPerSec,
      links: links.map(linkInWords).join('; '),
      wouldRaiseIt: explanation.wouldRaiseIt.map(raiseInWords).join(', '),
    },
  };
}

const rate = (value: number): string => formatRate(bitsPerSec(value));

function linkInWords({
  link,
  availableBitsPerSec,
  shadowPricePerMbitPerSec: price,
  sharedWith,
}: Explanation['links'][number]): string {
  const others = sharedWith.map((other) => `${other.migrationId} ${rate(other.rateBitsPerSec)}`).join(', ');
  return [
    `${link} full at ${rate(availableBitsPerSec)}`,
    price > 0 ? ` (one Mbit/s more is worth ${price.toPrecision(3)})` : '',
    others === '' ? '' : `, shared with ${others}`,
  ].join('');
}

function raiseInWords(raise: Explanation['wouldRaiseIt'][number]): string {
  switch (raise.change) {
    case 'rate_max':
      return raise.toBitsPerSec === null ? 'a higher limit' : `a limit of ${rate(raise.toBitsPerSec)}`;
    case 'policy':
      return `another policy (${rate(raise.toBitsPerSec)})`;
    case 'more_capacity':
      return `more capacity of ${raise.link}`;
    case 'less_application_traffic':
      return `less application traffic on ${raise.link}`;
    case 'end_of':
      return `the end of ${raise.migrationId} (${rate(raise.toBitsPerSec)})`;
    default:
      return raise satisfies never;
  }
}
