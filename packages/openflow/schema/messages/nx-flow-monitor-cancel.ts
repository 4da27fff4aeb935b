import { u32 } from '../dsl.ts';
import { nicira } from '../extensions.ts';

/**
 * NXT_FLOW_MONITOR_CANCEL: ends a flow monitor.
 *
 *   u32        monitorId
 */
export const nxFlowMonitorCancel = nicira({
  type: 'nx_flow_monitor_cancel',
  doc: 'NXT_FLOW_MONITOR_CANCEL: ends a flow monitor.',
  subtype: 21,
  fields: [u32('monitorId')],
});
