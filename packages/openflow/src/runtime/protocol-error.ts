/**
 * What a peer's bytes can do wrong. A ProtocolError belongs to one message: it names the OFPT_ERROR that answers
 * it, and the place. Nothing else escapes from a decoder.
 */

export interface ProtocolErrorDetail {
  /** OFPET_* and code with which to answer. */
  readonly ofType: number;
  readonly ofCode: number;
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
}

/** Our own promise broken: a value that does not fit its field, or a message that is too long. */
export class EncodeError extends Error {
  override readonly name = 'EncodeError';
}

/** The one EncodeError that is about size: a message or an element is longer than its length field can say. */
export class TooLongError extends EncodeError {}

/** (OFPET_*, code) pairs with which decoders answer. */
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

export function protocolError(
  reason: string,
  [ofType, ofCode]: readonly [number, number],
  offset: number,
  path: string,
): ProtocolError {
  return new ProtocolError(reason, { ofType, ofCode, offset, path });
}
