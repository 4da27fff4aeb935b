/**
 * "Would this packet leave there, and through which meter and queue?" A walk through the tables: meters, applied
 * actions, the action set, groups of type all and indirect (and select and fast failover by their first usable
 * bucket), resubmit, registers and the actions of old versions. Nothing is sent; counters are counted.
 */
import { OFPG, OFPGT, OFPP } from '../generated/of13/constants.ts';
import type { Action, Bucket, Instruction } from '../generated/of13/index.ts';
import { changedFields, readBits } from './field-actions.ts';
import type { FlowEntry, FlowTables } from './flow-table.ts';
import { holds, type PacketFields } from './match-logic.ts';
import type { Group, Meter } from './meters-and-groups.ts';
import { widePort } from './wide-ports.ts';

/** One copy of the packet that leaves. */
export interface Departure {
  /** A port number, or OFPP_NORMAL or OFPP_LOCAL. */
  readonly port: number;
  /** The queue chosen by set_queue; undefined is the port's default. */
  readonly queueId: number | undefined;
  /** Meters that it passed, in order. */
  readonly meters: readonly number[];
  /** Header fields as they leave. */
  readonly fields: PacketFields;
}

export interface Forwarding {
  readonly outputs: readonly Departure[];
  /** Meters passed by the packet or any copy of it. */
  readonly meters: readonly number[];
  /** A copy goes to the controller. */
  readonly packetIn: boolean;
  /** Entries that it hit, in order. */
  readonly entries: readonly FlowEntry[];
}

export interface Amount {
  readonly packets: bigint;
  readonly bytes: bigint;
}

export interface PipelineParts {
  readonly flows: FlowTables;
  readonly meters: ReadonlyMap<number, Meter>;
  readonly groups: ReadonlyMap<number, Group>;
  readonly now: () => number;
  /** Ports that exist and are up. */
  readonly livePorts: () => readonly number[];
}

/** NXAST_RESUBMIT: how deep Open vSwitch goes. */
const RESUBMIT_DEPTH_MAX = 64;
/** OFPP_IN_PORT of 1.0, and the table that the packet is in. */
const SAME_PORT = 0xfff8;
const CURRENT_TABLE = 255;

/** Groups may name groups; a chain longer than this is a loop. */
const GROUP_DEPTH_MAX = 64;
/** Groups and tables that one packet may visit, or two groups in a ring would make copies without end. */
const VISITS_MAX = 4096;

/** What the packet carries along while it is walked through. */
interface Walk {
  fields: PacketFields;
  queueId: number | undefined;
  readonly inPort: number;
  readonly meters: number[];
  readonly outputs: Departure[];
  readonly amount: Amount;
  readonly entries: FlowEntry[];
  /** Shared by all copies. */
  readonly visits: { left: number };
  tableId: number;
  packetIn: boolean;
}

export function forward(parts: PipelineParts, packet: PacketFields, amount: Amount): Forwarding {
  const walk: Walk = {
    fields: packet,
    queueId: undefined,
    inPort: packet.in_port,
    meters: [],
    outputs: [],
    amount,
    entries: [],
    visits: { left: VISITS_MAX },
    tableId: 0,
    packetIn: false,
  };
  let actionSet: readonly Action[] = [];
  let tableId: number | undefined = 0;
  while (tableId !== undefined) {
    const entry: FlowEntry | undefined = parts.flows.lookup(tableId, (conditions) =>
      holds(conditions, walk.fields),
    );
    // Open vSwitch executes the action set also after a table-miss, though the specification drops the packet.
    if (entry === undefined) break;
    walk.entries.push(entry);
    walk.tableId = tableId;
    count(entry, amount, parts.now());
    tableId = undefined;
    for (const instruction of inOrder(entry.instructions)) {
      if (instruction.type === 'goto_table') tableId = instruction.tableId;
      else actionSet = execute(parts, walk, instruction, actionSet);
    }
  }
  applyActions(parts, walk, ordered(actionSet), 0);
  return { outputs: walk.outputs, meters: walk.meters, packetIn: walk.packetIn, entries: walk.entries };
}

