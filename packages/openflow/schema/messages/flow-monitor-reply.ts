import { list, message } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * OFPMP_FLOW_MONITOR reply: flow entries, and later what happened to them (with xid 0).
 *
 *   ...        updates            each: flow_update
 */
export const flowMonitorReply = message({
  versions: from('1.4'),
  type: 'flow_monitor_reply',
  section: '7.3.5.17',
  doc: 'OFPMP_FLOW_MONITOR reply: flow entries, and later what happened to them (with xid 0).',
  code: 19,
  multipart: 16,
  fields: [list('updates', 'flow_update')],
});
