import { pad, struct, u32, u64 } from '../dsl.ts';
import { only } from '../versions.ts';

/**
 * A moment or a span of time (ofp_time): seconds of the Unix clock in a schedule.
 *
 *   u64        seconds
 *   u32        nanoseconds
 *   u8[4]      pad
 */
export const time = struct({
  versions: only('1.5'),
  name: 'time',
  section: '7.3.9.5',
  doc: 'A moment or a span of time (ofp_time): seconds of the Unix clock in a schedule.',
  fields: [u64('seconds'), u32('nanoseconds', '', 0), pad(4)],
});
