import { u32 } from '../dsl.ts';
import { nicira } from '../extensions.ts';
import { only } from '../versions.ts';

/**
 * NXT_SET_FLOW_FORMAT: how 1.0 shows flow entries.
 *
 *   u32        format             NXFF_*
 */
export const nxSetFlowFormat = nicira({
  type: 'nx_set_flow_format',
  doc: 'NXT_SET_FLOW_FORMAT: how 1.0 shows flow entries.',
  subtype: 12,
  versions: only('1.0'),
  fields: [u32('format', 'NXFF_*')],
});
