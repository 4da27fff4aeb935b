// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly, u16 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPMP_METER_FEATURES request: what can meters do here? OpenFlow 1.3.0 §A.3.5.14. */
export interface MeterFeaturesRequest {
  readonly type: 'meter_features_request';
  /** OFPMPF_*: more fragments follow */
  readonly flags: number;
}

/** A MeterFeaturesRequest with the usual values where `fields` says nothing. */
export const meterFeaturesRequest = (fields: Buildable<MeterFeaturesRequest, 'flags'> = {}): MeterFeaturesRequest => ({
  type: 'meter_features_request',
  flags: 0,
  ...fields,
});

export function decodeMeterFeaturesRequest(view: DataView, off: number, end: number): MeterFeaturesRequest {
  exactly(off, end, 8, 'meter_features_request');
  const flags = view.getUint16(off + 2);
  return { type: 'meter_features_request', flags };
}

export function encodeMeterFeaturesRequest(writer: Writer, value: MeterFeaturesRequest): void {
  const at = writer.claim(8);
  const view = writer.view;
  view.setUint16(at, 11);
  view.setUint16(at + 2, u16(value.flags, 'flags'));
  view.setUint32(at + 4, 0);
}
