import { nicira } from '../extensions.ts';

/**
 * NXT_FLOW_MONITOR_PAUSED: updates are held back, the connection is too slow.
 */
export const nxFlowMonitorPaused = nicira({
  type: 'nx_flow_monitor_paused',
  doc: 'NXT_FLOW_MONITOR_PAUSED: updates are held back, the connection is too slow.',
  subtype: 22,
  fields: [],
});
