import { list, message } from '../dsl.ts';
import { only } from '../versions.ts';

/**
 * OFPMP_FLOW_DESC reply: whole flow entries.
 *
 *   ...        flows              each: flow_desc
 */
export const flowDescReply = message({
  versions: only('1.5'),
  type: 'flow_desc_reply',
  section: '7.3.5',
  doc: 'OFPMP_FLOW_DESC reply: whole flow entries.',
  code: 19,
  multipart: 1,
  fields: [list('flows', 'flow_desc')],
});
