// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { need, u16 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { decodeList, encodeList } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';
import { type MeterStats, meterStatsKind } from './meter-stats.ts';

/** OFPMP_METER reply: counters of meters. OpenFlow 1.3.0 §A.3.5.12. */
export interface MeterStatsReply {
  readonly type: 'meter_stats_reply';
  /** OFPMPF_*: more fragments follow */
  readonly flags: number;
  readonly meters: readonly MeterStats[];
}

/** A MeterStatsReply with the usual values where `fields` says nothing. */
export const meterStatsReply = (fields: Buildable<MeterStatsReply, 'flags' | 'meters'> = {}): MeterStatsReply => ({
  type: 'meter_stats_reply',
  flags: 0,
  meters: [],
  ...fields,
});

export function decodeMeterStatsReply(view: DataView, off: number, end: number): MeterStatsReply {
  need(off, end, 8, 'meter_stats_reply');
  const flags = view.getUint16(off + 2);
  const meters = decodeList(view, off + 8, end, meterStatsKind, 'meters');
  return { type: 'meter_stats_reply', flags, meters };
}

export function encodeMeterStatsReply(writer: Writer, value: MeterStatsReply): void {
  const at = writer.claim(8);
  const view = writer.view;
  view.setUint16(at, 9);
  view.setUint16(at + 2, u16(value.flags, 'flags'));
  view.setUint32(at + 4, 0);
  encodeList(writer, value.meters, meterStatsKind);
}
