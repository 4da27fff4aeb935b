// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { need, u16 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { decodeList, encodeList } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';
import { type MeterConfig, meterConfigKind } from './meter-config.ts';

/** OFPMP_METER_CONFIG reply: meters and their bands. OpenFlow 1.3.0 §A.3.5.13. */
export interface MeterConfigReply {
  readonly type: 'meter_config_reply';
  /** OFPMPF_*: more fragments follow */
  readonly flags: number;
  readonly meters: readonly MeterConfig[];
}

/** A MeterConfigReply with the usual values where `fields` says nothing. */
export const meterConfigReply = (fields: Buildable<MeterConfigReply, 'flags' | 'meters'> = {}): MeterConfigReply => ({
  type: 'meter_config_reply',
  flags: 0,
  meters: [],
  ...fields,
});

export function decodeMeterConfigReply(view: DataView, off: number, end: number): MeterConfigReply {
  need(off, end, 8, 'meter_config_reply');
  const flags = view.getUint16(off + 2);
  const meters = decodeList(view, off + 8, end, meterConfigKind, 'meters');
  return { type: 'meter_config_reply', flags, meters };
}

export function encodeMeterConfigReply(writer: Writer, value: MeterConfigReply): void {
  const at = writer.claim(8);
  const view = writer.view;
  view.setUint16(at, 10);
  view.setUint16(at + 2, u16(value.flags, 'flags'));
  view.setUint32(at + 4, 0);
  encodeList(writer, value.meters, meterConfigKind);
}
