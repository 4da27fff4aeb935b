import { inline, message } from '../dsl.ts';
import { only } from '../versions.ts';

/**
 * OFPT_CONTROLLER_STATUS: the connection, role or id of one controller changed.
 *
 *   struct     status             controller_status_entry
 */
export const controllerStatus = message({
  versions: only('1.5'),
  type: 'controller_status',
  section: '7.4.7',
  doc: 'OFPT_CONTROLLER_STATUS: the connection, role or id of one controller changed.',
  code: 35,
  fields: [inline('status', 'controller_status_entry')],
});
