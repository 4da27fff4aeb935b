import { message, pad, u8, u32 } from '../dsl.ts';

/**
 * OFPT_TABLE_MOD: configures a flow table.
 *
 *   u8         tableId
 *   u8[3]      pad
 *   u32        config             OFPTC_*
 */
export const tableMod = message({
  type: 'table_mod',
  section: 'A.3.3',
  doc: 'OFPT_TABLE_MOD: configures a flow table.',
  code: 17,
  fields: [u8('tableId'), pad(3), u32('config', 'OFPTC_*', 0)],
});
