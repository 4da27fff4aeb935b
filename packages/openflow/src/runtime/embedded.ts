/**
 * A whole message, with its header, inside another one: bundles and forwarded requests. It keeps the version and the
 * xid of its own header, so it is encoded as it came; that both must be those of the outer message is for the
 * receiver to check.
 */
import { decodeEnvelope, type Envelope, encodeInto, HEADER_BYTES } from '../codec.ts';
import {
  BUNDLE_MESSAGE_LEN,
  BUNDLE_MESSAGE_UNSUPPORTED,
  EncodeError,
  ProtocolError,
  protocolError,
} from './protocol-error.ts';
import type { Writer } from './writer.ts';

/** A bundle carries no bundles and a forwarded request forwards nothing, so one level is all there can be. */
export const EMBEDDED_DEPTH_MAX = 1;
/** Codecs never wait, so one count serves every caller. */
let depth = 0;

/** Where the message at `at` ends, by its own header. */
export function endOfEmbedded(view: DataView, at: number, end: number): number {
  if (end - at < HEADER_BYTES) {
    throw protocolError(
      `truncated: needed ${HEADER_BYTES} bytes, had ${end - at}`,
      BUNDLE_MESSAGE_LEN,
      at,
      'message',
    );
  }
  const length = view.getUint16(at + 2);
  if (length < HEADER_BYTES || length > end - at) {
    throw protocolError(
      `length ${length} is not between ${HEADER_BYTES} and ${end - at}`,
      BUNDLE_MESSAGE_LEN,
      at,
      'message',
    );
  }
  return at + length;
}

/** The message between `at` and `end`, which endOfEmbedded has found. */
export function decodeEmbedded(view: DataView, at: number, end: number): Envelope {
  if (depth >= EMBEDDED_DEPTH_MAX) {
    throw protocolError(
      `messages are nested more than ${EMBEDDED_DEPTH_MAX} deep`,
      BUNDLE_MESSAGE_UNSUPPORTED,
      at,
      'message',
    );
  }
  depth += 1;
  try {
    return decodeEnvelope(view, at, end);
  } catch (error) {
    // The inner codec counts from the inner header; the outer one does so once more.
    throw error instanceof ProtocolError ? error.relativeTo(-at).within('message') : error;
  } finally {
    depth -= 1;
  }
}

export function encodeEmbedded(writer: Writer, { message, xid, version }: Envelope): void {
  if (depth >= EMBEDDED_DEPTH_MAX) {
    throw new EncodeError(`messages are nested more than ${EMBEDDED_DEPTH_MAX} deep`);
  }
  depth += 1;
  try {
    encodeInto(writer, message, xid, version);
  } finally {
    depth -= 1;
  }
}
