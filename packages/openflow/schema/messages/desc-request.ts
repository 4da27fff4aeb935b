import { messages } from '../dsl.ts';
import { from, only } from '../versions.ts';

/**
 * OFPMP_DESC request: who made this switch?
 *
 *   (no body)
 */
export const descRequest = messages(
  { type: 'desc_request', doc: 'OFPMP_DESC request: who made this switch?', reply: 'desc_reply' },
  [
    { versions: only('1.0'), section: '5.3.5', code: 16, multipart: 0, fields: [] },
    { versions: from('1.1'), section: 'A.3.5.1', code: 18, multipart: 0, fields: [] },
  ],
);
