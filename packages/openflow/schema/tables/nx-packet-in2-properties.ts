import { custom, pad, rest, u8, u32, u64, union } from '../dsl.ts';

/** What an NXT_PACKET_IN2 consists of (NXPINT_*): u16 type, u16 length, body, padding to 8 bytes. */
export const nxPacketIn2Properties = union({
  name: 'nx_packet_in2_property',
  section: 'nicira-ext.h',
  doc: 'One property of a packet that comes or goes on (NXPINT_*).',
  align: 8,
  lengthIncludesPadding: false,
  minimum: 4,
  badLength: [14, 1],
  members: [
    { type: 'packet', code: 0, doc: 'The packet, or its beginning.', fields: [rest('data')] },
    {
      type: 'full_len',
      code: 1,
      doc: 'Bytes of the whole packet, when it is cut.',
      fields: [u32('fullLen', 'bytes')],
    },
    { type: 'buffer_id', code: 2, doc: 'Where the switch keeps the packet.', fields: [u32('bufferId')] },
    { type: 'table_id', code: 3, doc: 'The table that sent it.', fields: [u8('tableId')] },
    {
      type: 'cookie',
      code: 4,
      doc: 'The cookie of the entry that sent it.',
      fields: [pad(4), u64('cookie')],
    },
    { type: 'reason', code: 5, doc: 'Why it was sent.', fields: [u8('reason', 'OFPR_*')] },
    {
      type: 'metadata',
      code: 6,
      doc: 'What the packet itself does not say: its port, registers, tunnel.',
      fields: [custom('match', 'nx_fields', 'Match', '{}')],
    },
    { type: 'userdata', code: 7, doc: 'What the controller action says.', fields: [rest('data')] },
    {
      type: 'continuation',
      code: 8,
      doc: 'Where the packet stopped; for the switch alone, to be given back as it is.',
      fields: [pad(4), rest('data')],
    },
  ],
});
