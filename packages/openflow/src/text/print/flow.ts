/** Flow entries: changes to them, their statistics, their end. ovs-ofctl(8), `dump-flows`. */
import type { Match } from '../../generated/match-types.ts';
import type { Version } from '../../versions.ts';
import { FLOW_FLAGS } from '../words/flow-flags.ts';
import { bitsText, hex, hexOrZero } from '../words/numbers.ts';
import { isAnyPort, portText } from '../words/ports.ts';
import { flowRemovedReason } from '../words/reasons.ts';
import { formatActions } from './actions.ts';
import { formatInstructions } from './instructions.ts';
import { formatMatch } from './match.ts';
import { durationText } from './stats.ts';
import type { AnyAction, AnyInstruction, Of } from './types.ts';

const DEFAULT_PRIORITY = 32768;
const NO_BUFFER = 0xffff_ffff;
const ALL_BITS = 0xffff_ffff_ffff_ffffn;
const COMMANDS: readonly string[] = ['ADD', 'MOD', 'MOD_STRICT', 'DEL', 'DEL_STRICT'];

/** What of an entry this file writes: actions in 1.0, instructions later. */
export type AnyFlow = {
  readonly match: Match;
  readonly priority?: number;
} & ({ readonly actions: readonly AnyAction[] } | { readonly instructions: readonly AnyInstruction[] });

export const priorityAndMatch = (match: Match, version: Version, priority = DEFAULT_PRIORITY): string =>
  [...(priority === DEFAULT_PRIORITY ? [] : [`priority=${priority}`]), formatMatch(match, version)]
    .filter((part) => part !== '')
    .join(',');

export const actionsOf = (flow: AnyFlow, version: Version): string =>
  'actions' in flow ? formatActions(flow.actions, version) : formatInstructions(flow.instructions, version);

const flagsText = (flags: number): string => bitsText(flags, FLOW_FLAGS, ' ', '');

/** Only what is there, with a space between. */
export const spaced = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ');

/**
 * As in ovs-ofctl, the group that a deletion is limited to is not told, nor is it of requests, nor are their cookies.
 */
export function flowModText(flow: Of<'flow_mod' | 'nx_flow_mod'>, version: Version): string {
  const inCommand = 'tableId' in flow ? 0 : flow.command >>> 8;
  const tableId = 'tableId' in flow ? flow.tableId : inCommand;
  const command = 'tableId' in flow ? flow.command : flow.command & 0xff;
  const [cookie, mask] = cookieOf(flow);
  return spaced([
    COMMANDS[command] ?? `cmd:${command}`,
    tableId === 0 ? '' : `table:${tableId}`,
    priorityAndMatch(flow.match, version, flow.priority),
    cookieText(cookie, mask),
    flow.idleTimeout === 0 ? '' : `idle:${flow.idleTimeout}`,
    flow.hardTimeout === 0 ? '' : `hard:${flow.hardTimeout}`,
    'importance' in flow && flow.importance !== 0 ? `importance:${flow.importance}` : '',
    flow.bufferId === NO_BUFFER ? '' : `buf:${hex(flow.bufferId)}`,
    isAnyPort(flow.outPort) ? '' : `out_port:${portText(flow.outPort)}`,
    flagsText(flow.flags),
    `actions=${actionsOf(flow, version)}`,
  ]);
}

/** Nicira asks for a cookie in the match. */
function cookieOf(flow: Of<'flow_mod' | 'nx_flow_mod'>): readonly [cookie: bigint, mask: bigint] {
  if ('cookieMask' in flow) return [flow.cookie, flow.cookieMask];
  const { nxm_cookie: asked } = flow.match;
  if (asked === undefined) return [flow.cookie, 0n];
  return typeof asked === 'bigint' ? [asked, ALL_BITS] : [asked.value, asked.mask];
}

function cookieText(cookie: bigint, mask: bigint): string {
  if (mask !== 0n) return `cookie:${hexOrZero(cookie)}/${hexOrZero(mask)}`;
  return cookie === 0n || cookie === ALL_BITS ? '' : `cookie:${hex(cookie)}`;
}

type FlowStats =
  | Of<'flow_stats_reply' | 'nx_flow_stats_reply'>['flows'][number]
  | Of<'flow_desc_reply'>['flows'][number];
type Described = Extract<FlowStats, { readonly cookie: bigint }>;

/** One entry of `dump-flows`. */
export function flowStatsText(flow: FlowStats, version: Version): string {
  if (!('cookie' in flow)) return countersOnly(flow, version);
  const match = priorityAndMatch(flow.match, version, flow.priority);
  const counters = countersOf(flow);
  const parts = [
    `cookie=${hex(flow.cookie)}`,
    ...counters.slice(0, 1),
    `table=${flow.tableId}`,
    ...counters.slice(1),
    ...(flow.idleTimeout === 0 ? [] : [`idle_timeout=${flow.idleTimeout}`]),
    ...(flow.hardTimeout === 0 ? [] : [`hard_timeout=${flow.hardTimeout}`]),
  ];
  const flags = 'flags' in flow ? flagsText(flow.flags) : '';
  const importance = 'importance' in flow && flow.importance !== 0 ? `importance=${flow.importance}, ` : '';
  return `${parts.join(', ')}, ${flags === '' ? '' : `${flags} `}${importance}${agesText(flow)}${match === '' ? '' : `${match} `}actions=${actionsOf(flow, version)}`;
}

