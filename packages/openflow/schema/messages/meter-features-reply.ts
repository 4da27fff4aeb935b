import { custom, messages, pad, u8, u32 } from '../dsl.ts';
import { between, only } from '../versions.ts';

/**
 * OFPMP_METER_FEATURES reply: what meters can do here.
 *
 * Open vSwitch leaves features out in 1.5 too.
 *
 * 1.3 to 1.4:
 *   u32        maxMeter           number of meters
 *   u32        bandTypes          bits 1 << OFPMBT_*
 *   u32        capabilities       OFPMF_*
 *   u8         maxBands
 *   u8         maxColor
 *   u8[2]      pad
 *
 * 1.5:
 *   u32        maxMeter           number of meters
 *   u32        bandTypes          bits 1 << OFPMBT_*
 *   u32        capabilities       OFPMF_*
 *   u8         maxBands
 *   u8         maxColor
 *   u8[2]      pad
 *   ...        features
 */
export const meterFeaturesReply = messages(
  { type: 'meter_features_reply', doc: 'OFPMP_METER_FEATURES reply: what meters can do here.' },
  [
    {
      versions: between('1.3', '1.4'),
      section: 'A.3.5.14',
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
    },
    {
      versions: only('1.5'),
      section: '7.3.5',
      code: 19,
      multipart: 11,
      fields: [
        u32('maxMeter', 'number of meters'),
        u32('bandTypes', 'bits 1 << OFPMBT_*'),
        u32('capabilities', 'OFPMF_*'),
        u8('maxBands'),
        u8('maxColor'),
        pad(2),
        custom('features', 'meter_feature_flags', 'MeterFeatureFlags', '0'),
      ],
    },
  ],
);
