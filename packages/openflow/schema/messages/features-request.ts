import { message } from '../dsl.ts';
import { VERSIONS } from '../versions.ts';

/**
 * OFPT_FEATURES_REQUEST: asks for identity and basic capabilities.
 *
 *   (no body)
 */
export const featuresRequest = message({
  versions: VERSIONS,
  type: 'features_request',
  section: 'A.3.1',
  doc: 'OFPT_FEATURES_REQUEST: asks for identity and basic capabilities.',
  code: 5,
  reply: 'features_reply',
  fields: [],
});
