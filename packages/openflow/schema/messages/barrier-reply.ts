import { messages } from '../dsl.ts';
import { from, only } from '../versions.ts';

/**
 * OFPT_BARRIER_REPLY: everything before the request is finished.
 *
 *   (no body)
 */
export const barrierReply = messages(
  { type: 'barrier_reply', doc: 'OFPT_BARRIER_REPLY: everything before the request is finished.' },
  [
    { versions: only('1.0'), section: '5.3.7', code: 19, fields: [] },
    { versions: from('1.1'), section: 'A.3.8', code: 21, fields: [] },
  ],
);
