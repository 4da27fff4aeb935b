import { message, pad, u8, u32 } from '../dsl.ts';

/**
 * OFPMP_METER_FEATURES reply: what meters can do here.
 *
 *   u32        maxMeter           number of meters
 *   u32        bandTypes          bits 1 << OFPMBT_*
 *   u32        capabilities       OFPMF_*
 *   u8         maxBands
 *   u8         maxColor
 *   u8[2]      pad
 */
export const meterFeaturesReply = message({
  type: 'meter_features_reply',
  section: 'A.3.5.14',
  doc: 'OFPMP_METER_FEATURES reply: what meters can do here.',
  code: 19,
  multipart: 11,
  fields: [
    u32('maxMeter', 'number of meters'),
    u32('bandTypes', 'bits 1 << OFPMBT_*'),
    u32('capabilities', 'OFPMF_*'),
    u8('maxBands'),
    u8('maxColor'),
    pad(2),
  ],
});
