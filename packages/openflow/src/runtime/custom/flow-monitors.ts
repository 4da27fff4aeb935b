/**
 * The monitors of a flow_monitor_request (ofp_flow_monitor_request), OpenFlow 1.4.0 §7.3.5.17.1. One has no length of its
 * own: it ends where its match ends.
 *
 *   u32        monitorId
 *   u32        outPort            OFPP_ANY for no limit
 *   u32        outGroup           OFPG_ANY for no limit
 *   u16        flags              OFPFMF_*
 *   u8         tableId            OFPTT_ALL for every table
 *   u8         command            OFPFMC_*
 *   ofp_match  match
 */
import type { Match } from '../../generated/match-types.ts';
import { need, u8, u16, u32 } from '../bounds.ts';
import { decodeMatch, encodeMatch, endOfMatch } from '../match.ts';
import { ProtocolError } from '../protocol-error.ts';
import type { Writer } from '../writer.ts';

export interface FlowMonitor {
  readonly monitorId: number;
  /** OFPP_ANY for no limit */
  readonly outPort: number;
  /** OFPG_ANY for no limit */
  readonly outGroup: number;
  /** OFPFMF_* */
  readonly flags: number;
  /** OFPTT_ALL for every table */
  readonly tableId: number;
  /** OFPFMC_* */
  readonly command: number;
  readonly match: Match;
}

const FIXED = 16;

/** Throws ProtocolError when one is cut off, or its match is malformed. */
export function decodeFlowMonitors(view: DataView, from: number, end: number): readonly FlowMonitor[] {
  const monitors: FlowMonitor[] = [];
  let at = from;
  while (at < end) {
    // Every turn advances by the fixed part at least.
    const place = `monitors[${monitors.length}]`;
    need(at, end, FIXED, place);
    try {
      const stop = endOfMatch(view, at + FIXED, end);
      monitors.push(flowMonitor(view, at));
      at = stop;
    } catch (error) {
      throw error instanceof ProtocolError ? error.within(place) : error;
    }
  }
  return monitors;
}

const flowMonitor = (view: DataView, at: number): FlowMonitor => ({
  monitorId: view.getUint32(at),
  outPort: view.getUint32(at + 4),
  outGroup: view.getUint32(at + 8),
  flags: view.getUint16(at + 12),
  tableId: view.getUint8(at + 14),
  command: view.getUint8(at + 15),
  match: decodeMatch(view, at + FIXED),
});

export function encodeFlowMonitors(writer: Writer, monitors: readonly FlowMonitor[]): void {
  for (const monitor of monitors) {
    const at = writer.claim(FIXED);
    const { view } = writer;
    view.setUint32(at, u32(monitor.monitorId, 'monitorId'));
    view.setUint32(at + 4, u32(monitor.outPort, 'outPort'));
    view.setUint32(at + 8, u32(monitor.outGroup, 'outGroup'));
    view.setUint16(at + 12, u16(monitor.flags, 'flags'));
    view.setUint8(at + 14, u8(monitor.tableId, 'tableId'));
    view.setUint8(at + 15, u8(monitor.command, 'command'));
    encodeMatch(writer, monitor.match);
  }
}
