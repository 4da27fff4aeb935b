import { struct, u64 } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * Counters of one band (ofp_meter_band_stats).
 *
 *   u64        packetBandCount
 *   u64        byteBandCount
 */
export const bandStats = struct({
  versions: from('1.3'),
  name: 'band_stats',
  section: 'A.3.5.12',
  doc: 'Counters of one band (ofp_meter_band_stats).',
  fields: [u64('packetBandCount', '', 0n), u64('byteBandCount', '', 0n)],
});
