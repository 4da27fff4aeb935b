/** Text up to the end: URIs of controllers. Bytes above 127 become the code points of Latin-1, so nothing is lost. */
import { EncodeError } from '../protocol-error.ts';
import type { Writer } from '../writer.ts';

export type Uri = string;

export function decodeUri(view: DataView, from: number, end: number): Uri {
  let text = '';
  for (let at = from; at < end; at++) text += String.fromCharCode(view.getUint8(at));
  return text;
}

export function encodeUri(writer: Writer, uri: Uri): void {
  const at = writer.claim(uri.length);
  for (let i = 0; i < uri.length; i++) {
    const code = uri.charCodeAt(i);
    if (code > 255) throw new EncodeError(`"${uri}" is not Latin-1 text`);
    writer.bytes[at + i] = code;
  }
}
