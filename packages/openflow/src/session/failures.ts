/** What requests and batches reject with. Nobody parses the texts; `detail` and `errors` are the interface. */
import type { Message } from '../codec.ts';
import { describeError } from '../errors.ts';
import type { ErrorMessage } from '../generated/of13/index.ts';
import type { Version } from '../versions.ts';

export type RequestFailure =
  | { readonly code: 'disconnected'; readonly reason: string }
  | { readonly code: 'timed_out'; readonly afterMs: number }
  /** Type and code of the agreed version, and its name for them. */
  | { readonly code: 'rejected'; readonly ofType: number; readonly ofCode: number; readonly name: string }
  | { readonly code: 'malformed_reply'; readonly reason: string }
  /** A limit of this side: too many requests wait, or the reader of `parts` is too slow. */
  | { readonly code: 'overrun'; readonly reason: string };

/** A request that got no reply. It never resolves with an empty list instead. */
export class RequestError extends Error {
  override readonly name = 'RequestError';

  constructor(
    readonly request: Message<Version>['type'],
    readonly detail: RequestFailure,
    options?: ErrorOptions,
  ) {
    super(`${request}: ${describe(detail)}`, options);
  }

  /** Whether the same request may succeed later. */
  get retriable(): boolean {
    return RETRIABLE.has(this.detail.code);
  }
}

const RETRIABLE: ReadonlySet<RequestFailure['code']> = new Set(['disconnected', 'timed_out', 'overrun']);

function describe(detail: RequestFailure): string {
  switch (detail.code) {
    case 'disconnected':
      return `disconnected, ${detail.reason}`;
    case 'timed_out':
      return `no reply after ${detail.afterMs} ms`;
    case 'rejected':
      return detail.name;
    case 'malformed_reply':
      return `malformed reply, ${detail.reason}`;
    case 'overrun':
      return detail.reason;
  }
}

/** One message of a batch that the switch refused. */
export interface BatchRefusal {
  /** Place in the array that was given to sendBatch. */
  readonly index: number;
  readonly xid: number;
  /** Type and code of the agreed version, and its name for them. */
  readonly ofType: number;
  readonly ofCode: number;
  readonly name: string;
  readonly message: Message<Version>;
}

/** Some messages of a batch were refused; all the others are in force. */
export class BatchError extends Error {
  override readonly name = 'BatchError';

  constructor(readonly errors: readonly BatchRefusal[]) {
    super(errors.map(({ index, message, name }) => `message ${index} (${message.type}): ${name}`).join('; '));
  }
}

/** The error message of a version as the failure of a request. */
export function rejected(error: ErrorMessage, version: Version): RequestFailure {
  const { ofType, ofCode, name } = describeError(error, version);
  return { code: 'rejected', ofType, ofCode, name };
}
