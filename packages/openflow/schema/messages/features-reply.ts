import { dpid, message, pad, u8, u32 } from '../dsl.ts';

/**
 * OFPT_FEATURES_REPLY: identity and basic capabilities of the datapath.
 *
 *   u64        datapathId         16 hexadecimal digits
 *   u32        nBuffers           packets the switch can hold
 *   u8         nTables            number of flow tables
 *   u8         auxiliaryId        0 is the main connection
 *   u8[2]      pad
 *   u32        capabilities       OFPC_*
 *   u32        reserved
 */
export const featuresReply = message({
  type: 'features_reply',
  section: 'A.3.1',
  doc: 'OFPT_FEATURES_REPLY: identity and basic capabilities of the datapath.',
  code: 6,
  fields: [
    dpid('datapathId', '16 hexadecimal digits'),
    u32('nBuffers', 'packets the switch can hold', 0),
    u8('nTables', 'number of flow tables', 254),
    u8('auxiliaryId', '0 is the main connection', 0),
    pad(2),
    u32('capabilities', 'OFPC_*', 0),
    u32('reserved', '', 0),
  ],
});
