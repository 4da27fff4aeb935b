/** The field of nx_delete_field: an OXM header, and zeros up to 14 bytes (the action always takes 24). */
import { decodeOxmHeader, encodeOxmHeader, endOfOxmHeader, type OxmId } from '../oxm-id.ts';
import type { Writer } from '../writer.ts';

const SIZE = 14;

export function decodeDeletedField(view: DataView, at: number, end: number): OxmId {
  endOfOxmHeader(view, at, end);
  return decodeOxmHeader(view, at);
}

export function encodeDeletedField(writer: Writer, field: OxmId): void {
  const start = writer.length;
  encodeOxmHeader(writer, field);
  const at = writer.claim(SIZE - (writer.length - start));
  writer.bytes.fill(0, at, writer.length);
}
