import { message } from '../dsl.ts';
import { only } from '../versions.ts';

/**
 * OFPMP_CONTROLLER_STATUS request: what controllers are there?
 *
 *   (no body)
 */
export const controllerStatusRequest = message({
  versions: only('1.5'),
  type: 'controller_status_request',
  section: '7.3.5',
  doc: 'OFPMP_CONTROLLER_STATUS request: what controllers are there?',
  code: 18,
  multipart: 18,
  reply: 'controller_status_reply',
  fields: [],
});
