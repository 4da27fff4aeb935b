/** How the handler of a switch side says that a bundle was not committed, and because of which of its messages. */
import type { Message } from '../codec.ts';
import { OpenflowError } from '../errors.ts';
import type { Version } from '../versions.ts';

/** Answered with the error of the inner message, under its xid, and then OFPBFC_MSG_FAILED for the commit. */
export class BundleRefusal extends OpenflowError {
  constructor(
    readonly inner: {
      readonly xid: number;
      readonly message: Message<Version>;
      readonly error: OpenflowError;
    },
  ) {
    const { ofType, ofCode, errorName } = OpenflowError.named('OFPBFC_MSG_FAILED');
    super(ofType, ofCode, errorName);
  }
}
