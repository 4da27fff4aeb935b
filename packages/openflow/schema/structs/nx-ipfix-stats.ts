import { pad, struct, u32, u64 } from '../dsl.ts';
import { VERSIONS } from '../versions.ts';

/**
 * Counters of the sampling for one set of collectors (nx_ipfix_stats_reply).
 *
 *   u64        totalFlows, currentFlows
 *   u64        packets, ipv4Packets, ipv6Packets
 *   u64        errorPackets, ipv4ErrorPackets, ipv6ErrorPackets
 *   u64        txPackets, txErrors
 *   u32        collectorSetId
 *   u8[4]      pad
 */
export const nxIpfixStats = struct({
  versions: VERSIONS,
  name: 'nx_ipfix_stats',
  section: 'nicira-ext.h',
  doc: 'Counters of the sampling for one set of collectors (nx_ipfix_stats_reply).',
  fields: [
    u64('totalFlows', '', 0n),
    u64('currentFlows', '', 0n),
    u64('packets', '', 0n),
    u64('ipv4Packets', '', 0n),
    u64('ipv6Packets', '', 0n),
    u64('errorPackets', '', 0n),
    u64('ipv4ErrorPackets', '', 0n),
    u64('ipv6ErrorPackets', '', 0n),
    u64('txPackets', '', 0n),
    u64('txErrors', '', 0n),
    u32('collectorSetId', '', 0),
    pad(4),
  ],
});
