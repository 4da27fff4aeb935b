/**
 * What a peer's bytes can do wrong. A ProtocolError belongs to one message: it names the OFPT_ERROR that answers
 * it, and the place. Nothing else escapes from a decoder.
 */
import type { Version } from '../versions.ts';
import { type ErrorPair, errorIn, neutralName, UNENCODABLE } from './error-numbers.ts';

export interface ProtocolErrorDetail {
  /** The specification's name of the error, as the version of the message calls it. */
  readonly name: string;
  /** OFPET_* and code with which to answer, in the version of the message. */
  readonly ofType: number;
  readonly ofCode: number;
  /** For an error that an experimenter defines: whose it is, and its number (before 1.2 type * 0x10000 + code). */
  readonly experimenter?: number;
  readonly expCode?: number;
  /** Bytes from the beginning of the message. */
  readonly offset: number;
  /** For example `flow_mod.instructions[0].actions[2]`. */
  readonly path: string;
}

export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly detail: ProtocolErrorDetail;

  constructor(
    readonly reason: string,
    detail: ProtocolErrorDetail,
  ) {
    super(`${reason} (${detail.path} at offset ${detail.offset})`);
    this.detail = detail;
  }

  /** The same error seen from the structure around it. */
  within(outer: string): ProtocolError {
    return new ProtocolError(this.reason, { ...this.detail, path: `${outer}.${this.detail.path}` });
  }

  /** The same error with its offset counted from `base`. */
  relativeTo(base: number): ProtocolError {
    return new ProtocolError(this.reason, { ...this.detail, offset: this.detail.offset - base });
  }

  /** The same error answered with another neutral pair, at another path. */
  answered(pair: ErrorPair, path = this.detail.path): ProtocolError {
    return protocolError(this.reason, pair, this.detail.offset, path);
  }

  /** The same error in the numbers of a version. */
  in(version: Version): ProtocolError {
    const { name, offset, path } = this.detail;
    return new ProtocolError(this.reason, { ...errorIn(version, name), offset, path });
  }
}

/** Our own promise broken: a value that does not fit its field, or a message that is too long. */
export class EncodeError extends Error {
  override readonly name = 'EncodeError';
}

/** The one EncodeError that is about size: a message or an element is longer than its length field can say. */
export class TooLongError extends EncodeError {}

/** Neutral pairs (see error-numbers.ts) with which decoders answer; the codec puts them into the numbers of the version. */
export const BAD_REQUEST_LEN = [1, 6] as const;
export const BAD_ACTION_LEN = [2, 1] as const;
export const BAD_ACTION_ARGUMENT = [2, 5] as const;
export const TOO_MANY_ACTIONS = [2, 7] as const;
export const BAD_ACTION_SET_TYPE = [2, 13] as const;
export const BAD_ACTION_SET_LEN = [2, 14] as const;
export const BAD_ACTION_SET_ARGUMENT = [2, 15] as const;
export const BAD_MATCH_TYPE = [4, 0] as const;
export const BAD_MATCH_LEN = [4, 1] as const;
export const BAD_MATCH_VALUE = [4, 7] as const;
export const BAD_MATCH_MASK = [4, 8] as const;
export const BAD_MATCH_DUPLICATE = [4, 10] as const;
export const BUNDLE_MESSAGE_LEN = [17, 8] as const;
export const BUNDLE_MESSAGE_UNSUPPORTED = [17, 10] as const;

export function protocolError(reason: string, pair: ErrorPair, offset: number, path: string): ProtocolError {
  const [ofType, ofCode] = pair;
  return new ProtocolError(reason, { name: neutralName(pair) ?? UNENCODABLE, ofType, ofCode, offset, path });
}
