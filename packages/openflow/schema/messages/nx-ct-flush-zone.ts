import { pad, u16 } from '../dsl.ts';
import { nicira } from '../extensions.ts';

/**
 * NXT_CT_FLUSH_ZONE: forgets the connections of a zone.
 *
 *   u8[6]      pad
 *   u16        zoneId
 */
export const nxCtFlushZone = nicira({
  type: 'nx_ct_flush_zone',
  doc: 'NXT_CT_FLUSH_ZONE: forgets the connections of a zone.',
  subtype: 29,
  fields: [pad(6), u16('zoneId')],
});
