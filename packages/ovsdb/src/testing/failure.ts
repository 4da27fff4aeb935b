/** For tests: how a promise failed. */
import { OvsdbError } from '../error.ts';

/** The detail of the OvsdbError; any other reason as it is. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  const reason = await promise.then(
    () => 'no error',
    (error: unknown) => error,
  );
  return reason instanceof OvsdbError ? reason.detail : reason;
}
