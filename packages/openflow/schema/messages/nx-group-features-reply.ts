import { u32 } from '../dsl.ts';
import { niciraMultipart } from '../extensions.ts';
import { upTo } from '../versions.ts';

/**
 * NXST_GROUP_FEATURES reply: what groups can do here.
 *
 *   u32        types              bits 1 << OFPGT_*
 *   u32        capabilities       OFPGFC_*
 *   u32        maxGroupsAll
 *   u32        maxGroupsSelect
 *   u32        maxGroupsIndirect
 *   u32        maxGroupsFf
 *   u32        actionsAll         bits 1 << OFPAT_*
 *   u32        actionsSelect      bits 1 << OFPAT_*
 *   u32        actionsIndirect    bits 1 << OFPAT_*
 *   u32        actionsFf          bits 1 << OFPAT_*
 */
export const nxGroupFeaturesReply = niciraMultipart('reply', {
  type: 'nx_group_features_reply',
  doc: 'NXST_GROUP_FEATURES reply: what groups can do here.',
  subtype: 9,
  versions: upTo('1.1'),
  fields: [
    u32('types', 'bits 1 << OFPGT_*'),
    u32('capabilities', 'OFPGFC_*', 0),
    u32('maxGroupsAll', '', 0),
    u32('maxGroupsSelect', '', 0),
    u32('maxGroupsIndirect', '', 0),
    u32('maxGroupsFf', '', 0),
    u32('actionsAll', 'bits 1 << OFPAT_*', 0),
    u32('actionsSelect', 'bits 1 << OFPAT_*', 0),
    u32('actionsIndirect', 'bits 1 << OFPAT_*', 0),
    u32('actionsFf', 'bits 1 << OFPAT_*', 0),
  ],
});
