import { inline, message, pad, u8 } from '../dsl.ts';
import { VERSIONS } from '../versions.ts';

/**
 * OFPT_PORT_STATUS: a port was added, removed or changed.
 *
 *   u8         reason             OFPPR_*
 *   u8[7]      pad
 *   struct     port               port
 */
export const portStatus = message({
  versions: VERSIONS,
  type: 'port_status',
  section: 'A.4.3',
  doc: 'OFPT_PORT_STATUS: a port was added, removed or changed.',
  code: 12,
  fields: [u8('reason', 'OFPPR_*'), pad(7), inline('port', 'port')],
});
