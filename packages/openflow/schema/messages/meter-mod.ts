import { list, message, u16, u32 } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * OFPT_METER_MOD: adds, changes or deletes a meter.
 *
 *   u16        command            OFPMC_*
 *   u16        flags              OFPMF_*
 *   u32        meterId
 *   ...        bands              each: band
 */
export const meterMod = message({
  versions: from('1.3'),
  type: 'meter_mod',
  section: 'A.3.4.4',
  doc: 'OFPT_METER_MOD: adds, changes or deletes a meter.',
  code: 29,
  fields: [u16('command', 'OFPMC_*'), u16('flags', 'OFPMF_*', 0), u32('meterId'), list('bands', 'band')],
});
