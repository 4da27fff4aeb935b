import { list, pad, u16, u32 } from '../dsl.ts';
import { nicira } from '../extensions.ts';

/**
 * NXT_TLV_TABLE_REPLY: which options are mapped, and how many can be.
 *
 *   u32        maxOptionSpace     bytes of all options together
 *   u16        maxFields
 *   u8[10]     pad
 *   ...        maps               each: nx_tlv_map
 */
export const nxTlvTableReply = nicira({
  type: 'nx_tlv_table_reply',
  doc: 'NXT_TLV_TABLE_REPLY: which options are mapped, and how many can be.',
  subtype: 26,
  fields: [
    u32('maxOptionSpace', 'bytes of all options together'),
    u16('maxFields'),
    pad(10),
    list('maps', 'nx_tlv_map'),
  ],
});
