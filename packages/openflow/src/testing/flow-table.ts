/** Flow entries of all tables, and what a flow mod does to them. */
import { OpenflowError } from '../errors.ts';
import type { Match } from '../generated/match-types.ts';
import { OFPET, OFPFC, OFPFF, OFPFMFC, OFPG, OFPP, OFPRR, OFPTT } from '../generated/of13/constants.ts';
import type { Action, FlowMod, Instruction } from '../generated/of13/index.ts';
import { type Conditions, conditionsOf, covers, overlap, same } from './match-logic.ts';

export interface FlowEntry {
  readonly tableId: number;
  readonly priority: number;
  readonly match: Match;
  readonly conditions: Conditions;
  readonly cookie: bigint;
  readonly flags: number;
  readonly idleTimeout: number;
  readonly hardTimeout: number;
  /** From 1.4: entries of less are evicted first. */
  readonly importance: number;
  instructions: readonly Instruction[];
  packetCount: bigint;
  byteCount: bigint;
  /** Milliseconds of the switch's clock. */
  readonly addedAt: number;
  usedAt: number;
}

/** What a flow multipart or a non-strict command asks for. */
export interface FlowFilter {
  readonly tableId: number;
  readonly match: Match;
  readonly cookie: bigint;
  readonly cookieMask: bigint;
  readonly outPort: number;
  readonly outGroup: number;
}

export type OnRemoved = (entry: FlowEntry, reason: number) => void;

/** OpenFlow 1.4 gives it; messages of before have none. */
const importanceOf = (mod: FlowMod & { readonly importance?: number }): number => mod.importance ?? 0;

/** OFPTC_EVICTION and OFPRR_EVICTION of 1.4. */
const EVICTION = { config: 4, reason: 5 } as const;

/** Entries of one table. More than any test needs; Open vSwitch has no limit by default. */
export const ENTRIES_MAX = 200_000;

export class FlowTables {
  private entries: FlowEntry[] = [];
  private readonly configs = new Map<number, number>();

  constructor(
    private readonly now: () => number,
    private readonly onRemoved: OnRemoved,
    private readonly entriesMax = ENTRIES_MAX,
  ) {}

  /** In order of table, then falling priority. */
  get all(): readonly FlowEntry[] {
    return [...this.entries].sort((a, b) => a.tableId - b.tableId || b.priority - a.priority);
  }

  /** The entry that a packet hits in a table: the highest priority, of equals the oldest. */
  lookup(tableId: number, hits: (conditions: Conditions) => boolean): FlowEntry | undefined {
    let best: FlowEntry | undefined;
    for (const entry of this.entries) {
      if (entry.tableId !== tableId || (best !== undefined && best.priority >= entry.priority)) continue;
      if (hits(entry.conditions)) best = entry;
    }
    return best;
  }

  apply(mod: FlowMod): void {
    switch (mod.command) {
      case OFPFC.ADD:
        this.add(mod);
        return;
      case OFPFC.MODIFY:
        this.modify(mod, this.select(mod));
        return;
      case OFPFC.MODIFY_STRICT:
        this.modify(mod, this.selectStrict(mod));
        return;
      case OFPFC.DELETE:
        this.remove(this.select(mod), OFPRR.DELETE);
        return;
      case OFPFC.DELETE_STRICT:
        this.remove(this.selectStrict(mod), OFPRR.DELETE);
        return;
      default:
        throw new OpenflowError(OFPET.FLOW_MOD_FAILED, OFPFMFC.BAD_COMMAND);
    }
  }

  /** Entries that the filter covers. */
  select(filter: FlowFilter): readonly FlowEntry[] {
    const conditions = conditionsOf(filter.match);
    return this.entries.filter((entry) => chosen(entry, filter) && covers(conditions, entry.conditions));
  }

  private selectStrict(mod: FlowMod): readonly FlowEntry[] {
    const conditions = conditionsOf(mod.match);
    return this.entries.filter(
      (entry) => entry.priority === mod.priority && chosen(entry, mod) && same(conditions, entry.conditions),
    );
  }

