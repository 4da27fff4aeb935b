/**
 * Whole messages: the header (version, type, length, xid) around the generated bodies. The xid belongs to the
 * envelope, so messages are plain data that can be built, compared and kept without a connection.
 */
import { bytesOf, need, u8, u16, u32 } from './runtime/bounds.ts';
import { BAD_REQUEST_LEN, EncodeError, ProtocolError, protocolError } from './runtime/protocol-error.ts';
import { Writer } from './runtime/writer.ts';
import {
  type AnyCodec,
  codecOf,
  type KnownMessage,
  type Version,
  versionOf,
  wireVersion,
} from './versions.ts';

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

/** Any message of the versions V: one that they name, or one kept as bytes. */
export type Message<V extends Version = '1.3'> = KnownMessage<V> | UnknownMessage | UnknownMultipart;

export interface Envelope<V extends Version = Version> {
  /** Wire version of the header: 4 is OpenFlow 1.3. Hello and error may carry another than was agreed. */
  readonly version: number;
  readonly xid: number;
  readonly message: Message<V>;
}

export const HEADER_BYTES = 8;
/** What is written when nobody says otherwise: OpenFlow 1.3. */
export const DEFAULT_WIRE_VERSION = 4;
const HELLO = 0;
const ERROR = 1;
const BAD_VERSION = [1, 0] as const;

/**
 * One message from its bytes, all of them, in the version that its header names. Byte fields are views of `bytes`.
 * With `agreed` any other version is refused, except in hello and error.
 * Throws ProtocolError, and nothing else, whatever the bytes are.
 */
export function decodeMessage(bytes: Uint8Array): Envelope;
export function decodeMessage<V extends Version>(bytes: Uint8Array, agreed: V): Envelope<V>;
export function decodeMessage(bytes: Uint8Array, agreed?: Version): Envelope {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return decodeMessageAt(view, 0, bytes.byteLength, agreed === undefined ? undefined : wireVersion(agreed));
}

/** The same for a message inside a larger view; `agreed` is the number on the wire. */
export function decodeMessageAt(view: DataView, off: number, end: number, agreed?: number): Envelope {
  try {
    return decodeEnvelope(view, off, end, agreed);
  } catch (error) {
    if (error instanceof ProtocolError) throw error.in(versionToAnswer(view, off, end, agreed));
    throw error;
  }
}

/** The version in whose numbers an error is said. */
function versionToAnswer(view: DataView, off: number, end: number, agreed: number | undefined): Version {
  const named = agreed ?? (end > off ? view.getUint8(off) : DEFAULT_WIRE_VERSION);
  return versionOf(named) ?? '1.3';
}

/** The same with errors under their neutral pairs, for a message inside another one. */
export function decodeEnvelope(view: DataView, off: number, end: number, agreed?: number): Envelope {
  try {
    need(off, end, HEADER_BYTES, 'header');
    const length = view.getUint16(off + 2);
    if (length !== end - off) {
      const reason = `the header says ${length} bytes, there are ${end - off}`;
      throw protocolError(reason, BAD_REQUEST_LEN, off, 'header');
    }
    const version = view.getUint8(off);
    const code = view.getUint8(off + 1);
    const codec = codecFor(version, code, agreed, off);
    const message = decodeAny(codec, code, view, off + HEADER_BYTES, end);
    return { version, xid: view.getUint32(off + 4), message };
  } catch (error) {
    if (error instanceof ProtocolError) throw off === 0 ? error : error.relativeTo(off);
    throw error;
  }
}

function codecFor(version: number, code: number, agreed: number | undefined, off: number): AnyCodec {
  const isFree = code === HELLO || code === ERROR;
  if (agreed !== undefined && version !== agreed && !isFree) {
    throw protocolError(`version ${version} was not agreed`, BAD_VERSION, off, 'header');
  }
  // Hello and error look the same in every version, also in one that nobody knows yet.
  const codec = codecOf(version) ?? (isFree ? codecOf(DEFAULT_WIRE_VERSION) : undefined);
  if (codec === undefined) throw protocolError(`there is no version ${version}`, BAD_VERSION, off, 'header');
  return codec;
}

