import { list, pad, selfLength, struct, u32 } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * One queue of a port (ofp_queue_desc).
 *
 *   u32        portNo
 *   u32        queueId
 *   u16        length
 *   u8[6]      pad
 *   ...        properties         each: queue_desc_property
 */
export const queueDesc = struct({
  versions: from('1.4'),
  name: 'queue_desc',
  section: '7.3.5.10',
  doc: 'One queue of a port (ofp_queue_desc).',
  fields: [u32('portNo'), u32('queueId'), selfLength(), pad(6), list('properties', 'queue_desc_property')],
});
