import { pad, u16 } from '../dsl.ts';
import { nicira } from '../extensions.ts';

/**
 * NXT_SET_CONTROLLER_ID: gives this connection an id that controller actions can name.
 *
 *   u8[6]      pad
 *   u16        controllerId
 */
export const nxSetControllerId = nicira({
  type: 'nx_set_controller_id',
  doc: 'NXT_SET_CONTROLLER_ID: gives this connection an id that controller actions can name.',
  subtype: 20,
  fields: [pad(6), u16('controllerId')],
});
