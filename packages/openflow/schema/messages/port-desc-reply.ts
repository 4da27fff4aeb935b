import { list, message } from '../dsl.ts';

/**
 * OFPMP_PORT_DESC reply: the ports.
 *
 *   ...        ports              each: port
 */
export const portDescReply = message({
  type: 'port_desc_reply',
  section: 'A.3.5.7',
  doc: 'OFPMP_PORT_DESC reply: the ports.',
  code: 19,
  multipart: 13,
  fields: [list('ports', 'port')],
});
