/**
 * Whole messages: the header (version, type, length, xid) around the generated bodies. The xid belongs to the
 * envelope, so messages are plain data that can be built, compared and kept without a connection.
 */
import { OFP_VERSION_1_3 } from './generated/constants.ts';
import {
  decodeBody,
  decodeMultipartReply,
  decodeMultipartRequest,
  encodeBody,
  type KnownMessage,
  MESSAGE_CODES,
} from './generated/messages.ts';
import { bytesOf, need, u8, u16 } from './runtime/bounds.ts';
import { BAD_REQUEST_LEN, ProtocolError, protocolError } from './runtime/protocol-error.ts';
import { Writer } from './runtime/writer.ts';

/** A message whose OFPT_* number this version does not name. */
export interface UnknownMessage {
  readonly type: 'unknown';
  readonly code: number;
  readonly body: Uint8Array;
}

/** A multipart whose OFPMP_* number this version does not name. */
export interface UnknownMultipart {
  readonly type: 'unknown_multipart_request' | 'unknown_multipart_reply';
  readonly multipart: number;
  readonly flags: number;
  readonly body: Uint8Array;
}

export type Message = KnownMessage | UnknownMessage | UnknownMultipart;

export interface Envelope {
  /** Wire version of the header: 4 is OpenFlow 1.3. Hello and error may carry another. */
  readonly version: number;
  readonly xid: number;
  readonly message: Message;
}

export const HEADER_BYTES = 8;
const MULTIPART_BYTES = 8;
const HELLO = 0;
const ERROR = 1;
const MULTIPART_REQUEST = 18;
const MULTIPART_REPLY = 19;
const BAD_VERSION = [1, 0] as const;

/**
 * One message from its bytes, all of them. Byte fields are views of `bytes`.
 * Throws ProtocolError, and nothing else, whatever the bytes are.
 */
export function decodeMessage(bytes: Uint8Array): Envelope {
  return decodeMessageAt(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.byteLength);
}

/** The same for a message inside a larger view. */
export function decodeMessageAt(view: DataView, off: number, end: number): Envelope {
  try {
    need(off, end, HEADER_BYTES, 'header');
    const length = view.getUint16(off + 2);
    if (length !== end - off) {
      throw protocolError(
        `the header says ${length} bytes, there are ${end - off}`,
        BAD_REQUEST_LEN,
        off,
        'header',
      );
    }
    const version = view.getUint8(off);
    const code = view.getUint8(off + 1);
    if (version !== OFP_VERSION_1_3 && code !== HELLO && code !== ERROR) {
      throw protocolError(`version ${version} was not agreed`, BAD_VERSION, off, 'header');
    }
    return { version, xid: view.getUint32(off + 4), message: decodeAny(code, view, off + HEADER_BYTES, end) };
  } catch (error) {
    if (error instanceof ProtocolError) throw off === 0 ? error : error.relativeTo(off);
    throw error;
  }
}

function decodeAny(code: number, view: DataView, off: number, end: number): Message {
  if (code === MULTIPART_REQUEST || code === MULTIPART_REPLY) return decodeMultipart(code, view, off, end);
  try {
    return decodeBody(code, view, off, end) ?? { type: 'unknown', code, body: bytesOf(view, off, end) };
  } catch (error) {
    throw named(error, () => typeName(code));
  }
}

function decodeMultipart(code: number, view: DataView, off: number, end: number): Message {
  need(off, end, MULTIPART_BYTES, 'multipart');
  const multipart = view.getUint16(off);
  const isRequest = code === MULTIPART_REQUEST;
  try {
    const known = isRequest
      ? decodeMultipartRequest(multipart, view, off, end)
      : decodeMultipartReply(multipart, view, off, end);
    if (known !== undefined) return known;
  } catch (error) {
    throw named(error, () => `multipart_${isRequest ? 'request' : 'reply'}(${multipart})`);
  }
  return {
    type: isRequest ? 'unknown_multipart_request' : 'unknown_multipart_reply',
    multipart,
    flags: view.getUint16(off + 2),
    body: bytesOf(view, off + MULTIPART_BYTES, end),
  };
}

const typeName = (code: number): string =>
  Object.entries(MESSAGE_CODES).find(([, number]) => number === code)?.[0] ?? `type ${code}`;

function named(error: unknown, name: () => string): unknown {
  if (!(error instanceof ProtocolError)) return error;
  const { path } = error.detail;
  return path in MESSAGE_CODES ? error : error.within(name());
}

/** The bytes of one message. Throws EncodeError when a value does not fit its field. */
export function encodeMessage(message: Message, xid: number): Uint8Array {
  encodeInto(shared, message, xid);
  return shared.take();
}

/** Encoding never waits, so one arena serves every caller; what is returned is a copy. */
const shared = new Writer();

/** Appends one message to an arena; on EncodeError the arena is as it was before. */
export function encodeInto(writer: Writer, message: Message, xid: number): void {
  const at = writer.claim(HEADER_BYTES);
  try {
    const code = encodeAny(writer, message);
    // The body may have made the arena grow, so its view is taken only now.
    const view = writer.view;
    view.setUint8(at, OFP_VERSION_1_3);
    view.setUint8(at + 1, code);
    view.setUint32(at + 4, xid);
    writer.patchLength(at + 2, at, message.type);
  } catch (error) {
    writer.length = at;
    throw error;
  }
}

/** Writes the body and returns the OFPT_* number. */
function encodeAny(writer: Writer, message: Message): number {
  switch (message.type) {
    case 'unknown':
      writer.append(message.body);
      return u8(message.code, 'code');
    case 'unknown_multipart_request':
    case 'unknown_multipart_reply': {
      const at = writer.claim(MULTIPART_BYTES);
      writer.view.setUint16(at, u16(message.multipart, 'multipart'));
      writer.view.setUint16(at + 2, u16(message.flags, 'flags'));
      writer.view.setUint32(at + 4, 0);
      writer.append(message.body);
      return message.type === 'unknown_multipart_request' ? MULTIPART_REQUEST : MULTIPART_REPLY;
    }
    default:
      encodeBody(writer, message);
      return MESSAGE_CODES[message.type];
  }
}
