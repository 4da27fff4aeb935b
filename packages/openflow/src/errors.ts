/** Names of OpenFlow errors, the contents of error messages, and the error that a switch side throws to answer with one. */
import type { ErrorMessage } from './generated/of13/index.ts';
import {
  EXPERIMENTER_ERROR,
  errorIn,
  extensionErrorName,
  hasVendorErrors,
  neutralName,
  standardErrorName,
  UNENCODABLE,
  VENDOR_ERROR,
  type WireError,
} from './runtime/error-numbers.ts';
import type { Version } from './versions.ts';

/**
 * As a version names its errors: 'OFPMMFC_UNKNOWN_METER' for (12, 3) of 1.3; 'OFPET_99(4)' for what nobody has named.
 * The errors of experimenters have their number in the data of the message: see describeError.
 */
export function errorName(ofType: number, ofCode: number, version: Version = '1.3'): string {
  return standardErrorName(version, ofType, ofCode) ?? `OFPET_${ofType}(${ofCode})`;
}

/** What an error message says. */
export interface ErrorDescription extends WireError {
  /** From the message that was wrong, or a text; without what names the error. */
  readonly data: Uint8Array;
}

type ErrorFields = Pick<ErrorMessage, 'ofType' | 'ofCode' | 'data'>;

/** Who and, before 1.2, type and code stand before the data of an experimenter's error. */
const EXPERIMENTER_BYTES = 4;
const VENDOR_BYTES = 8;

/** Reads an error message of a version, also one that an experimenter defines. */
export function describeError(error: ErrorFields, version: Version = '1.3'): ErrorDescription {
  const { ofType, ofCode, data } = error;
  const plain = { name: errorName(ofType, ofCode, version), ofType, ofCode, data };
  const isVendor = hasVendorErrors(version);
  const size = isVendor ? VENDOR_BYTES : EXPERIMENTER_BYTES;
  if (ofType !== (isVendor ? VENDOR_ERROR : EXPERIMENTER_ERROR) || data.length < size) return plain;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const experimenter = view.getUint32(0);
  const expCode = isVendor ? view.getUint32(EXPERIMENTER_BYTES) : ofCode;
  const name =
    extensionErrorName(version, experimenter, expCode) ?? `0x${experimenter.toString(16)}(${expCode})`;
  return { name, ofType, ofCode, experimenter, expCode, data: data.subarray(size) };
}

/** The error message that says `name` in a version, about a message of which `data` are the first bytes. */
export function errorOf(name: string, version: Version, data: Uint8Array): ErrorMessage {
  const { ofType, ofCode, experimenter, expCode } = errorIn(version, name);
  if (experimenter === undefined) return { type: 'error', ofType, ofCode, data };
  const isVendor = hasVendorErrors(version);
  const size = isVendor ? VENDOR_BYTES : EXPERIMENTER_BYTES;
  const whole = new Uint8Array(size + data.length);
  const view = new DataView(whole.buffer);
  view.setUint32(0, experimenter);
  if (isVendor) view.setUint32(EXPERIMENTER_BYTES, expCode ?? 0);
  whole.set(data, size);
  return { type: 'error', ofType, ofCode, data: whole };
}

/**
 * Thrown by the handler of a switch side: the request is answered with this OFPT_ERROR. Type and code are those of 1.3, or
 * of 1.5 for what 1.3 lacks; the answer has the numbers of the agreed version.
 */
export class OpenflowError extends Error {
  override readonly name = 'OpenflowError';
  /** The specification's name, for example 'OFPFMFC_OVERLAP'. */
  readonly errorName: string;

  constructor(
    readonly ofType: number,
    readonly ofCode: number,
    errorName = neutralName([ofType, ofCode]),
  ) {
    super(errorName ?? `OFPET_${ofType}(${ofCode})`);
    this.errorName = errorName ?? UNENCODABLE;
  }

  /** By its name, also one that an experimenter defines: 'NXBRC_MUST_BE_ZERO'. */
  static named(name: string): OpenflowError {
    const { ofType, ofCode } = errorIn('1.3', name);
    return new OpenflowError(ofType, ofCode, name);
  }
}
