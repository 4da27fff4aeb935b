import { custom } from '../dsl.ts';
import { onfMultipart } from '../extensions.ts';

/**
 * ONFST_FLOW_MONITOR request: starts the watching of flow entries.
 *
 *   ...        monitors
 */
export const onfFlowMonitorRequest = onfMultipart('request', {
  type: 'onf_flow_monitor_request',
  doc: 'ONFST_FLOW_MONITOR request: starts the watching of flow entries.',
  subtype: 1870,
  reply: 'onf_flow_monitor_reply',
  fields: [custom('monitors', 'onf_flow_monitors', 'readonly OnfFlowMonitor[]', '[]')],
});