/** Duration first. */
function countersOf(flow: Described): readonly string[] {
  if (!('stats' in flow)) {
    return [
      `duration=${durationText(flow.durationSec, flow.durationNsec)}`,
      `n_packets=${flow.packetCount}`,
      `n_bytes=${flow.byteCount}`,
    ];
  }
  const { duration, packet_count: packets, byte_count: bytes } = flow.stats;
  return [
    `duration=${durationText(duration?.sec ?? 0, duration?.nsec ?? 0)}`,
    `n_packets=${packets ?? 0}`,
    `n_bytes=${bytes ?? 0}`,
  ];
}

/** Nicira tells one more than the age, and 0 for an age that it does not know. */
function agesText(flow: Described): string {
  if ('stats' in flow) {
    return flow.stats.idle_time === undefined ? '' : `idle_age=${flow.stats.idle_time.sec}, `;
  }
  if (!('idleAge' in flow)) return '';
  const idle = flow.idleAge === 0 ? '' : `idle_age=${flow.idleAge - 1}, `;
  const isTold = flow.hardAge !== 0 && flow.hardAge - 1 !== flow.durationSec;
  return isTold ? `${idle}hard_age=${flow.hardAge - 1}, ` : idle;
}

/** An entry of the statistics of 1.5, which leave out what an entry does. */
function countersOnly(flow: Exclude<FlowStats, Described>, version: Version): string {
  const { duration, packet_count: packets, byte_count: bytes } = flow.stats;
  const parts = [
    ...(duration === undefined ? [] : [`duration=${durationText(duration.sec, duration.nsec)}`]),
    `table=${flow.tableId}`,
    ...(packets === undefined ? [] : [`n_packets=${packets}`]),
    ...(bytes === undefined ? [] : [`n_bytes=${bytes}`]),
    ...(flow.reason === 0 ? [] : [`reason=${flow.reason}`]),
  ];
  return spaced([`${parts.join(', ')},`, priorityAndMatch(flow.match, version, flow.priority)]);
}

export function flowRemovedText(flow: Of<'flow_removed' | 'nx_flow_removed'>, version: Version): string {
  const { sec, nsec, packets, bytes } = endOf(flow);
  return spaced([
    priorityAndMatch(flow.match, version, flow.priority),
    `reason=${flowRemovedReason(flow.reason)}`,
    tableOf(flow),
    flow.cookie === 0n ? '' : `cookie:${hex(flow.cookie)}`,
    `duration${durationText(sec, nsec)}`,
    `idle${flow.idleTimeout}`,
    'hardTimeout' in flow && flow.hardTimeout !== 0 ? `hard${flow.hardTimeout}` : '',
    `pkts${packets}`,
    `bytes${bytes}`,
  ]);
}

/** Nicira tells one more than the table, and 0 for none. */
function tableOf(flow: Of<'flow_removed' | 'nx_flow_removed'>): string {
  if (!('tableId' in flow)) return '';
  if (flow.type !== 'nx_flow_removed') return `table_id=${flow.tableId}`;
  return flow.tableId === 0 ? '' : `table_id=${flow.tableId - 1}`;
}

function endOf(flow: Of<'flow_removed' | 'nx_flow_removed'>): {
  readonly sec: number;
  readonly nsec: number;
  readonly packets: bigint;
  readonly bytes: bigint;
} {
  if ('stats' in flow) {
    const { duration, packet_count: packets, byte_count: bytes } = flow.stats;
    return { sec: duration?.sec ?? 0, nsec: duration?.nsec ?? 0, packets: packets ?? 0n, bytes: bytes ?? 0n };
  }
  return { sec: flow.durationSec, nsec: flow.durationNsec, packets: flow.packetCount, bytes: flow.byteCount };
}

const ALL_TABLES = 0xff;

type StatsRequest = Of<
  | 'flow_stats_request'
  | 'aggregate_stats_request'
  | 'nx_flow_stats_request'
  | 'nx_aggregate_stats_request'
  | 'flow_desc_request'
>;

export function statsRequestText(request: StatsRequest, version: Version): string {
  return spaced([
    request.tableId === ALL_TABLES ? '' : `table=${request.tableId}`,
    isAnyPort(request.outPort) ? '' : `out_port=${portText(request.outPort)}`,
    formatMatch(request.match, version),
  ]);
}

export function aggregateText(reply: Of<'aggregate_stats_reply' | 'nx_aggregate_stats_reply'>): string {
  if ('stats' in reply) {
    const { packet_count: packets, byte_count: bytes, flow_count: flows } = reply.stats;
    return `packet_count=${packets ?? 0} byte_count=${bytes ?? 0} flow_count=${flows ?? 0}`;
  }
  return `packet_count=${reply.packetCount} byte_count=${reply.byteCount} flow_count=${reply.flowCount}`;
}
