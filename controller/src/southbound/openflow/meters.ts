/**
 * One meter per reservation at its first switch: a ceiling against a sender that does not keep its cap, never what
 * paces a healthy migration. So it is above the rate, and without the burst flag, which Open vSwitch takes for
 * about a second's worth; a short burst would cost TCP half of its rate.
 */
import { band, type MeterMod, meterMod, OFPMC, OFPMF } from '@oflib/openflow';
import type { BitsPerSec } from '@sluice/units';
import type { ReservationId } from '../../core/index.ts';

export const METER_MARGIN = 1.05;

export interface MeterRange {
  readonly base: number;
  readonly size: number;
}
/** Ids that are ours on every switch: above what people try by hand, low enough for small switches. */
export const DEFAULT_METER_RANGE: MeterRange = { base: 1000, size: 60_000 };

export interface Meter {
  readonly meterId: number;
  readonly rateKbitPerSec: number;
}

export const meterFor = (id: ReservationId, rate: BitsPerSec, range: MeterRange): Meter => ({
  meterId: range.base + (id % range.size),
  rateKbitPerSec: meterRateKbitPerSec(rate),
});

/** Rounds up, at least 1: a ceiling must not fall below its rate. */
export const meterRateKbitPerSec = (rate: BitsPerSec): number =>
  Math.max(1, Math.ceil((METER_MARGIN * rate) / 1000));

export const isOurMeter = (meterId: number, range: MeterRange): boolean =>
  meterId >= range.base && meterId < range.base + range.size;

export const addMeter = (meter: Meter): MeterMod => meterWith(OFPMC.ADD, meter);
/** In place: deleting and adding again would delete the flow entries that use it. */
export const modifyMeter = (meter: Meter): MeterMod => meterWith(OFPMC.MODIFY, meter);
export const deleteMeter = (meterId: number): MeterMod => meterMod({ command: OFPMC.DELETE, meterId });

const meterWith = (command: number, { meterId, rateKbitPerSec }: Meter): MeterMod =>
  meterMod({
    command,
    flags: OFPMF.KBPS | OFPMF.STATS,
    meterId,
    bands: [band.drop({ rate: rateKbitPerSec, burstSize: 0 })],
  });
