// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { bytesOf, need, u16, u32 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPMP_EXPERIMENTER reply of somebody else, kept as bytes. OpenFlow 1.3.0 §A.3.5.15. */
export interface ExperimenterMultipartReply {
  readonly type: 'experimenter_multipart_reply';
  /** OFPMPF_*: more fragments follow */
  readonly flags: number;
  readonly experimenter: number;
  /** defined by the experimenter */
  readonly expType: number;
  readonly data: Uint8Array;
}

/** A ExperimenterMultipartReply with the usual values where `fields` says nothing. */
export const experimenterMultipartReply = (fields: Buildable<ExperimenterMultipartReply, 'flags' | 'expType' | 'data'>): ExperimenterMultipartReply => ({
  type: 'experimenter_multipart_reply',
  flags: 0,
  expType: 0,
  data: new Uint8Array(0),
  ...fields,
});

export function decodeExperimenterMultipartReply(view: DataView, off: number, end: number): ExperimenterMultipartReply {
  need(off, end, 16, 'experimenter_multipart_reply');
  const flags = view.getUint16(off + 2);
  const experimenter = view.getUint32(off + 8);
  const expType = view.getUint32(off + 12);
  const data = bytesOf(view, off + 16, end);
  return { type: 'experimenter_multipart_reply', flags, experimenter, expType, data };
}

export function encodeExperimenterMultipartReply(writer: Writer, value: ExperimenterMultipartReply): void {
  const at = writer.claim(16);
  const view = writer.view;
  view.setUint16(at, 0xffff);
  view.setUint16(at + 2, u16(value.flags, 'flags'));
  view.setUint32(at + 4, 0);
  view.setUint32(at + 8, u32(value.experimenter, 'experimenter'));
  view.setUint32(at + 12, u32(value.expType, 'expType'));
  writer.append(value.data);
}
