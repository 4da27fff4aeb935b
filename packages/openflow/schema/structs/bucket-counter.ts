import { struct, u64 } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * Counters of one bucket (ofp_bucket_counter).
 *
 *   u64        packetCount
 *   u64        byteCount
 */
export const bucketCounter = struct({
  versions: from('1.1'),
  name: 'bucket_counter',
  section: 'A.3.5.9',
  doc: 'Counters of one bucket (ofp_bucket_counter).',
  fields: [u64('packetCount', '', 0n), u64('byteCount', '', 0n)],
});
