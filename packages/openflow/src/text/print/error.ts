/** Errors, with what they answer. */
import { decodeMessage } from '../../codec.ts';
import { ERROR_NAMES as IN_10 } from '../../generated/of10/constants.ts';
import { ERROR_NAMES as IN_11 } from '../../generated/of11/constants.ts';
import { ERROR_NAMES as IN_12 } from '../../generated/of12/constants.ts';
import { EXTENSION_ERROR_NAMES, ERROR_NAMES as IN_13 } from '../../generated/of13/constants.ts';
import { ERROR_NAMES as IN_14 } from '../../generated/of14/constants.ts';
import { ERROR_NAMES as IN_15 } from '../../generated/of15/constants.ts';
import { ProtocolError } from '../../runtime/protocol-error.ts';
import type { Version } from '../../versions.ts';
import { hexDump } from './dump.ts';
import type { AnyMessage, Of } from './types.ts';

type Names = Readonly<Record<number, Readonly<Record<number, string>>>>;

const NAMES: Readonly<Record<Version, Names>> = {
  '1.0': IN_10,
  '1.1': IN_11,
  '1.2': IN_12,
  '1.3': IN_13,
  '1.4': IN_14,
  '1.5': IN_15,
};

const HELLO_FAILED = 0;
const EXPERIMENTER = 0xffff;
const HEADER = 8;

/** `print` writes the message that the error answers. */
export function errorText(
  error: Of<'error'>,
  version: Version,
  print: (message: AnyMessage, version: number, xid: number) => string,
): string {
  const { ofType, ofCode, data } = error;
  const name = nameOf(version, ofType, ofCode, data);
  if (data.length === 0) return name;
  if (ofType === HELLO_FAILED) return `${name}\n${printable(data)}`;
  const about = ofType === EXPERIMENTER ? data.subarray(4) : data;
  return `${name}\n${requestText(about, print)}`;
}

function nameOf(version: Version, ofType: number, ofCode: number, data: Uint8Array): string {
  if (ofType === EXPERIMENTER && data.length >= 4) {
    const who = new DataView(data.buffer, data.byteOffset, 4).getUint32(0);
    return EXTENSION_ERROR_NAMES[who]?.[ofCode] ?? `experimenter 0x${who.toString(16)} error ${ofCode}`;
  }
  return NAMES[version][ofType]?.[ofCode] ?? `type ${ofType} code ${ofCode}`;
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
