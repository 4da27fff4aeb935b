import { u32 } from '../dsl.ts';
import { onf } from '../extensions.ts';

/**
 * ONFT_FLOW_MONITOR_CANCEL: ends a flow monitor.
 *
 *   u32        monitorId
 */
export const onfFlowMonitorCancel = onf({
  type: 'onf_flow_monitor_cancel',
  doc: 'ONFT_FLOW_MONITOR_CANCEL: ends a flow monitor.',
  subtype: 1870,
  fields: [u32('monitorId')],
});
