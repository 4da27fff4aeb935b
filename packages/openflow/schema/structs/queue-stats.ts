import { struct, u32, u64 } from '../dsl.ts';

/**
 * Counters of one queue (ofp_queue_stats); all ones means not counted.
 *
 *   u32        portNo
 *   u32        queueId
 *   u64        txBytes
 *   u64        txPackets
 *   u64        txErrors           dropped by overrun
 *   u32        durationSec
 *   u32        durationNsec
 */
export const queueStats = struct({
  name: 'queue_stats',
  section: 'A.3.5.8',
  doc: 'Counters of one queue (ofp_queue_stats); all ones means not counted.',
  fields: [
    u32('portNo'),
    u32('queueId'),
    u64('txBytes', '', 0n),
    u64('txPackets', '', 0n),
    u64('txErrors', 'dropped by overrun', 0n),
    u32('durationSec', '', 0),
    u32('durationNsec', '', 0),
  ],
});