function count(entry: FlowEntry, { packets, bytes }: Amount, now: number): void {
  entry.packetCount += packets;
  entry.byteCount += bytes;
  entry.usedAt = now;
}

const INSTRUCTION_ORDER: readonly string[] = [
  'meter',
  'apply_actions',
  'clear_actions',
  'write_actions',
  'write_metadata',
  'goto_table',
];

const inOrder = (instructions: readonly Instruction[]): readonly Instruction[] =>
  [...instructions].sort((a, b) => INSTRUCTION_ORDER.indexOf(a.type) - INSTRUCTION_ORDER.indexOf(b.type));

/** Executes one instruction and returns the action set after it. */
function execute(
  parts: PipelineParts,
  walk: Walk,
  instruction: Instruction,
  actionSet: readonly Action[],
): readonly Action[] {
  switch (instruction.type) {
    case 'meter':
      passMeter(parts, walk, instruction.meterId);
      return actionSet;
    case 'apply_actions':
      applyActions(parts, walk, instruction.actions, 0);
      return actionSet;
    case 'clear_actions':
      return [];
    case 'write_actions':
      return instruction.actions.reduce(
        (set, action) => [...set.filter((old) => !replaces(action, old)), action],
        actionSet,
      );
    case 'write_metadata': {
      const before = walk.fields.metadata ?? 0n;
      const metadata = (before & ~instruction.mask) | (instruction.metadata & instruction.mask);
      walk.fields = { ...walk.fields, metadata };
      return actionSet;
    }
    default:
      return actionSet;
  }
}

function passMeter(parts: PipelineParts, walk: Walk, meterId: number): void {
  walk.meters.push(meterId);
  const meter = parts.meters.get(meterId);
  if (meter === undefined) return;
  meter.packetInCount += walk.amount.packets;
  meter.byteInCount += walk.amount.bytes;
}

/** The action set holds one action of a kind; set_field counts per field. */
const replaces = (newer: Action, older: Action): boolean =>
  newer.type === older.type &&
  (newer.type !== 'set_field' || older.type !== 'set_field' || newer.field === older.field);

const SET_ORDER: readonly string[] = [
  'copy_ttl_in',
  'pop_vlan',
  'pop_mpls',
  'pop_pbb',
  'push_mpls',
  'push_pbb',
  'push_vlan',
  'copy_ttl_out',
  'dec_mpls_ttl',
  'dec_nw_ttl',
  'set_mpls_ttl',
  'set_nw_ttl',
  'set_field',
  'set_queue',
  'group',
  'output',
];

/** The action set in its order of execution (OpenFlow 1.3.0 §5.10); a group makes the output void. */
function ordered(set: readonly Action[]): readonly Action[] {
  const hasGroup = set.some((action) => action.type === 'group');
  return set
    .filter((action) => !(hasGroup && action.type === 'output'))
    .sort((a, b) => SET_ORDER.indexOf(a.type) - SET_ORDER.indexOf(b.type));
}

function applyActions(parts: PipelineParts, walk: Walk, actions: readonly Action[], depth: number): void {
  for (const action of actions) {
    switch (action.type) {
      case 'output':
        output(parts, walk, action.port);
        break;
      case 'group':
        throughGroup(parts, walk, action.groupId, depth);
        break;
      case 'set_queue':
        walk.queueId = action.queueId;
        break;
      case 'nx_resubmit':
        resubmit(parts, walk, { inPort: action.inPort, tableId: walk.tableId }, depth);
        break;
      case 'nx_resubmit_table':
        resubmit(parts, walk, action, depth);
        break;
      case 'nx_output_reg':
      case 'nx_output_reg2':
        output(
          parts,
          walk,
          Number(readBits(walk.fields, action.src, action.range.offset, action.range.bits)),
        );
        break;
      case 'nx_controller':
      case 'nx_controller2':
        walk.packetIn = true;
        break;
      default:
        walk.fields = changedFields(walk.fields, action) ?? walk.fields;
        break;
    }
  }
}

