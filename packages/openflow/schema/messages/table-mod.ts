import { list, messages, pad, u8, u32 } from '../dsl.ts';
import { between, from } from '../versions.ts';

/**
 * OFPT_TABLE_MOD: configures a flow table.
 *
 *   u8         tableId            OFPTT_ALL for all
 *   u8[3]      pad
 *   u32        config             OFPTC_*
 *   ...        properties         from 1.4, each: table_property
 */
const fields = [u8('tableId'), pad(3), u32('config', 'OFPTC_*', 0)];

export const tableMod = messages({ type: 'table_mod', doc: 'OFPT_TABLE_MOD: configures a flow table.' }, [
  { versions: between('1.1', '1.3'), section: 'A.3.3', code: 17, fields },
  {
    versions: from('1.4'),
    section: '7.3.3',
    multipleOf: 8,
    code: 17,
    fields: [...fields, list('properties', 'table_property')],
  },
]);
