import { message, u32 } from '../dsl.ts';

/**
 * OFPT_SET_ASYNC: chooses which asynchronous messages come.
 *
 *   u32        packetInMask       bits 1 << OFPR_*, as master or equal
 *   u32        packetInMaskSlave  the same as slave
 *   u32        portStatusMask     bits 1 << OFPPR_*
 *   u32        portStatusMaskSlave
 *   u32        flowRemovedMask    bits 1 << OFPRR_*
 *   u32        flowRemovedMaskSlave
 */
export const setAsync = message({
  type: 'set_async',
  section: 'A.3.10',
  doc: 'OFPT_SET_ASYNC: chooses which asynchronous messages come.',
  code: 28,
  fields: [
    u32('packetInMask', 'bits 1 << OFPR_*, as master or equal'),
    u32('packetInMaskSlave', 'the same as slave'),
    u32('portStatusMask', 'bits 1 << OFPPR_*'),
    u32('portStatusMaskSlave'),
    u32('flowRemovedMask', 'bits 1 << OFPRR_*'),
    u32('flowRemovedMaskSlave'),
  ],
});
