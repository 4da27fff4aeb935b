import { dpid, list, messages, pad, u8, u32 } from '../dsl.ts';
import { between, from, only } from '../versions.ts';

/**
 * OFPT_FEATURES_REPLY: identity and basic capabilities of the datapath.
 *
 *   u64        datapathId         16 hexadecimal digits
 *   u32        nBuffers           packets the switch can hold
 *   u8         nTables            number of flow tables
 *   u8[3]      pad                from 1.3: u8 auxiliaryId, u8[2] pad
 *   u32        capabilities       OFPC_*
 *   u32        reserved           1.0: actions, bits 1 << OFPAT_*
 *   ...        ports              up to 1.2, each: port; later versions have OFPMP_PORT_DESC
 */
const head = [
  dpid('datapathId', '16 hexadecimal digits'),
  u32('nBuffers', 'packets the switch can hold', 0),
  u8('nTables', 'number of flow tables', 254),
];
const capabilities = u32('capabilities', 'OFPC_*', 0);
const reserved = u32('reserved', '', 0);

export const featuresReply = messages(
  {
    type: 'features_reply',
    doc: 'OFPT_FEATURES_REPLY: identity and basic capabilities of the datapath.',
  },
  [
    {
      versions: only('1.0'),
      section: '5.3.1',
      code: 6,
      fields: [...head, pad(3), capabilities, u32('actions', 'bits 1 << OFPAT_*', 0), list('ports', 'port')],
    },
    {
      versions: between('1.1', '1.2'),
      section: 'A.3.1',
      code: 6,
      fields: [...head, pad(3), capabilities, reserved, list('ports', 'port')],
    },
    {
      versions: from('1.3'),
      section: 'A.3.1',
      code: 6,
      fields: [...head, u8('auxiliaryId', '0 is the main connection', 0), pad(2), capabilities, reserved],
    },
  ],
);
