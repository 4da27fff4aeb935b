import { list, pad, selfLength, struct, u32, u64 } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * Counters of one meter (ofp_meter_stats).
 *
 * 1.5 calls flowCount ref_count.
 *
 *   u32        meterId
 *   u16        length
 *   u8[6]      pad
 *   u32        flowCount          entries that use it
 *   u64        packetInCount
 *   u64        byteInCount
 *   u32        durationSec
 *   u32        durationNsec
 *   ...        bands              each: band_stats
 */
export const meterStats = struct({
  versions: from('1.3'),
  name: 'meter_stats',
  section: 'A.3.5.12',
  doc: 'Counters of one meter (ofp_meter_stats).',
  fields: [
    u32('meterId'),
    selfLength(),
    pad(6),
    u32('flowCount', 'entries that use it', 0),
    u64('packetInCount', '', 0n),
    u64('byteInCount', '', 0n),
    u32('durationSec', '', 0),
    u32('durationNsec', '', 0),
    list('bands', 'band_stats'),
  ],
});
