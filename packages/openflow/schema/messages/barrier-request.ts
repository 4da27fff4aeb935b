import { messages } from '../dsl.ts';
import { from, only } from '../versions.ts';

/**
 * OFPT_BARRIER_REQUEST: finish everything before this.
 *
 *   (no body)
 */
export const barrierRequest = messages(
  {
    type: 'barrier_request',
    doc: 'OFPT_BARRIER_REQUEST: finish everything before this.',
    reply: 'barrier_reply',
  },
  [
    { versions: only('1.0'), section: '5.3.7', code: 18, fields: [] },
    { versions: from('1.1'), section: 'A.3.8', code: 20, fields: [] },
  ],
);
