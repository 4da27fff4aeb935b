import { message, u16 } from '../dsl.ts';
import { VERSIONS } from '../versions.ts';

/**
 * OFPT_GET_CONFIG_REPLY: fragment handling and packet-in length.
 *
 *   u16        flags              OFPC_FRAG_*
 *   u16        missSendLen        bytes
 */
export const getConfigReply = message({
  versions: VERSIONS,
  type: 'get_config_reply',
  section: 'A.3.2',
  doc: 'OFPT_GET_CONFIG_REPLY: fragment handling and packet-in length.',
  code: 8,
  fields: [u16('flags', 'OFPC_FRAG_*', 0), u16('missSendLen', 'bytes', 128)],
});
