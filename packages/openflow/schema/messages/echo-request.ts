import { message, rest } from '../dsl.ts';
import { VERSIONS } from '../versions.ts';

/**
 * OFPT_ECHO_REQUEST: asks whether the other side is alive.
 *
 *   ...        data
 */
export const echoRequest = message({
  versions: VERSIONS,
  type: 'echo_request',
  section: 'A.5.2',
  doc: 'OFPT_ECHO_REQUEST: asks whether the other side is alive.',
  code: 2,
  reply: 'echo_reply',
  fields: [rest('data')],
});
