import { message } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * OFPT_GET_ASYNC_REQUEST: asks which asynchronous messages come.
 *
 *   (no body)
 */
export const getAsyncRequest = message({
  versions: from('1.3'),
  type: 'get_async_request',
  section: 'A.3.10',
  doc: 'OFPT_GET_ASYNC_REQUEST: asks which asynchronous messages come.',
  code: 26,
  reply: 'get_async_reply',
  fields: [],
});
