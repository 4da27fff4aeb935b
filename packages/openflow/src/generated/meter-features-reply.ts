// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly, u16, u32, u8 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPMP_METER_FEATURES reply: what meters can do here. OpenFlow 1.3.0 §A.3.5.14. */
export interface MeterFeaturesReply {
  readonly type: 'meter_features_reply';
  /** OFPMPF_*: more fragments follow */
  readonly flags: number;
  /** number of meters */
  readonly maxMeter: number;
  /** bits 1 << OFPMBT_* */
  readonly bandTypes: number;
  /** OFPMF_* */
  readonly capabilities: number;
  readonly maxBands: number;
  readonly maxColor: number;
}

/** A MeterFeaturesReply with the usual values where `fields` says nothing. */
export const meterFeaturesReply = (fields: Buildable<MeterFeaturesReply, 'flags'>): MeterFeaturesReply => ({
  type: 'meter_features_reply',
  flags: 0,
  ...fields,
});

export function decodeMeterFeaturesReply(view: DataView, off: number, end: number): MeterFeaturesReply {
  exactly(off, end, 24, 'meter_features_reply');
  const flags = view.getUint16(off + 2);
  const maxMeter = view.getUint32(off + 8);
  const bandTypes = view.getUint32(off + 12);
  const capabilities = view.getUint32(off + 16);
  const maxBands = view.getUint8(off + 20);
  const maxColor = view.getUint8(off + 21);
  return { type: 'meter_features_reply', flags, maxMeter, bandTypes, capabilities, maxBands, maxColor };
}

export function encodeMeterFeaturesReply(writer: Writer, value: MeterFeaturesReply): void {
  const at = writer.claim(24);
  const view = writer.view;
  view.setUint16(at, 11);
  view.setUint16(at + 2, u16(value.flags, 'flags'));
  view.setUint32(at + 4, 0);
  view.setUint32(at + 8, u32(value.maxMeter, 'maxMeter'));
  view.setUint32(at + 12, u32(value.bandTypes, 'bandTypes'));
  view.setUint32(at + 16, u32(value.capabilities, 'capabilities'));
  view.setUint8(at + 20, u8(value.maxBands, 'maxBands'));
  view.setUint8(at + 21, u8(value.maxColor, 'maxColor'));
  view.setUint16(at + 22, 0);
}
