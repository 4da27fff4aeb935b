import { list, pad, selfLength, structs, u32 } from '../dsl.ts';
import { between } from '../versions.ts';

/**
 * One queue of a port (ofp_packet_queue).
 *
 *   u32        queueId
 *   u32        portNo             from 1.2
 *   u16        length
 *   u8[6]      pad                1.0 and 1.1: u8[2]
 *   ...        properties         each: queue_property
 */
const properties = list('properties', 'queue_property');

export const packetQueue = structs({ name: 'packet_queue', doc: 'One queue of a port (ofp_packet_queue).' }, [
  {
    versions: between('1.0', '1.1'),
    section: 'A.2.2',
    fields: [u32('queueId'), selfLength(), pad(2), properties],
  },
  {
    versions: between('1.2', '1.3'),
    section: 'A.2.2',
    fields: [u32('queueId'), u32('portNo'), selfLength(), pad(6), properties],
  },
]);
