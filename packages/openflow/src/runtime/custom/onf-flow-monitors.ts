/**
 * The monitors of an onf_flow_monitor_request, ONF EXT-187. One has no length of its own: it ends where its match ends.
 *
 *   u32        monitorId
 *   u16        flags              NXFMF_*
 *   u16        length of match    what the match says itself
 *   u32        outPort            OFPP_ANY for no limit
 *   u8         tableId            OFPTT_ALL for every table
 *   u8[3]      pad
 *   ofp_match  match
 */
import type { Match } from '../../generated/match-types.ts';
import { need, u8, u16, u32 } from '../bounds.ts';
import { decodeMatch, encodeMatch, endOfSizedMatch } from '../match.ts';
import { ProtocolError } from '../protocol-error.ts';
import type { Writer } from '../writer.ts';

export interface OnfFlowMonitor {
  readonly monitorId: number;
  /** NXFMF_* */
  readonly flags: number;
  /** OFPP_ANY for no limit */
  readonly outPort: number;
  /** OFPTT_ALL for every table */
  readonly tableId: number;
  readonly match: Match;
}

const FIXED = 16;

/** Throws ProtocolError when one is cut off, or its match is malformed. */
export function decodeOnfFlowMonitors(view: DataView, from: number, end: number): readonly OnfFlowMonitor[] {
  const monitors: OnfFlowMonitor[] = [];
  let at = from;
  while (at < end) {
    // Every turn advances by the fixed part at least.
    const place = `monitors[${monitors.length}]`;
    need(at, end, FIXED, place);
    try {
      const stop = endOfSizedMatch(view, at + FIXED, end, view.getUint16(at + 6));
      monitors.push(monitorAt(view, at));
      at = stop;
    } catch (error) {
      throw error instanceof ProtocolError ? error.within(place) : error;
    }
  }
  return monitors;
}

const monitorAt = (view: DataView, at: number): OnfFlowMonitor => ({
  monitorId: view.getUint32(at),
  flags: view.getUint16(at + 4),
  outPort: view.getUint32(at + 8),
  tableId: view.getUint8(at + 12),
  match: decodeMatch(view, at + FIXED),
});

export function encodeOnfFlowMonitors(writer: Writer, monitors: readonly OnfFlowMonitor[]): void {
  for (const monitor of monitors) {
    const at = writer.claim(FIXED);
    writer.bytes.fill(0, at, at + FIXED);
    const { view } = writer;
    view.setUint32(at, u32(monitor.monitorId, 'monitorId'));
    view.setUint16(at + 4, u16(monitor.flags, 'flags'));
    view.setUint32(at + 8, u32(monitor.outPort, 'outPort'));
    view.setUint8(at + 12, u8(monitor.tableId, 'tableId'));
    encodeMatch(writer, monitor.match);
    writer.view.setUint16(at + 6, writer.view.getUint16(at + FIXED + 2));
  }
}
