/**
 * What a switch holds or should hold: flow entries and meters. The difference of two contents is a list of
 * changes; changes that were carried out lead from one content to the next. Pure.
 */
import { type FlowStats, type MeterConfig, OFPMF } from '@oflib/openflow';
import { decodeCookie } from './cookies.ts';
import type { Change } from './effect-order.ts';
import { differenceOf, type FlowEntry, type FlowTable, keyOf, toTable } from './flow-entry.ts';
import { isOurMeter, type Meter, type MeterRange } from './meters.ts';

export interface Contents {
  readonly entries: FlowTable;
  readonly meters: ReadonlyMap<number, Meter>;
}
export const NOTHING: Contents = { entries: new Map(), meters: new Map() };

export const contentsOf = (entries: Iterable<FlowEntry>, meters: readonly Meter[] = []): Contents => ({
  entries: toTable(entries),
  meters: new Map(meters.map((meter) => [meter.meterId, meter])),
});

/** The same contents for the same list, so that a switch for which nothing has changed is known at a glance. */
export function contentsOfList(entries: readonly FlowEntry[]): Contents {
  const known = contents.get(entries);
  if (known !== undefined) return known;
  const made = contentsOf(entries);
  contents.set(entries, made);
  return made;
}
const contents = new WeakMap<readonly FlowEntry[], Contents>();

export function changesBetween(held: Contents, wanted: Contents): readonly Change[] {
  if (held === wanted) return [];
  const { gone, added } = differenceOf(held.entries, wanted.entries);
  return [
    ...gone.map((entry): Change => ({ kind: 'entry_gone', entry })),
    ...[...held.meters.keys()]
      .filter((meterId) => !wanted.meters.has(meterId))
      .map((meterId): Change => ({ kind: 'meter_gone', meterId })),
    ...[...wanted.meters.values()].flatMap((meter): Change[] => {
      const present = held.meters.get(meter.meterId);
      if (!present) return [{ kind: 'meter_added', meter }];
      return present.rateKbitPerSec === meter.rateKbitPerSec ? [] : [{ kind: 'meter_modified', meter }];
    }),
    ...added.map((entry): Change => ({ kind: 'entry_added', entry })),
  ];
}

/** The contents after these changes were carried out. */
export function afterChanges(held: Contents, changes: readonly Change[]): Contents {
  const entries = new Map(held.entries);
  const meters = new Map(held.meters);
  for (const change of changes) {
    if (change.kind === 'entry_gone') entries.delete(keyOf(change.entry));
    else if (change.kind === 'entry_added') entries.set(keyOf(change.entry), change.entry);
    else if (change.kind === 'meter_gone') meters.delete(change.meterId);
    else meters.set(change.meter.meterId, change.meter);
  }
  return { entries, meters };
}

export function union(parts: Iterable<Contents>): Contents {
  const entries = new Map<string, FlowEntry>();
  const meters = new Map<number, Meter>();
  for (const part of parts) {
    for (const [key, entry] of part.entries) entries.set(key, entry);
    for (const [id, meter] of part.meters) meters.set(id, meter);
  }
  return { entries, meters };
}

/** What was read from a switch; of that, what is ours. */
export const readContents = (
  flows: readonly FlowStats[],
  meters: readonly MeterConfig[],
  range: MeterRange,
): Contents =>
  contentsOf(
    flows.filter((flow) => decodeCookie(flow.cookie) !== null).map(entryFrom),
    meters.filter((meter) => isOurMeter(meter.meterId, range)).map(meterFrom),
  );

const entryFrom = ({ cookie, tableId, priority, match, instructions }: FlowStats): FlowEntry => ({
  cookie,
  tableId,
  priority,
  match,
  instructions,
});

/** A meter of another shape than ours gets rate -1, which no wish equals, so that it is set anew. */
function meterFrom({ meterId, flags, bands }: MeterConfig): Meter {
  const [only] = bands;
  const isOfOurShape =
    bands.length === 1 && only?.type === 'drop' && (flags & OFPMF.KBPS) !== 0 && (flags & OFPMF.BURST) === 0;
  return { meterId, rateKbitPerSec: isOfOurShape ? only.rate : -1 };
}
