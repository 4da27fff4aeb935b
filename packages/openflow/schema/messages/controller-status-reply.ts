import { list, message } from '../dsl.ts';
import { only } from '../versions.ts';

/**
 * OFPMP_CONTROLLER_STATUS reply: the controllers of the switch.
 *
 *   ...        controllers        each: controller_status_entry
 */
export const controllerStatusReply = message({
  versions: only('1.5'),
  type: 'controller_status_reply',
  section: '7.3.5',
  doc: 'OFPMP_CONTROLLER_STATUS reply: the controllers of the switch.',
  code: 19,
  multipart: 18,
  fields: [list('controllers', 'controller_status_entry')],
});
