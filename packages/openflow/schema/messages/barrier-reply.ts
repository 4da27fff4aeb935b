import { message } from '../dsl.ts';

/**
 * OFPT_BARRIER_REPLY: everything before the request is finished.
 *
 *   (no body)
 */
export const barrierReply = message({
  type: 'barrier_reply',
  section: 'A.3.8',
  doc: 'OFPT_BARRIER_REPLY: everything before the request is finished.',
  code: 21,
  fields: [],
});
