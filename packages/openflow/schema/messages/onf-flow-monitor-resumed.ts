import { onf } from '../extensions.ts';

/**
 * ONFT_FLOW_MONITOR_RESUMED: updates go on; what was missed stands before.
 */
export const onfFlowMonitorResumed = onf({
  type: 'onf_flow_monitor_resumed',
  doc: 'ONFT_FLOW_MONITOR_RESUMED: updates go on; what was missed stands before.',
  subtype: 1872,
  fields: [],
});
