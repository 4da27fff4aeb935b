import { custom, pad, rest, u16, u32, u64, union } from '../dsl.ts';
import { from } from '../versions.ts';

/** Intel's counters, which Open vSwitch sends. */
const INTEL = 0x0000aa01;
const sizes = ['1To64', '65To127', '128To255', '256To511', '512To1023', '1024To1522', '1523ToMax'];
const packetsBySize = (direction: 'rx' | 'tx') =>
  sizes.map((size) => u64(`${direction}${size}Packets`, '', 0n));

/**
 * Properties of port counters (ofp_port_stats_prop_header): u16 type, u16 length, body, then padding to 8 bytes that
 * the length leaves out.
 */
export const portStatsProperties = union({
  versions: from('1.4'),
  name: 'port_stats_property',
  section: '7.3.5.7',
  doc: 'Counters that only some kinds of port have.',
  align: 8,
  lengthIncludesPadding: false,
  subtypeBytes: 4,
  minimum: 4,
  badLength: [14, 1],
  members: [
    {
      type: 'ethernet',
      code: 0,
      doc: 'Counters of an Ethernet port.',
      fields: [
        pad(4),
        u64('rxFrameErr', '', 0n),
        u64('rxOverErr', '', 0n),
        u64('rxCrcErr', '', 0n),
        u64('collisions', '', 0n),
      ],
    },
    {
      type: 'optical',
      code: 1,
      doc: 'State of an optical port.',
      fields: [
        pad(4),
        u32('flags', 'OFPOSF_*', 0),
        u32('txFreqLmda', 'MHz, or hundredths of a nm', 0),
        u32('txOffset', '', 0),
        u32('txGridSpan', '', 0),
        u32('rxFreqLmda', 'MHz, or hundredths of a nm', 0),
        u32('rxOffset', '', 0),
        u32('rxGridSpan', '', 0),
        u16('txPwr', 'tenths of a dBm', 0),
        u16('rxPwr', 'tenths of a dBm', 0),
        u16('biasCurrent', 'tenths of a mA', 0),
        u16('temperature', 'tenths of a degree Celsius', 0),
      ],
    },
    {
      type: 'intel_rfc2819',
      code: 0xffff,
      experimenter: { id: INTEL, subtype: 1 },
      doc: 'Packets by size and kinds of errors, as in RFC 2819.',
      fields: [
        pad(4),
        ...packetsBySize('rx'),
        ...packetsBySize('tx'),
        u64('txMulticastPackets', '', 0n),
        u64('rxBroadcastPackets', '', 0n),
        u64('txBroadcastPackets', '', 0n),
        u64('rxUndersizedErrors', '', 0n),
        u64('rxOversizeErrors', '', 0n),
        u64('rxFragmentedErrors', '', 0n),
        u64('rxJabberErrors', '', 0n),
      ],
    },
    {
      type: 'intel_custom',
      code: 0xffff,
      experimenter: { id: INTEL, subtype: 2 },
      doc: 'Counters that the device names itself.',
      fields: [pad(2), custom('counters', 'port_counters', 'readonly PortCounter[]', '[]')],
    },
    {
      type: 'experimenter',
      code: 0xffff,
      doc: 'A property of somebody else, kept as bytes.',
      fields: [u32('experimenter'), u32('expType', 'defined by the experimenter', 0), rest('data')],
    },
  ],
});
