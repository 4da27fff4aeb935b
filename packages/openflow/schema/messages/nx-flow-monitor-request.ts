import { custom } from '../dsl.ts';
import { niciraMultipart } from '../extensions.ts';
import { upTo } from '../versions.ts';

/**
 * NXST_FLOW_MONITOR request: starts the watching of flow entries.
 *
 *   ...        monitors
 */
export const nxFlowMonitorRequest = niciraMultipart('request', {
  type: 'nx_flow_monitor_request',
  doc: 'NXST_FLOW_MONITOR request: starts the watching of flow entries.',
  subtype: 2,
  versions: upTo('1.2'),
  reply: 'nx_flow_monitor_reply',
  fields: [custom('monitors', 'nx_flow_monitors', 'readonly NxFlowMonitor[]', '[]')],
});
