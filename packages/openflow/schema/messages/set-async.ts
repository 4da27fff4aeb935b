import { list, messages, u32 } from '../dsl.ts';
import { from, only } from '../versions.ts';

/**
 * OFPT_SET_ASYNC: chooses which asynchronous messages come. 1.3:
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
export const setAsync = messages(
  { type: 'set_async', doc: 'OFPT_SET_ASYNC: chooses which asynchronous messages come.' },
  [
    {
      versions: only('1.3'),
      section: 'A.3.10',
      code: 28,
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
      multipleOf: 8,
      code: 28,
      fields: [list('properties', 'async_property')],
    },
  ],
);
