/** A flow entry as we want it, and the messages that make it so. Two entries are the same place when table, priority and match agree. */
import { type FlowMod, flowMod, type Instruction, type Match, OFPFC } from '@oflib/openflow';

export interface FlowEntry {
  readonly cookie: bigint;
  readonly tableId: number;
  readonly priority: number;
  readonly match: Match;
  readonly instructions: readonly Instruction[];
}
export type FlowKey = string;
export type FlowTable = ReadonlyMap<FlowKey, FlowEntry>;

export interface FlowDifference {
  readonly gone: readonly FlowEntry[];
  /** New or changed; adding replaces what is at the same place. */
  readonly added: readonly FlowEntry[];
}

export function differenceOf(held: FlowTable, wanted: FlowTable): FlowDifference {
  return {
    gone: [...held].filter(([key]) => !wanted.has(key)).map(([, entry]) => entry),
    added: [...wanted]
      .filter(([key, entry]) => {
        const present = held.get(key);
        return !present || (present !== entry && contentOf(present) !== contentOf(entry));
      })
      .map(([, entry]) => entry),
  };
}

export const toTable = (entries: Iterable<FlowEntry>): Map<FlowKey, FlowEntry> =>
  new Map([...entries].map((entry) => [keyOf(entry), entry]));

export function keyOf(entry: FlowEntry): FlowKey {
  const known = keys.get(entry);
  if (known !== undefined) return known;
  const key = `${entry.tableId} ${entry.priority} ${canonical(entry.match)}`;
  keys.set(entry, key);
  return key;
}
/** Entries are never changed, and the same ones come again with every wish. */
const keys = new WeakMap<FlowEntry, FlowKey>();

export const isSameEntry = (one: FlowEntry, other: FlowEntry | undefined): boolean =>
  other !== undefined && keyOf(one) === keyOf(other) && contentOf(one) === contentOf(other);

const contentOf = (entry: FlowEntry): string => `${entry.cookie} ${canonical(entry.instructions)}`;

export const addEntry = (entry: FlowEntry): FlowMod => flowMod({ command: OFPFC.ADD, ...entry });

/** Only if it still carries the same cookie: somebody else's entry at the same place stays. */
export const deleteEntry = ({ cookie, tableId, priority, match }: FlowEntry): FlowMod =>
  flowMod({
    command: OFPFC.DELETE_STRICT,
    cookie,
    cookieMask: 0xffff_ffff_ffff_ffffn,
    tableId,
    priority,
    match,
  });

/** The same text for the same value, whatever the order of its keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === 'bigint') return `${inner}n`;
    if (inner instanceof Uint8Array) return Buffer.from(inner).toString('hex');
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
