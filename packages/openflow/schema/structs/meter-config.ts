import { list, selfLength, struct, u16, u32 } from '../dsl.ts';

/**
 * One meter (ofp_meter_config).
 *
 *   u16        length
 *   u16        flags              OFPMF_*
 *   u32        meterId
 *   ...        bands              each: band
 */
export const meterConfig = struct({
  name: 'meter_config',
  section: 'A.3.5.13',
  doc: 'One meter (ofp_meter_config).',
  fields: [selfLength(), u16('flags', 'OFPMF_*', 0), u32('meterId'), list('bands', 'band')],
});
