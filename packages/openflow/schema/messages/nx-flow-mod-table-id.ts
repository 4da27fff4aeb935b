import { pad, u8 } from '../dsl.ts';
import { nicira } from '../extensions.ts';

/**
 * NXT_FLOW_MOD_TABLE_ID: whether the command of flow mods names a table.
 *
 *   u8         set                0 or 1
 *   u8[7]      pad
 */
export const nxFlowModTableId = nicira({
  type: 'nx_flow_mod_table_id',
  doc: 'NXT_FLOW_MOD_TABLE_ID: whether the command of flow mods names a table.',
  subtype: 15,
  fields: [u8('set', '0 or 1'), pad(7)],
});
