import { pad, structs, text, u8, u32, u64 } from '../dsl.ts';
import { from, only } from '../versions.ts';

/**
 * Counters of one table (ofp_table_stats); before 1.3 also what the table can do.
 *
 * 1.0:
 *   u8         tableId
 *   u8[3]      pad
 *   char[32]   name
 *   u32        wildcards          OFPFW_* that the table can leave out
 *   u32        maxEntries         entries
 *   u32        activeCount        entries
 *   u64        lookupCount
 *   u64        matchedCount
 *
 * 1.1:
 *   u8         tableId
 *   u8[7]      pad
 *   char[32]   name
 *   u32        wildcards          OFPFMF_* that may be left out
 *   u32        matchFields        OFPFMF_* that may be matched
 *   u32        instructions       bits 1 << OFPIT_*
 *   u32        writeActions       bits 1 << OFPAT_*
 *   u32        applyActions       bits 1 << OFPAT_*
 *   u32        config             OFPTC_*
 *   u32        maxEntries         entries
 *   u32        activeCount        entries
 *   u64        lookupCount
 *   u64        matchedCount
 *
 * 1.2:
 *   u8         tableId
 *   u8[7]      pad
 *   char[32]   name
 *   u64        matchFields        bits 1 << OFPXMT_* that may be matched
 *   u64        wildcards          bits 1 << OFPXMT_* that may be left out
 *   u32        writeActions       bits 1 << OFPAT_*
 *   u32        applyActions       bits 1 << OFPAT_*
 *   u64        writeSetfields     bits 1 << OFPXMT_*
 *   u64        applySetfields     bits 1 << OFPXMT_*
 *   u64        metadataMatch      bits that may be matched
 *   u64        metadataWrite      bits that may be written
 *   u32        instructions       bits 1 << OFPIT_*
 *   u32        config             OFPTC_*
 *   u32        maxEntries         entries
 *   u32        activeCount        entries
 *   u64        lookupCount
 *   u64        matchedCount
 *
 * From 1.3:
 *   u8         tableId
 *   u8[3]      pad
 *   u32        activeCount        entries
 *   u64        lookupCount
 *   u64        matchedCount
 */
export const tableStats = structs(
  {
    name: 'table_stats',
    doc: 'Counters of one table (ofp_table_stats); before 1.3 also what the table can do.',
  },
  [
    {
      versions: only('1.0'),
      section: '5.3.5',
      fields: [
        u8('tableId'),
        pad(3),
        text('name', 32),
        u32('wildcards', 'OFPFW_* that the table can leave out', 0),
        u32('maxEntries', 'entries', 0),
        u32('activeCount', 'entries'),
        u64('lookupCount'),
        u64('matchedCount'),
      ],
    },
    {
      versions: only('1.1'),
      section: 'A.3.6.4',
      fields: [
        u8('tableId'),
        pad(7),
        text('name', 32),
        u32('wildcards', 'OFPFMF_* that may be left out', 0),
        u32('matchFields', 'OFPFMF_* that may be matched', 0),
        u32('instructions', 'bits 1 << OFPIT_*', 0),
        u32('writeActions', 'bits 1 << OFPAT_*', 0),
        u32('applyActions', 'bits 1 << OFPAT_*', 0),
        u32('config', 'OFPTC_*', 0),
        u32('maxEntries', 'entries', 0),
        u32('activeCount', 'entries'),
        u64('lookupCount'),
        u64('matchedCount'),
      ],
    },
    {
      versions: only('1.2'),
      section: 'A.3.6.4',
      fields: [
        u8('tableId'),
        pad(7),
        text('name', 32),
        u64('matchFields', 'bits 1 << OFPXMT_* that may be matched', 0n),
        u64('wildcards', 'bits 1 << OFPXMT_* that may be left out', 0n),
        u32('writeActions', 'bits 1 << OFPAT_*', 0),
        u32('applyActions', 'bits 1 << OFPAT_*', 0),
        u64('writeSetfields', 'bits 1 << OFPXMT_*', 0n),
        u64('applySetfields', 'bits 1 << OFPXMT_*', 0n),
        u64('metadataMatch', 'bits that may be matched', 0n),
        u64('metadataWrite', 'bits that may be written', 0n),
        u32('instructions', 'bits 1 << OFPIT_*', 0),
        u32('config', 'OFPTC_*', 0),
        u32('maxEntries', 'entries', 0),
        u32('activeCount', 'entries'),
        u64('lookupCount'),
        u64('matchedCount'),
      ],
    },
    {
      versions: from('1.3'),
      section: 'A.3.5.4',
      fields: [u8('tableId'), pad(3), u32('activeCount', 'entries'), u64('lookupCount'), u64('matchedCount')],
    },
  ],
);
