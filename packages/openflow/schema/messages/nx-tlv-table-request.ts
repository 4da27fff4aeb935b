import { nicira } from '../extensions.ts';

/**
 * NXT_TLV_TABLE_REQUEST: asks which options are mapped.
 */
export const nxTlvTableRequest = nicira({
  type: 'nx_tlv_table_request',
  doc: 'NXT_TLV_TABLE_REQUEST: asks which options are mapped.',
  subtype: 25,
  reply: 'nx_tlv_table_reply',
  fields: [],
});
