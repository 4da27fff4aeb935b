import { list, pad, selfLength, struct, u8, u32 } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * The configuration of one table (ofp_table_desc).
 *
 *   u16        length
 *   u8         tableId
 *   u8[1]      pad
 *   u32        config             OFPTC_*
 *   ...        properties         each: table_property
 */
export const tableDesc = struct({
  versions: from('1.4'),
  name: 'table_desc',
  section: '7.3.5.5',
  doc: 'The configuration of one table (ofp_table_desc).',
  fields: [
    selfLength(),
    u8('tableId'),
    pad(1),
    u32('config', 'OFPTC_*', 0),
    list('properties', 'table_property'),
  ],
});
