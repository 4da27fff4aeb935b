import { message } from '../dsl.ts';

/**
 * OFPMP_DESC request: who made this switch?
 *
 *   (no body)
 */
export const descRequest = message({
  type: 'desc_request',
  section: 'A.3.5.1',
  doc: 'OFPMP_DESC request: who made this switch?',
  code: 18,
  multipart: 0,
  reply: 'desc_reply',
  fields: [],
});
