/**
 * The one order in which a switch is changed: flow entries go, meters go, meters come, barrier, entries come,
 * barrier. Where no meter changes, entries come before others go, so that frames have their way at every instant. An
 * entry that names a missing meter is refused, and deleting a meter deletes the entries that use it.
 * Queues are not in the table because they change over another protocol: they exist before an entry sets them,
 * and go after it.
 */
import type { Message } from '@oflib/openflow';
import { unreachable } from '@sluice/units';
import { addEntry, deleteEntry, type FlowEntry } from './flow-entry.ts';
import { addMeter, deleteMeter, type Meter, modifyMeter } from './meters.ts';

export type Change =
  | { readonly kind: 'entry_gone'; readonly entry: FlowEntry }
  | { readonly kind: 'meter_gone'; readonly meterId: number }
  | { readonly kind: 'meter_added'; readonly meter: Meter }
  | { readonly kind: 'meter_modified'; readonly meter: Meter }
  | { readonly kind: 'entry_added'; readonly entry: FlowEntry };

const RANK: Readonly<Record<Change['kind'], number>> = {
  entry_gone: 0,
  meter_gone: 1,
  meter_added: 2,
  meter_modified: 3,
  entry_added: 4,
};

/**
 * Batches in order; each ends with a barrier before the next begins. Without meters one batch is enough, and for
 * a switchover it must be one.
 */
export function inOrder(changes: readonly Change[]): readonly (readonly Change[])[] {
  const sorted = [...changes].sort((a, b) => RANK[a.kind] - RANK[b.kind]);
  const isAddition = (change: Change) => change.kind === 'entry_added';
  const hasMeters = sorted.some((change) => 'meter' in change || 'meterId' in change);
  const batches = hasMeters
    ? [sorted.filter((change) => !isAddition(change)), sorted.filter(isAddition)]
    : [[...sorted.filter(isAddition), ...sorted.filter((change) => !isAddition(change))]];
  return batches.filter((batch) => batch.length > 0);
}

export function messageFor(change: Change): Message {
  switch (change.kind) {
    case 'entry_gone':
      return deleteEntry(change.entry);
    case 'entry_added':
      return addEntry(change.entry);
    case 'meter_gone':
      return deleteMeter(change.meterId);
    case 'meter_added':
      return addMeter(change.meter);
    case 'meter_modified':
      return modifyMeter(change.meter);
    default:
      return unreachable(change);
  }
}
