// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly, u32 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPT_SET_ASYNC: chooses which asynchronous messages come. OpenFlow 1.3.0 §A.3.10. */
export interface SetAsync {
  readonly type: 'set_async';
  /** bits 1 << OFPR_*, as master or equal */
  readonly packetInMask: number;
  /** the same as slave */
  readonly packetInMaskSlave: number;
  /** bits 1 << OFPPR_* */
  readonly portStatusMask: number;
  readonly portStatusMaskSlave: number;
  /** bits 1 << OFPRR_* */
  readonly flowRemovedMask: number;
  readonly flowRemovedMaskSlave: number;
}

/** A SetAsync with the usual values where `fields` says nothing. */
export const setAsync = (fields: Buildable<SetAsync, never>): SetAsync => ({
  type: 'set_async',
  ...fields,
});

export function decodeSetAsync(view: DataView, off: number, end: number): SetAsync {
  exactly(off, end, 24, 'set_async');
  const packetInMask = view.getUint32(off);
  const packetInMaskSlave = view.getUint32(off + 4);
  const portStatusMask = view.getUint32(off + 8);
  const portStatusMaskSlave = view.getUint32(off + 12);
  const flowRemovedMask = view.getUint32(off + 16);
  const flowRemovedMaskSlave = view.getUint32(off + 20);
  return { type: 'set_async', packetInMask, packetInMaskSlave, portStatusMask, portStatusMaskSlave, flowRemovedMask, flowRemovedMaskSlave };
}

export function encodeSetAsync(writer: Writer, value: SetAsync): void {
  const at = writer.claim(24);
  const view = writer.view;
  view.setUint32(at, u32(value.packetInMask, 'packetInMask'));
  view.setUint32(at + 4, u32(value.packetInMaskSlave, 'packetInMaskSlave'));
  view.setUint32(at + 8, u32(value.portStatusMask, 'portStatusMask'));
  view.setUint32(at + 12, u32(value.portStatusMaskSlave, 'portStatusMaskSlave'));
  view.setUint32(at + 16, u32(value.flowRemovedMask, 'flowRemovedMask'));
  view.setUint32(at + 20, u32(value.flowRemovedMaskSlave, 'flowRemovedMaskSlave'));
}
