import { onf } from '../extensions.ts';

/**
 * ONFT_FLOW_MONITOR_PAUSED: updates are held back, the connection is too slow.
 */
export const onfFlowMonitorPaused = onf({
  type: 'onf_flow_monitor_paused',
  doc: 'ONFT_FLOW_MONITOR_PAUSED: updates are held back, the connection is too slow.',
  subtype: 1871,
  fields: [],
});
