import { list } from '../dsl.ts';
import { niciraMultipart } from '../extensions.ts';
import { upTo } from '../versions.ts';

/**
 * NXST_FLOW_MONITOR reply: flow entries, and later what happened to them (with xid 0).
 *
 *   ...        updates            each: nx_flow_update
 */
export const nxFlowMonitorReply = niciraMultipart('reply', {
  type: 'nx_flow_monitor_reply',
  doc: 'NXST_FLOW_MONITOR reply: flow entries, and later what happened to them (with xid 0).',
  subtype: 2,
  versions: upTo('1.2'),
  fields: [list('updates', 'nx_flow_update')],
});
