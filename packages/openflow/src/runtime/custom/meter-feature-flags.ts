/**
 * The end of a meter_features_reply of 1.5: u32 of OFPMFF_* and 4 bytes of padding. Open vSwitch 3.1 sends the reply of
 * 1.3 in 1.5 too, without them; then they are undefined, which is encoded as it came.
 */
import { exactly, u32 } from '../bounds.ts';
import type { Writer } from '../writer.ts';

/** OFPMFF_*; undefined when the sender left it out. */
export type MeterFeatureFlags = number | undefined;

const SIZE = 8;

/** Throws ProtocolError when there is something, and not just that. */
export function decodeMeterFeatureFlags(view: DataView, from: number, end: number): MeterFeatureFlags {
  if (from === end) return undefined;
  exactly(from, end, SIZE, 'features');
  return view.getUint32(from);
}

export function encodeMeterFeatureFlags(writer: Writer, flags: MeterFeatureFlags): void {
  if (flags === undefined) return;
  const at = writer.claim(SIZE);
  writer.view.setUint32(at, u32(flags, 'features'));
  writer.view.setUint32(at + 4, 0);
}
