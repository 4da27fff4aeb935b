import { nicira } from '../extensions.ts';

/**
 * NXT_FLOW_MONITOR_RESUMED: updates go on; what was missed stands before.
 */
export const nxFlowMonitorResumed = nicira({
  type: 'nx_flow_monitor_resumed',
  doc: 'NXT_FLOW_MONITOR_RESUMED: updates go on; what was missed stands before.',
  subtype: 23,
  fields: [],
});
