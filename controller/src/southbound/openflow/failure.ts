/** What the library rejects with, as failures of the network. */
import { BatchError, RequestError } from '@oflib/openflow';
import { NetworkFailure } from '../interfaces.ts';
import { messageOf } from '../note.ts';

export function failureFrom(error: unknown, switchName: string): NetworkFailure {
  if (error instanceof NetworkFailure) return error;
  const fail = (code: NetworkFailure['code']) =>
    new NetworkFailure(code, `switch ${switchName}: ${messageOf(error)}`, { cause: error });
  if (error instanceof BatchError) return fail('rejected');
  if (!(error instanceof RequestError)) return fail('switch_unavailable');
  switch (error.detail.code) {
    case 'timed_out':
      return fail('timed_out');
    case 'disconnected':
    case 'overrun':
      return fail('switch_unavailable');
    case 'rejected':
    case 'malformed_reply':
      return fail('rejected');
  }
}
