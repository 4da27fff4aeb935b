/** The reply to `transact` (RFC 7047 §4.1.3): one result for each operation, and one more when the commit failed. */
import { OvsdbError, protocolViolation } from './error.ts';
import { isJsonArray, isJsonObject, type Json, jsonText } from './json.ts';
import type { Operation, Results } from './operation.ts';

export function readTransaction<Ops extends readonly Operation<unknown>[]>(
  ops: Ops,
  reply: Json,
): Results<Ops> {
  if (!isJsonArray(reply)) throw protocolViolation('a transaction without results');
  reply.forEach((result, index) => {
    if (!isJsonObject(result) || result.error === undefined) return;
    throw new OvsdbError({
      code: 'transaction_failed',
      operation: index < ops.length ? index : null,
      error: jsonText(result.error),
      details: jsonText(result.details),
    });
  });
  return ops.map((operation, index) => {
    const result = reply[index];
    if (!isJsonObject(result)) throw protocolViolation(`no result for operation ${index}`);
    return operation.decode(result);
  }) as Results<Ops>;
}