/** Looks the packet up in a table and does what the entry there applies, then comes back (NXAST_RESUBMIT). */
function resubmit(
  parts: PipelineParts,
  walk: Walk,
  { inPort, tableId }: { readonly inPort: number; readonly tableId: number },
  depth: number,
): void {
  if (depth >= RESUBMIT_DEPTH_MAX || walk.visits.left <= 0) return;
  walk.visits.left -= 1;
  const table = tableId === CURRENT_TABLE ? walk.tableId : tableId;
  const fields = inPort === SAME_PORT ? walk.fields : { ...walk.fields, in_port: widePort(inPort) };
  const entry = parts.flows.lookup(table, (conditions) => holds(conditions, fields));
  if (entry === undefined) return;
  walk.entries.push(entry);
  count(entry, walk.amount, parts.now());
  const from = walk.tableId;
  walk.tableId = table;
  for (const instruction of inOrder(entry.instructions)) {
    if (instruction.type === 'apply_actions') applyActions(parts, walk, instruction.actions, depth + 1);
    else if (instruction.type === 'goto_table') {
      resubmit(parts, walk, { inPort: SAME_PORT, tableId: instruction.tableId }, depth + 1);
    } else execute(parts, walk, instruction, []);
  }
  walk.tableId = from;
}

function output(parts: PipelineParts, walk: Walk, port: number): void {
  const leave = (to: number): void => {
    walk.outputs.push({ port: to, queueId: walk.queueId, meters: [...walk.meters], fields: walk.fields });
  };
  const others = parts.livePorts().filter((one) => one !== walk.inPort);
  switch (port) {
    case OFPP.CONTROLLER:
      walk.packetIn = true;
      return;
    case OFPP.NORMAL:
    case OFPP.LOCAL:
      leave(port);
      return;
    case OFPP.IN_PORT:
      leave(walk.inPort);
      return;
    case OFPP.FLOOD:
    case OFPP.ALL:
      for (const one of others) leave(one);
      return;
    default:
      // A packet never goes back where it came from unless OFPP_IN_PORT says so.
      if (others.includes(port)) leave(port);
  }
}

function throughGroup(parts: PipelineParts, walk: Walk, groupId: number, depth: number): void {
  const group = parts.groups.get(groupId);
  if (group === undefined || depth >= GROUP_DEPTH_MAX || walk.visits.left <= 0) return;
  walk.visits.left -= 1;
  group.packetCount += walk.amount.packets;
  group.byteCount += walk.amount.bytes;
  for (const bucket of bucketsFor(group, parts, depth)) {
    // Every bucket gets a copy; what it changes does not reach the next one.
    const copy: Walk = { ...walk };
    applyActions(parts, copy, ordered(bucket.actions), depth + 1);
    walk.packetIn ||= copy.packetIn;
  }
}

function bucketsFor(group: Group, parts: PipelineParts, depth: number): readonly Bucket[] {
  switch (group.groupType) {
    case OFPGT.ALL:
    case OFPGT.INDIRECT:
      return group.buckets;
    case OFPGT.SELECT:
      return group.buckets
        .filter((bucket) => bucket.weight > 0 && (watchesNothing(bucket) || isLive(bucket, parts, depth)))
        .slice(0, 1);
    default:
      return group.buckets.filter((bucket) => isLive(bucket, parts, depth)).slice(0, 1);
  }
}

const watchesNothing = ({ watchPort, watchGroup }: Bucket): boolean =>
  watchPort === OFPP.ANY && watchGroup === OFPG.ANY;

/** OpenFlow 1.3.0 §6.5: the port is up, or the group has a bucket that is live. */
function isLive({ watchPort, watchGroup }: Bucket, parts: PipelineParts, depth: number): boolean {
  if (watchPort !== OFPP.ANY && parts.livePorts().includes(watchPort)) return true;
  const group = watchGroup === OFPG.ANY ? undefined : parts.groups.get(watchGroup);
  return (
    depth < GROUP_DEPTH_MAX && group?.buckets.some((bucket) => isLive(bucket, parts, depth + 1)) === true
  );
}
