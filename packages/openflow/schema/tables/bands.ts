import { pad, rest, u8, u32, union } from '../dsl.ts';
import { from } from '../versions.ts';

/** Meter bands (ofp_meter_band_header): u16 type, u16 len, u32 rate, u32 burst size, body. */
export const bands = union({
  name: 'band',
  versions: from('1.3'),
  section: 'A.3.4.4',
  doc: 'One threshold of a meter. Rates are kb/s (1,000 bit/s), or packets/s with OFPMF_PKTPS.',
  align: 4,
  lengthIncludesPadding: true,
  minimum: 12,
  badLength: [1, 6],
  members: [
    {
      type: 'drop',
      code: 1,
      doc: 'Drop what is above the rate.',
      fields: [
        u32('rate', 'kb/s or packets/s'),
        u32('burstSize', 'kb or packets, with OFPMF_BURST', 0),
        pad(4),
      ],
    },
    {
      type: 'dscp_remark',
      code: 2,
      doc: 'Raise the drop precedence of what is above the rate.',
      fields: [
        u32('rate', 'kb/s or packets/s'),
        u32('burstSize', 'kb or packets, with OFPMF_BURST', 0),
        u8('precLevel', 'levels to add', 1),
        pad(3),
      ],
    },
    {
      type: 'experimenter',
      code: 0xffff,
      doc: 'A band of somebody else, kept as bytes.',
      fields: [u32('rate'), u32('burstSize', '', 0), u32('experimenter'), rest('data')],
    },
  ],
});
