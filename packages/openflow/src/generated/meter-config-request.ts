// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly, u16, u32 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPMP_METER_CONFIG request: what meters are there? OpenFlow 1.3.0 §A.3.5.13. */
export interface MeterConfigRequest {
  readonly type: 'meter_config_request';
  /** OFPMPF_*: more fragments follow */
  readonly flags: number;
  /** OFPM_ALL for all */
  readonly meterId: number;
}

/** A MeterConfigRequest with the usual values where `fields` says nothing. */
export const meterConfigRequest = (fields: Buildable<MeterConfigRequest, 'flags' | 'meterId'> = {}): MeterConfigRequest => ({
  type: 'meter_config_request',
  flags: 0,
  meterId: 0xffffffff,
  ...fields,
});

export function decodeMeterConfigRequest(view: DataView, off: number, end: number): MeterConfigRequest {
  exactly(off, end, 16, 'meter_config_request');
  const flags = view.getUint16(off + 2);
  const meterId = view.getUint32(off + 8);
  return { type: 'meter_config_request', flags, meterId };
}

export function encodeMeterConfigRequest(writer: Writer, value: MeterConfigRequest): void {
  const at = writer.claim(16);
  const view = writer.view;
  view.setUint16(at, 10);
  view.setUint16(at + 2, u16(value.flags, 'flags'));
  view.setUint32(at + 4, 0);
  view.setUint32(at + 8, u32(value.meterId, 'meterId'));
  view.setUint32(at + 12, 0);
}
