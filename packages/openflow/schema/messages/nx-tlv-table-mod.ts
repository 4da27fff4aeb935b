import { list, pad, u16 } from '../dsl.ts';
import { nicira } from '../extensions.ts';

/**
 * NXT_TLV_TABLE_MOD: maps options of tunnels to the fields tun_metadata*.
 *
 *   u16        command            NXTTMC_*
 *   u8[6]      pad
 *   ...        maps               each: nx_tlv_map
 */
export const nxTlvTableMod = nicira({
  type: 'nx_tlv_table_mod',
  doc: 'NXT_TLV_TABLE_MOD: maps options of tunnels to the fields tun_metadata*.',
  subtype: 24,
  fields: [u16('command', 'NXTTMC_*'), pad(6), list('maps', 'nx_tlv_map')],
});
