/** OXM fields up to the end, without a length of their own: what Open vSwitch knows of a packet. */
import type { Match } from '../../generated/match-types.ts';
import { decodeFields, encodeFields } from '../oxm-fields.ts';
import type { Writer } from '../writer.ts';

export function decodeNxFields(view: DataView, from: number, end: number): Match {
  return decodeFields(view, from, end);
}

export function encodeNxFields(writer: Writer, match: Match): void {
  encodeFields(writer, match);
}
