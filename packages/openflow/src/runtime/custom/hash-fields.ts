/** OXM fields up to the end, whose values are the bits of a packet that go into a hash (Netronome). */
import type { Match } from '../../generated/match-types.ts';
import { decodeFields, encodeFields } from '../oxm-fields.ts';
import type { Writer } from '../writer.ts';

export type HashFields = Match;

export const decodeHashFields = (view: DataView, from: number, end: number): HashFields =>
  decodeFields(view, from, end);

export const encodeHashFields = (writer: Writer, fields: HashFields): void => encodeFields(writer, fields);
