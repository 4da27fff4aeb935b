import { niciraMultipart } from '../extensions.ts';
import { upTo } from '../versions.ts';

/**
 * NXST_GROUP_FEATURES request: what can groups do here?
 */
export const nxGroupFeaturesRequest = niciraMultipart('request', {
  type: 'nx_group_features_request',
  doc: 'NXST_GROUP_FEATURES request: what can groups do here?',
  subtype: 9,
  versions: upTo('1.1'),
  reply: 'nx_group_features_reply',
  fields: [],
});
