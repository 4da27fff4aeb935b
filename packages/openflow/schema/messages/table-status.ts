import { inline, message, pad, u8 } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * OFPT_TABLE_STATUS: the vacancy of a flow table passed a threshold.
 *
 *   u8         reason             OFPTR_*
 *   u8[7]      pad
 *   struct     table              table_desc
 */
export const tableStatus = message({
  versions: from('1.4'),
  type: 'table_status',
  section: '7.4.5',
  doc: 'OFPT_TABLE_STATUS: the vacancy of a flow table passed a threshold.',
  code: 31,
  fields: [u8('reason', 'OFPTR_*'), pad(7), inline('table', 'table_desc')],
});
