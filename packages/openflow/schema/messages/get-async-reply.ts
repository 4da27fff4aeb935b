import { list, messages, u32 } from '../dsl.ts';
import { from, only } from '../versions.ts';

/**
 * OFPT_GET_ASYNC_REPLY: which asynchronous messages come. 1.3:
 *
 *   u32        packetInMask       bits 1 << OFPR_*, as master or equal
 *   u32        packetInMaskSlave  the same as slave
 *   u32        portStatusMask     bits 1 << OFPPR_*
 *   u32        portStatusMaskSlave
 *   u32        flowRemovedMask    bits 1 << OFPRR_*
 *   u32        flowRemovedMaskSlave
 *
 * From 1.4 on:
 *
 *   ...        properties         each: async_property
 */
export const getAsyncReply = messages(
  { type: 'get_async_reply', doc: 'OFPT_GET_ASYNC_REPLY: which asynchronous messages come.' },
  [
    {
      versions: only('1.3'),
      section: 'A.3.10',
      code: 27,
      fields: [
        u32('packetInMask', 'bits 1 << OFPR_*, as master or equal'),
        u32('packetInMaskSlave', 'the same as slave'),
        u32('portStatusMask', 'bits 1 << OFPPR_*'),
        u32('portStatusMaskSlave'),
        u32('flowRemovedMask', 'bits 1 << OFPRR_*'),
        u32('flowRemovedMaskSlave'),
      ],
    },
    {
      versions: from('1.4'),
      section: '7.3.10',
      code: 27,
      fields: [list('properties', 'async_property')],
    },
  ],
);
