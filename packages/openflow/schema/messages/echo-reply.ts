import { message, rest } from '../dsl.ts';
import { VERSIONS } from '../versions.ts';

/**
 * OFPT_ECHO_REPLY: the data of the request, unchanged.
 *
 *   ...        data
 */
export const echoReply = message({
  versions: VERSIONS,
  type: 'echo_reply',
  section: 'A.5.3',
  doc: 'OFPT_ECHO_REPLY: the data of the request, unchanged.',
  code: 3,
  fields: [rest('data')],
});
