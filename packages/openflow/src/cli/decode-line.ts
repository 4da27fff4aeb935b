/** One line of `oflib decode --lines`: a message in hexadecimal text, to what it says in JSON. */
import { decodeMessage, encodeMessage } from '../codec.ts';
import { BAD_REQUEST_LEN, EncodeError, ProtocolError } from '../runtime/protocol-error.ts';
import { fromHex, toHex, toJson } from './json.ts';
import { LINE_CHARS_MAX } from './line-splitter.ts';

interface LineError {
  /** OFPET_* and code with which a switch answers. */
  readonly type: number;
  readonly code: number;
  /** Bytes from the beginning of the message; characters of the line when it is no hexadecimal text. */
  readonly offset: number;
  readonly path: string;
  readonly message: string;
}

/** `undefined` is a line that was too long to be kept. Never throws. */
export function decodeLine(line: string | undefined): string {
  const [type, code] = BAD_REQUEST_LEN;
  if (line === undefined) {
    const message = `the line has more than ${LINE_CHARS_MAX} characters`;
    return refused({ type, code, offset: LINE_CHARS_MAX, path: 'line', message });
  }
  const bytes = fromHex(line.trim());
  if (typeof bytes === 'number') {
    const message = `not hexadecimal text (character ${bytes})`;
    return refused({ type, code, offset: bytes, path: 'line', message });
  }
  return toJson(decodeBytes(bytes));
}

/** What one message says, or why it is none. Never throws for what bytes can do. */
export function decodeBytes(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const [type, code] = BAD_REQUEST_LEN;
  try {
    const { version, xid, message } = decodeMessage(bytes);
    const reencoded = toHex(encodeMessage(message, xid, version));
    return { ok: true, version, type: message.type, message, reencoded };
  } catch (error) {
    if (error instanceof ProtocolError) {
      const { ofType, ofCode, offset, path } = error.detail;
      return { ok: false, error: { type: ofType, code: ofCode, offset, path, message: error.message } };
    }
    if (!(error instanceof EncodeError)) throw error;
    return { ok: false, error: { type, code, offset: 0, path: 'reencoded', message: error.message } };
  }
}

const refused = (error: LineError): string => toJson({ ok: false, error });
