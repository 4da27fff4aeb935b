import { list, pad, u8 } from '../dsl.ts';
import { nicira } from '../extensions.ts';

/**
 * NXT_CT_FLUSH: forgets the connections that properties describe.
 *
 *   u8         ipProto            all when 0
 *   u8[7]      pad
 *   ...        properties         each: nx_ct_flush_property
 */
export const nxCtFlush = nicira({
  type: 'nx_ct_flush',
  doc: 'NXT_CT_FLUSH: forgets the connections that properties describe.',
  subtype: 32,
  fields: [u8('ipProto', 'all when 0', 0), pad(7), list('properties', 'nx_ct_flush_property')],
});
