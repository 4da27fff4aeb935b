import { list } from '../dsl.ts';
import { nicira } from '../extensions.ts';

/**
 * NXT_PACKET_IN2: a packet, as properties.
 *
 *   ...        properties         each: nx_packet_in2_property
 */
export const nxPacketIn2 = nicira({
  type: 'nx_packet_in2',
  doc: 'NXT_PACKET_IN2: a packet, as properties.',
  subtype: 30,
  fields: [list('properties', 'nx_packet_in2_property')],
});
