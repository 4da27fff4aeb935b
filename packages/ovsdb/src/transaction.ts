/** The reply to `transact` (RFC 7047 §4.1.3): one result for each operation, and one more when the commit failed. */
import { asOvsdbError, OvsdbError, protocolViolation } from './error.ts';
import { isJsonArray, isJsonObject, type Json, jsonText } from './json.ts';
import type { Operation, Results } from './operation.ts';

export function readTransaction<Ops extends readonly Operation<unknown>[]>(
  ops: Ops,
  reply: Json,
): Results<Ops> {
  if (!isJsonArray(reply)) throw protocolViolation('a transaction without results');
  reply.forEach((result, index) => {
    if (!isJsonObject(result) || result.error === undefined || result.error === null) return;
    throw new OvsdbError({
      code: 'transaction_failed',
      operation: index < ops.length ? index : null,
      error: jsonText(result.error),
      details: jsonText(result.details),
    });
  });
  return ops.map((operation, index) => readResult(operation, index, reply[index])) as Results<Ops>;
}

/** Nothing has failed, so whatever cannot be read here has been carried out all the same. */
function readResult<T>(operation: Operation<T>, index: number, result: Json | undefined): T {
  try {
    if (!isJsonObject(result)) throw protocolViolation('no result');
    return operation.decode(result);
  } catch (error) {
    const cause = asOvsdbError(error);
    throw new OvsdbError({ code: 'result_unreadable', operation: index, reason: cause.message }, { cause });
  }
}
