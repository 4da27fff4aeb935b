/** What the codec of whole messages asks of one version of the protocol; the generated messages.ts gives it. */
import type { Writer } from './writer.ts';

export interface VersionCodec<M extends { readonly type: string }> {
  /** On the wire: 1 is OpenFlow 1.0, 6 is 1.5. */
  readonly version: number;
  /** OFPT_* numbers of multiparts. */
  readonly multipartRequest: number;
  readonly multipartReply: number;
  /** Bytes of a multipart before its body. */
  readonly multipartBytes: 4 | 8;
  /** OFPT_* number by message type. */
  readonly codes: Readonly<Record<string, number>>;
  /** The reply of each request. */
  readonly replyTypes: Readonly<Record<string, string>>;
  /** The list that grows from fragment to fragment of a reply. */
  readonly fragmentLists: Readonly<Record<string, string>>;
  /** Undefined when nobody has named the number. */
  decodeBody(code: number, view: DataView, off: number, end: number): M | undefined;
  decodeMultipartRequest(number: number, view: DataView, off: number, end: number): M | undefined;
  decodeMultipartReply(number: number, view: DataView, off: number, end: number): M | undefined;
  /** False when this version has no such message. */
  encodeBody(writer: Writer, message: M): boolean;
}
