/** Errors, with what they answer. */
import { decodeMessage } from '../../codec.ts';
import { describeError } from '../../errors.ts';
import { ProtocolError } from '../../runtime/protocol-error.ts';
import type { Version } from '../../versions.ts';
import { hexDump } from './dump.ts';
import type { AnyMessage, Of } from './types.ts';

const HELLO_FAILED = 0;
const HEADER = 8;

/** `print` writes the message that the error answers. */
export function errorText(
  error: Of<'error'>,
  version: Version,
  print: (message: AnyMessage, version: number, xid: number) => string,
): string {
  const { name, ofType, data } = describeError(error, version);
  if (data.length === 0) return name;
  return `${name}\n${ofType === HELLO_FAILED ? printable(data) : requestText(data, print)}`;
}

const printable = (data: Uint8Array): string =>
  Array.from(data, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');

/** What was refused may be what nobody can read, and it may be cut. */
function requestText(
  data: Uint8Array,
  print: (message: AnyMessage, version: number, xid: number) => string,
): string {
  const length = data.length < HEADER ? 0 : new DataView(data.buffer, data.byteOffset, 4).getUint16(2);
  if (length < HEADER) return `(***only uses ${length} bytes out of ${data.length}***)\n${hexDump(data)}`;
  if (length > data.length) {
    return `(***truncated to ${data.length} bytes from ${length}***)\n${hexDump(data)}`;
  }
  try {
    const { message, version, xid } = decodeMessage(data.subarray(0, length));
    return print(message, version, xid);
  } catch (error) {
    if (error instanceof ProtocolError) return `***decode error: ${error.message}***\n${hexDump(data)}`;
    throw error;
  }
}
