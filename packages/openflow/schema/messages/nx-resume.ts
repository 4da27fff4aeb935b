import { list } from '../dsl.ts';
import { nicira } from '../extensions.ts';

/**
 * NXT_RESUME: lets a paused packet go on; its properties are those of nx_packet_in2.
 *
 *   ...        properties         each: nx_packet_in2_property
 */
export const nxResume = nicira({
  type: 'nx_resume',
  doc: 'NXT_RESUME: lets a paused packet go on; its properties are those of nx_packet_in2.',
  subtype: 28,
  fields: [list('properties', 'nx_packet_in2_property')],
});
