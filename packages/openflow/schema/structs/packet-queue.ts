import { list, pad, selfLength, struct, u32 } from '../dsl.ts';

/**
 * One queue of a port (ofp_packet_queue).
 *
 *   u32        queueId
 *   u32        portNo
 *   u16        length
 *   u8[6]      pad
 *   ...        properties         each: queue_property
 */
export const packetQueue = struct({
  name: 'packet_queue',
  section: 'A.2.2',
  doc: 'One queue of a port (ofp_packet_queue).',
  fields: [u32('queueId'), u32('portNo'), selfLength(), pad(6), list('properties', 'queue_property')],
});
