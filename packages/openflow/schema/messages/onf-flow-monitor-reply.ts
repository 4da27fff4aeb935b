import { list } from '../dsl.ts';
import { onfMultipart } from '../extensions.ts';

/**
 * ONFST_FLOW_MONITOR reply: flow entries, and later what happened to them (with xid 0).
 *
 *   ...        updates            each: onf_flow_update
 */
export const onfFlowMonitorReply = onfMultipart('reply', {
  type: 'onf_flow_monitor_reply',
  doc: 'ONFST_FLOW_MONITOR reply: flow entries, and later what happened to them (with xid 0).',
  subtype: 1870,
  fields: [list('updates', 'onf_flow_update')],
});
