import { u32 } from '../dsl.ts';
import { nicira } from '../extensions.ts';

/**
 * NXT_SET_ASYNC_CONFIG: chooses which asynchronous messages come.
 *
 *   u32        packetInMask       bits 1 << OFPR_*, as master or other
 *   u32        packetInMaskSlave  the same as slave
 *   u32        portStatusMask     bits 1 << OFPPR_*
 *   u32        portStatusMaskSlave
 *   u32        flowRemovedMask    bits 1 << OFPRR_*
 *   u32        flowRemovedMaskSlave
 */
export const nxSetAsyncConfig = nicira({
  type: 'nx_set_async_config',
  doc: 'NXT_SET_ASYNC_CONFIG: chooses which asynchronous messages come.',
  subtype: 19,
  fields: [
    u32('packetInMask', 'bits 1 << OFPR_*, as master or other'),
    u32('packetInMaskSlave', 'the same as slave'),
    u32('portStatusMask', 'bits 1 << OFPPR_*'),
    u32('portStatusMaskSlave'),
    u32('flowRemovedMask', 'bits 1 << OFPRR_*'),
    u32('flowRemovedMaskSlave'),
  ],
});
