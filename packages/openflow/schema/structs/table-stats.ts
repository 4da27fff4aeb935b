import { pad, struct, u8, u32, u64 } from '../dsl.ts';

/**
 * Counters of one table (ofp_table_stats).
 *
 *   u8         tableId
 *   u8[3]      pad
 *   u32        activeCount        entries
 *   u64        lookupCount
 *   u64        matchedCount
 */
export const tableStats = struct({
  name: 'table_stats',
  section: 'A.3.5.4',
  doc: 'Counters of one table (ofp_table_stats).',
  fields: [u8('tableId'), pad(3), u32('activeCount', 'entries'), u64('lookupCount'), u64('matchedCount')],
});
