/**
 * What a round really got, from byte counters of the first switch. The queue tells what left for the next hop; when
 * another reservation shares that queue, the migration's own meter tells instead.
 */

import { energyOf } from '@sluice/models';
import {
  type BitsPerSec,
  type Bytes,
  bytes,
  type Joules,
  type Millis,
  meanRate,
  subtract,
} from '@sluice/units';
import { migrationWith, recordWith } from '../copies.ts';
import { firstQueue, holdOf, queueUse } from '../ledger/index.ts';
import { result, type Step, withMigration } from '../result.ts';
import type { CounterReading, Migration, RoundRecord, State } from '../state.ts';

/** Asks for the counters; exactly one answer is expected, in order. */
export function askForCounters(state: State, migration: Migration): Step {
  if (migration.reservationId === null) return result(withMigration(state, migration));
  const { reservation } = holdOf(state.ledger, migration.reservationId);
  const asking: Migration = migrationWith(migration, { countersPending: migration.countersPending + 1 });
  return result(withMigration(state, asking), { kind: 'read_counters', reservation });
}

/** Who else uses the first port's queue now, and how many ever have. */
export function queueNow(state: State, migration: Migration): Migration['queueAtRoundStart'] {
  if (migration.reservationId === null) return { shared: false, joined: 0 };
  const { reservation } = holdOf(state.ledger, migration.reservationId);
  const link = firstQueue(state.topology, reservation);
  return link === null ? { shared: false, joined: 0 } : queueUse(state.ledger, link);
}

/** The record with the rate that the counters tell, as far as they tell one. */
export function measured(
  state: State,
  migration: Migration,
  record: RoundRecord,
  reading: CounterReading,
): RoundRecord {
  const before = migration.counters;
  if (before === null || record.duration === 0) return record;
  const start = migration.queueAtRoundStart;
  const now = queueNow(state, migration);
  const alone = !start.shared && !now.shared && start.joined === now.joined;
  const queue = alone ? difference(before.queueBytes, reading.queueBytes) : null;
  const moved = queue ?? difference(before.meterBytes, reading.meterBytes);
  if (moved === null) return record;
  const measuredRate = meanRate(moved, record.duration);
  const energy = energyAt(state, measuredRate, record.duration);
  return recordWith(record, { measuredRate, measuredFrom: queue === null ? 'meter' : 'queue', energy });
}

/** Energy by the model at the rate that was measured, else at what left the NIC. */
export const withEnergy = (state: State, record: RoundRecord): RoundRecord =>
  recordWith(record, { energy: energyAt(state, record.measuredRate ?? nicRate(record), record.duration) });

export const energyAt = (state: State, rate: BitsPerSec, duration: Millis): Joules =>
  energyOf(rate, duration, state.config.energy);

export const nicRate = (record: Pick<RoundRecord, 'wireBytes' | 'duration'>): BitsPerSec =>
  meanRate(record.wireBytes, record.duration);

/** null when either is unknown or the counter began again. */
function difference(before: Bytes | null, now: Bytes | null): Bytes | null {
  return before === null || now === null || now < before ? null : bytes(subtract(now, before));
}
