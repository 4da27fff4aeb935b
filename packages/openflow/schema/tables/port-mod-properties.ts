import { rest, u32, union } from '../dsl.ts';
import { from } from '../versions.ts';

/** Properties of OFPT_PORT_MOD (ofp_port_mod_prop_header). */
export const portModProperties = union({
  versions: from('1.4'),
  name: 'port_mod_property',
  section: '7.3.4.3',
  doc: 'What to change about a port, by its kind.',
  align: 8,
  lengthIncludesPadding: false,
  minimum: 4,
  badLength: [14, 1],
  members: [
    {
      type: 'ethernet',
      code: 0,
      doc: 'An Ethernet port.',
      fields: [u32('advertise', 'OFPPF_*, 0 changes nothing')],
    },
    {
      type: 'optical',
      code: 1,
      doc: 'An optical port. Frequencies in MHz, or wavelengths in nm * 100.',
      fields: [
        u32('configure', 'OFPOPF_*', 0),
        u32('freqLmda', 'the centre', 0),
        u32('flOffset', 'signed, in two-complement form', 0),
        u32('gridSpan', 'spacing', 0),
        u32('txPwr', 'dBm * 10', 0),
      ],
    },
    {
      type: 'experimenter',
      code: 0xffff,
      doc: 'A property of somebody else, kept as bytes.',
      fields: [u32('experimenter'), u32('expType'), rest('data')],
    },
  ],
});