  private add(mod: FlowMod): void {
    const conditions = conditionsOf(mod.match);
    const rivals = this.entries.filter(
      (entry) => entry.tableId === mod.tableId && entry.priority === mod.priority,
    );
    const replaced = rivals.find((entry) => same(conditions, entry.conditions));
    const others = rivals.filter((entry) => entry !== replaced);
    const checks = (mod.flags & OFPFF.CHECK_OVERLAP) !== 0;
    if (checks && others.some((entry) => overlap(conditions, entry.conditions))) {
      throw new OpenflowError(OFPET.FLOW_MOD_FAILED, OFPFMFC.OVERLAP);
    }
    if (replaced === undefined) this.makeRoom(mod.tableId, importanceOf(mod));
    const keepsCounts = replaced !== undefined && (mod.flags & OFPFF.RESET_COUNTS) === 0;
    this.entries = this.entries.filter((entry) => entry !== replaced);
    this.entries.push({
      tableId: mod.tableId,
      priority: mod.priority,
      match: mod.match,
      conditions,
      cookie: mod.cookie,
      flags: mod.flags,
      idleTimeout: mod.idleTimeout,
      hardTimeout: mod.hardTimeout,
      importance: importanceOf(mod),
      instructions: mod.instructions,
      packetCount: keepsCounts ? replaced.packetCount : 0n,
      byteCount: keepsCounts ? replaced.byteCount : 0n,
      addedAt: this.now(),
      usedAt: this.now(),
    });
  }

  /** Entries that one table may have. */
  get capacity(): number {
    return this.entriesMax;
  }

  /** OFPTC_* of a table, or of all of them. */
  configure(tableId: number, config: number): void {
    if (tableId === OFPTT.ALL) this.configs.clear();
    this.configs.set(tableId, config);
  }

  configOf(tableId: number): number {
    return this.configs.get(tableId) ?? this.configs.get(OFPTT.ALL) ?? 0;
  }

  /** A full table gives up its least important entry when it may and the new one counts for more. */
  private makeRoom(tableId: number, importance: number): void {
    const inTable = this.entries.filter((entry) => entry.tableId === tableId);
    if (inTable.length < this.entriesMax) return;
    const least = inTable.reduce((a, b) => (b.importance < a.importance ? b : a));
    if ((this.configOf(tableId) & EVICTION.config) === 0 || least.importance >= importance) {
      throw new OpenflowError(OFPET.FLOW_MOD_FAILED, OFPFMFC.TABLE_FULL);
    }
    this.remove([least], EVICTION.reason);
  }

  private modify(mod: FlowMod, entries: readonly FlowEntry[]): void {
    for (const entry of entries) {
      entry.instructions = mod.instructions;
      if ((mod.flags & OFPFF.RESET_COUNTS) !== 0) {
        entry.packetCount = 0n;
        entry.byteCount = 0n;
      }
    }
  }

  /** Remembers what there is; what is returned brings it back. */
  saved(): () => void {
    const entries = this.entries.map((entry) => ({ ...entry }));
    return () => {
      this.entries = entries;
    };
  }

  /** Drops everything in silence. */
  forget(): void {
    this.entries = [];
  }

  /** Removes entries and says why; without a reason, in silence. */
  remove(entries: readonly FlowEntry[], reason?: number): void {
    const gone = new Set(entries);
    this.entries = this.entries.filter((entry) => !gone.has(entry));
    if (reason !== undefined) for (const entry of entries) this.onRemoved(entry, reason);
  }

  /** Removes entries whose idle or hard timeout is over. */
  expire(): void {
    const now = this.now();
    const over = (since: number, seconds: number) => seconds > 0 && now - since >= seconds * 1000;
    this.remove(
      this.entries.filter((entry) => over(entry.addedAt, entry.hardTimeout)),
      OFPRR.HARD_TIMEOUT,
    );
    this.remove(
      this.entries.filter((entry) => over(entry.usedAt, entry.idleTimeout)),
      OFPRR.IDLE_TIMEOUT,
    );
  }

  usingMeter(meterId: number | 'all'): readonly FlowEntry[] {
    return this.entries.filter((entry) =>
      entry.instructions.some(
        (one) => one.type === 'meter' && (meterId === 'all' || one.meterId === meterId),
      ),
    );
  }

  usingGroup(groupId: number | 'all'): readonly FlowEntry[] {
    return this.entries.filter((entry) =>
      actionsOf(entry.instructions).some(
        (one) => one.type === 'group' && (groupId === 'all' || one.groupId === groupId),
      ),
    );
  }
}

function chosen(entry: FlowEntry, filter: FlowFilter): boolean {
  if (filter.tableId !== OFPTT.ALL && entry.tableId !== filter.tableId) return false;
  if (((entry.cookie ^ filter.cookie) & filter.cookieMask) !== 0n) return false;
  const actions = actionsOf(entry.instructions);
  const { outPort, outGroup } = filter;
  if (outPort !== OFPP.ANY && !actions.some((one) => one.type === 'output' && one.port === outPort))
    return false;
  return outGroup === OFPG.ANY || actions.some((one) => one.type === 'group' && one.groupId === outGroup);
}

/** All actions of an entry, applied or written. */
export function actionsOf(instructions: readonly Instruction[]): readonly Action[] {
  return instructions.flatMap((one) =>
    one.type === 'apply_actions' || one.type === 'write_actions' ? one.actions : [],
  );
}
