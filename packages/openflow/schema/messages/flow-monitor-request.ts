import { custom, message } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * OFPMP_FLOW_MONITOR request: starts, changes or ends the watching of flow entries.
 *
 * Each monitor: u32 monitorId, u32 outPort, u32 outGroup, u16 flags, u8 tableId, u8 command, ofp_match.
 *
 *   ...        monitors
 */
export const flowMonitorRequest = message({
  versions: from('1.4'),
  type: 'flow_monitor_request',
  section: '7.3.5.17',
  doc: 'OFPMP_FLOW_MONITOR request: starts, changes or ends the watching of flow entries.',
  code: 18,
  multipart: 16,
  reply: 'flow_monitor_reply',
  fields: [custom('monitors', 'flow_monitors', 'readonly FlowMonitor[]', '[]')],
});