function decodeAny(
  codec: AnyCodec,
  code: number,
  view: DataView,
  off: number,
  end: number,
): Message<Version> {
  if (code === codec.multipartRequest || code === codec.multipartReply) {
    return decodeMultipart(codec, code, view, off, end);
  }
  try {
    return codec.decodeBody(code, view, off, end) ?? { type: 'unknown', code, body: bytesOf(view, off, end) };
  } catch (error) {
    throw named(error, codec, () => typeName(codec, code));
  }
}

function decodeMultipart(
  codec: AnyCodec,
  code: number,
  view: DataView,
  off: number,
  end: number,
): Message<Version> {
  need(off, end, codec.multipartBytes, 'multipart');
  const multipart = view.getUint16(off);
  const isRequest = code === codec.multipartRequest;
  try {
    const known = isRequest
      ? codec.decodeMultipartRequest(multipart, view, off, end)
      : codec.decodeMultipartReply(multipart, view, off, end);
    if (known !== undefined) return known;
  } catch (error) {
    throw named(error, codec, () => `multipart_${isRequest ? 'request' : 'reply'}(${multipart})`);
  }
  return {
    type: isRequest ? 'unknown_multipart_request' : 'unknown_multipart_reply',
    multipart,
    flags: view.getUint16(off + 2),
    body: bytesOf(view, off + codec.multipartBytes, end),
  };
}

const typeName = ({ codes }: AnyCodec, code: number): string =>
  Object.entries(codes).find(([, number]) => number === code)?.[0] ?? `type ${code}`;

function named(error: unknown, { codes }: AnyCodec, name: () => string): unknown {
  if (!(error instanceof ProtocolError)) return error;
  const { path } = error.detail;
  return path in codes ? error : error.within(name());
}

/**
 * The bytes of one message in a version, by its name or its number on the wire; 1.3 unless told. Throws EncodeError
 * when a value does not fit its field, and when the version has no such message.
 */
export function encodeMessage(
  message: Message<Version>,
  xid: number,
  version: Version | number = DEFAULT_WIRE_VERSION,
): Uint8Array {
  const wire = typeof version === 'number' ? version : wireVersion(version);
  const start = shared.length;
  encodeInto(shared, message, xid, wire);
  return shared.handOver(start);
}

/** Encoding never waits, so one arena serves every caller. */
const shared = new Writer();

/** Appends one message to an arena; on EncodeError the arena is as it was before. */
export function encodeInto(
  writer: Writer,
  message: Message<Version>,
  xid: number,
  version: number = DEFAULT_WIRE_VERSION,
): void {
  const at = writer.claim(HEADER_BYTES);
  try {
    const code = encodeAny(writer, message, version);
    // The body may have made the arena grow, so its view is taken only now.
    const view = writer.view;
    view.setUint8(at, version);
    view.setUint8(at + 1, code);
    view.setUint32(at + 4, u32(xid, 'xid'));
    writer.patchLength(at + 2, at, message.type);
  } catch (error) {
    writer.length = at;
    throw error;
  }
}

/** Writes the body and returns the OFPT_* number. */
function encodeAny(writer: Writer, message: Message<Version>, version: number): number {
  const codec =
    codecOf(version) ??
    (message.type === 'hello' || message.type === 'error' ? codecOf(DEFAULT_WIRE_VERSION) : undefined);
  if (codec === undefined) throw new EncodeError(`there is no version ${version}`);
  switch (message.type) {
    case 'unknown':
      writer.append(message.body);
      return u8(message.code, 'code');
    case 'unknown_multipart_request':
    case 'unknown_multipart_reply': {
      const at = writer.claim(codec.multipartBytes);
      const { view } = writer;
      view.setUint16(at, u16(message.multipart, 'multipart'));
      view.setUint16(at + 2, u16(message.flags, 'flags'));
      if (codec.multipartBytes === 8) view.setUint32(at + 4, 0);
      writer.append(message.body);
      return message.type === 'unknown_multipart_request' ? codec.multipartRequest : codec.multipartReply;
    }
    default: {
      const code = codec.codes[message.type];
      if (code === undefined || !codec.encodeBody(writer, message)) {
        throw new EncodeError(`OpenFlow ${versionOf(version)} has no message ${message.type}`);
      }
      return code;
    }
  }
}
