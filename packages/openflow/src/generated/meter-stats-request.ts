// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly, u16, u32 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPMP_METER request: counters of meters. OpenFlow 1.3.0 §A.3.5.12. */
export interface MeterStatsRequest {
  readonly type: 'meter_stats_request';
  /** OFPMPF_*: more fragments follow */
  readonly flags: number;
  /** OFPM_ALL for all */
  readonly meterId: number;
}

/** A MeterStatsRequest with the usual values where `fields` says nothing. */
export const meterStatsRequest = (fields: Buildable<MeterStatsRequest, 'flags' | 'meterId'> = {}): MeterStatsRequest => ({
  type: 'meter_stats_request',
  flags: 0,
  meterId: 0xffffffff,
  ...fields,
});

export function decodeMeterStatsRequest(view: DataView, off: number, end: number): MeterStatsRequest {
  exactly(off, end, 16, 'meter_stats_request');
  const flags = view.getUint16(off + 2);
  const meterId = view.getUint32(off + 8);
  return { type: 'meter_stats_request', flags, meterId };
}

export function encodeMeterStatsRequest(writer: Writer, value: MeterStatsRequest): void {
  const at = writer.claim(16);
  const view = writer.view;
  view.setUint16(at, 9);
  view.setUint16(at + 2, u16(value.flags, 'flags'));
  view.setUint32(at + 4, 0);
  view.setUint32(at + 8, u32(value.meterId, 'meterId'));
  view.setUint32(at + 12, 0);
}
