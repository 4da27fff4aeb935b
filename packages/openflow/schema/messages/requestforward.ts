import { embedded, message } from '../dsl.ts';
import { from } from '../versions.ts';

/**
 * OFPT_REQUESTFORWARD: another controller changed a group or a meter.
 *
 *   message    request            its group_mod or meter_mod
 */
export const requestforward = message({
  versions: from('1.4'),
  type: 'requestforward',
  section: '7.4.6',
  doc: 'OFPT_REQUESTFORWARD: another controller changed a group or a meter.',
  code: 32,
  fields: [embedded('request')],
});
