import { numbers, pad, rest, u16, u32, union } from '../dsl.ts';
import { from, only } from '../versions.ts';

/** Properties of a port (ofp_port_desc_prop_header): what depends on the kind of port. */
export const portProperties = union({
  versions: from('1.4'),
  name: 'port_property',
  section: '7.2.1',
  doc: 'What a port is, by its kind.',
  align: 8,
  lengthIncludesPadding: false,
  minimum: 4,
  badLength: [14, 1],
  members: [
    {
      type: 'ethernet',
      code: 0,
      doc: 'An Ethernet port.',
      fields: [
        pad(4),
        u32('curr', 'OFPPF_*', 0),
        u32('advertised', 'OFPPF_*', 0),
        u32('supported', 'OFPPF_*', 0),
        u32('peer', 'OFPPF_*', 0),
        u32('currSpeed', 'kb/s', 0),
        u32('maxSpeed', 'kb/s', 0),
      ],
    },
    {
      type: 'optical',
      code: 1,
      doc: 'An optical port: what it can be tuned to. Frequencies in MHz, or wavelengths in nm * 100.',
      fields: [
        pad(4),
        u32('supported', 'OFPOPF_*', 0),
        u32('txMinFreqLmda', '', 0),
        u32('txMaxFreqLmda', '', 0),
        u32('txGridFreqLmda', 'spacing', 0),
        u32('rxMinFreqLmda', '', 0),
        u32('rxMaxFreqLmda', '', 0),
        u32('rxGridFreqLmda', 'spacing', 0),
        u16('txPwrMin', 'dBm * 10', 0),
        u16('txPwrMax', 'dBm * 10', 0),
      ],
    },
    {
      type: 'pipeline_input',
      code: 2,
      versions: only('1.5'),
      doc: 'Fields that packets bring into the pipeline from this port.',
      fields: [numbers('oxmIds', 'oxm_id')],
    },
    {
      type: 'pipeline_output',
      code: 3,
      versions: only('1.5'),
      doc: 'Fields that this port takes from the pipeline.',
      fields: [numbers('oxmIds', 'oxm_id')],
    },
    {
      type: 'recirculate',
      code: 4,
      versions: only('1.5'),
      doc: 'Ports by which packets sent here come in again.',
      fields: [numbers('portNos', 'u32')],
    },
    {
      type: 'experimenter',
      code: 0xffff,
      doc: 'A property of somebody else, kept as bytes.',
      fields: [u32('experimenter'), u32('expType'), rest('data')],
    },
  ],
});
