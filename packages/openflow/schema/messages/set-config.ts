import { message, u16 } from '../dsl.ts';
import { VERSIONS } from '../versions.ts';

/**
 * OFPT_SET_CONFIG: sets fragment handling and packet-in length.
 *
 *   u16        flags              OFPC_FRAG_*
 *   u16        missSendLen        bytes
 */
export const setConfig = message({
  versions: VERSIONS,
  type: 'set_config',
  section: 'A.3.2',
  doc: 'OFPT_SET_CONFIG: sets fragment handling and packet-in length.',
  code: 9,
  fields: [u16('flags', 'OFPC_FRAG_*', 0), u16('missSendLen', 'bytes', 128)],
});
