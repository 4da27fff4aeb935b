import { nicira } from '../extensions.ts';

/**
 * NXT_FLOW_AGE: asks for idle and hard ages in nx_flow_stats.
 */
export const nxFlowAge = nicira({
  type: 'nx_flow_age',
  doc: 'NXT_FLOW_AGE: asks for idle and hard ages in nx_flow_stats.',
  subtype: 18,
  fields: [],
});
