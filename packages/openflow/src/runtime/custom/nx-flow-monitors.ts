/**
 * The monitors of an nx_flow_monitor_request (nx_flow_monitor_request). One has no length of its own: it ends where its
 * match ends.
 *
 *   u32        monitorId
 *   u16        flags              NXFMF_*
 *   u16        outPort            OFPP_NONE for no limit
 *   u16        length of match
 *   u8         tableId            0xff for every table
 *   u8[5]      pad
 *   nx_match   match              padded to 8 bytes
 */
import type { Match } from '../../generated/match-types.ts';
import { need, u8, u16, u32 } from '../bounds.ts';
import { decodeNxMatch, encodeNxMatch } from '../nx-match.ts';
import { ProtocolError } from '../protocol-error.ts';
import type { Writer } from '../writer.ts';

export interface NxFlowMonitor {
  readonly monitorId: number;
  /** NXFMF_* */
  readonly flags: number;
  /** OFPP_NONE for no limit */
  readonly outPort: number;
  /** 0xff for every table */
  readonly tableId: number;
  readonly match: Match;
}

const FIXED = 16;

/** Throws ProtocolError when one is cut off, or its match is malformed. */
export function decodeNxFlowMonitors(view: DataView, from: number, end: number): readonly NxFlowMonitor[] {
  const monitors: NxFlowMonitor[] = [];
  let at = from;
  while (at < end) {
    // Every turn advances by the fixed part at least.
    const place = `monitors[${monitors.length}]`;
    need(at, end, FIXED, place);
    const length = view.getUint16(at + 8);
    const padded = Math.ceil(length / 8) * 8;
    need(at + FIXED, end, padded, place);
    try {
      monitors.push({
        monitorId: view.getUint32(at),
        flags: view.getUint16(at + 4),
        outPort: view.getUint16(at + 6),
        tableId: view.getUint8(at + 10),
        match: decodeNxMatch(view, at + FIXED, at + FIXED + length),
      });
    } catch (error) {
      throw error instanceof ProtocolError ? error.within(place) : error;
    }
    at += FIXED + padded;
  }
  return monitors;
}

export function encodeNxFlowMonitors(writer: Writer, monitors: readonly NxFlowMonitor[]): void {
  for (const monitor of monitors) {
    const at = writer.claim(FIXED);
    writer.bytes.fill(0, at, at + FIXED);
    const { view } = writer;
    view.setUint32(at, u32(monitor.monitorId, 'monitorId'));
    view.setUint16(at + 4, u16(monitor.flags, 'flags'));
    view.setUint16(at + 6, u16(monitor.outPort, 'outPort'));
    view.setUint8(at + 10, u8(monitor.tableId, 'tableId'));
    encodeNxMatch(writer, monitor.match);
    writer.patchLength(at + 8, at + FIXED, 'match');
    writer.padFrom(at, 8);
  }
}
