import { list, pad, selfLength, structs, text, u8, u32, u64 } from '../dsl.ts';
import { only } from '../versions.ts';

const until14 = [
  selfLength(),
  u8('tableId'),
  pad(5),
  text('name', 32),
  u64('metadataMatch', 'bits that may be matched', 0n),
  u64('metadataWrite', 'bits that may be written', 0n),
  u32('config', 'OFPTC_*', 0),
  u32('maxEntries', 'entries', 0),
  list('properties', 'table_feature_property'),
];

/**
 * What one table can do (ofp_table_features).
 *
 * 1.3 to 1.4:
 *   u16        length
 *   u8         tableId
 *   u8[5]      pad
 *   char[32]   name
 *   u64        metadataMatch      bits that may be matched
 *   u64        metadataWrite      bits that may be written
 *   u32        config             OFPTC_*
 *   u32        maxEntries         entries
 *   ...        properties         each: table_feature_property
 *
 * 1.5:
 *   u16        length
 *   u8         tableId
 *   u8         command            OFPTFC_*
 *   u32        features           OFPTFF_*
 *   char[32]   name
 *   u64        metadataMatch      bits that may be matched
 *   u64        metadataWrite      bits that may be written
 *   u32        capabilities       OFPTC_*
 *   u32        maxEntries         entries
 *   ...        properties         each: table_feature_property
 */
export const tableFeatures = structs(
  { name: 'table_features', doc: 'What one table can do (ofp_table_features).' },
  [
    {
      versions: only('1.3'),
      section: 'A.3.5.5',
      badLength: [13, 3],
      fields: until14,
    },
    {
      versions: only('1.4'),
      section: '7.3.5.5',
      badLength: [14, 1],
      fields: until14,
    },
    {
      versions: only('1.5'),
      section: '7.3.5',
      badLength: [14, 1],
      fields: [
        selfLength(),
        u8('tableId'),
        u8('command', 'OFPTFC_*', 0),
        u32('features', 'OFPTFF_*', 0),
        text('name', 32),
        u64('metadataMatch', 'bits that may be matched', 0n),
        u64('metadataWrite', 'bits that may be written', 0n),
        u32('capabilities', 'OFPTC_*', 0),
        u32('maxEntries', 'entries', 0),
        list('properties', 'table_feature_property'),
      ],
    },
  ],
);
