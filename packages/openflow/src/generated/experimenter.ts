// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { bytesOf, need, u32 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPT_EXPERIMENTER: a message of somebody else, kept as bytes. OpenFlow 1.3.0 §A.5.4. */
export interface Experimenter {
  readonly type: 'experimenter';
  /** ONF or IEEE OUI id */
  readonly experimenter: number;
  /** defined by the experimenter */
  readonly expType: number;
  readonly data: Uint8Array;
}

/** A Experimenter with the usual values where `fields` says nothing. */
export const experimenter = (fields: Buildable<Experimenter, 'expType' | 'data'>): Experimenter => ({
  type: 'experimenter',
  expType: 0,
  data: new Uint8Array(0),
  ...fields,
});

export function decodeExperimenter(view: DataView, off: number, end: number): Experimenter {
  need(off, end, 8, 'experimenter');
  const experimenter = view.getUint32(off);
  const expType = view.getUint32(off + 4);
  const data = bytesOf(view, off + 8, end);
  return { type: 'experimenter', experimenter, expType, data };
}

export function encodeExperimenter(writer: Writer, value: Experimenter): void {
  const at = writer.claim(8);
  const view = writer.view;
  view.setUint32(at, u32(value.experimenter, 'experimenter'));
  view.setUint32(at + 4, u32(value.expType, 'expType'));
  writer.append(value.data);
}
