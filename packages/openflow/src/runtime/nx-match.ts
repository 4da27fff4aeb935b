/** Nicira's nx_match: OXM fields without type and length; the structure around it says how many bytes there are. */
import type { Match } from '../generated/match-types.ts';
import { decodeFields, encodeFields } from './oxm-fields.ts';
import type { Writer } from './writer.ts';

/** The fields from `from` to `end`, which the caller has checked. */
export const decodeNxMatch = (view: DataView, from: number, end: number): Match =>
  decodeFields(view, from, end);

/** Writes the fields; length and padding are the caller's. */
export const encodeNxMatch = (writer: Writer, match: Match): void => encodeFields(writer, match);
