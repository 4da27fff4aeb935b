import { message } from '../dsl.ts';

/**
 * OFPT_BARRIER_REQUEST: finish everything before this.
 *
 *   (no body)
 */
export const barrierRequest = message({
  type: 'barrier_request',
  section: 'A.3.8',
  doc: 'OFPT_BARRIER_REQUEST: finish everything before this.',
  code: 20,
  reply: 'barrier_reply',
  fields: [],
});
