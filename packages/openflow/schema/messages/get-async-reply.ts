import { message, u32 } from '../dsl.ts';

/**
 * OFPT_GET_ASYNC_REPLY: which asynchronous messages come.
 *
 *   u32        packetInMask       bits 1 << OFPR_*, as master or equal
 *   u32        packetInMaskSlave  the same as slave
 *   u32        portStatusMask     bits 1 << OFPPR_*
 *   u32        portStatusMaskSlave
 *   u32        flowRemovedMask    bits 1 << OFPRR_*
 *   u32        flowRemovedMaskSlave
 */
export const getAsyncReply = message({
  type: 'get_async_reply',
  section: 'A.3.10',
  doc: 'OFPT_GET_ASYNC_REPLY: which asynchronous messages come.',
  code: 27,
  fields: [
    u32('packetInMask', 'bits 1 << OFPR_*, as master or equal'),
    u32('packetInMaskSlave', 'the same as slave'),
    u32('portStatusMask', 'bits 1 << OFPPR_*'),
    u32('portStatusMaskSlave'),
    u32('flowRemovedMask', 'bits 1 << OFPRR_*'),
    u32('flowRemovedMaskSlave'),
  ],
});
