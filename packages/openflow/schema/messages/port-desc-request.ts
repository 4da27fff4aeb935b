import { message } from '../dsl.ts';

/**
 * OFPMP_PORT_DESC request: what ports are there?
 *
 *   (no body)
 */
export const portDescRequest = message({
  type: 'port_desc_request',
  section: 'A.3.5.7',
  doc: 'OFPMP_PORT_DESC request: what ports are there?',
  code: 18,
  multipart: 13,
  reply: 'port_desc_reply',
  fields: [],
});
