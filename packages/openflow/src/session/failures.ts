/** What requests and batches reject with. Nobody parses the texts; `detail` and `errors` are the interface. */
import type { Message } from '../codec.ts';
import { errorName } from '../errors.ts';
import type { Version } from '../versions.ts';

export type RequestFailure =
  | { readonly code: 'disconnected'; readonly reason: string }
  | { readonly code: 'timed_out'; readonly afterMs: number }
  | { readonly code: 'rejected'; readonly ofType: number; readonly ofCode: number; readonly name: string }
  | { readonly code: 'malformed_reply'; readonly reason: string };

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
    return this.detail.code === 'disconnected' || this.detail.code === 'timed_out';
  }
}

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
  }
}

/** One message of a batch that the switch refused. */
export interface BatchRefusal {
  /** Place in the array that was given to sendBatch. */
  readonly index: number;
  readonly xid: number;
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

export const rejected = (ofType: number, ofCode: number): RequestFailure => ({
  code: 'rejected',
  ofType,
  ofCode,
  name: errorName(ofType, ofCode),
});
