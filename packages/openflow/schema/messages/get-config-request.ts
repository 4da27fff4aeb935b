import { message } from '../dsl.ts';
import { VERSIONS } from '../versions.ts';

/**
 * OFPT_GET_CONFIG_REQUEST: asks for fragment handling and packet-in length.
 *
 *   (no body)
 */
export const getConfigRequest = message({
  versions: VERSIONS,
  type: 'get_config_request',
  section: 'A.3.2',
  doc: 'OFPT_GET_CONFIG_REQUEST: asks for fragment handling and packet-in length.',
  code: 7,
  reply: 'get_config_reply',
  fields: [],
});
