import { list, selfLength, struct, u16, u32 } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * One meter (ofp_meter_config, in 1.5 ofp_meter_desc).
 *
 *   u16        length
 *   u16        flags              OFPMF_*
 *   u32        meterId
 *   ...        bands              each: band
 */
export const meterConfig = struct({
  versions: from('1.3'),
  name: 'meter_config',
  // Bands are multiples of 4, so this one may be too.
  align: 4,
  section: 'A.3.5.13',
  doc: 'One meter (ofp_meter_config, in 1.5 ofp_meter_desc).',
  fields: [selfLength(), u16('flags', 'OFPMF_*', 0), u32('meterId'), list('bands', 'band')],
});
