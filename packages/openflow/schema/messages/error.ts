import { message, rest, u16 } from '../dsl.ts';
import { VERSIONS } from '../versions.ts';

/**
 * OFPT_ERROR: what was wrong with the message whose xid it carries; data begins with that message.
 *
 *   u16        ofType             OFPET_*
 *   u16        ofCode             a code of that type
 *   ...        data
 */
export const error = message({
  versions: VERSIONS,
  type: 'error',
  section: 'A.4.4',
  doc: 'OFPT_ERROR: what was wrong with the message whose xid it carries; data begins with that message.',
  code: 1,
  fields: [u16('ofType', 'OFPET_*'), u16('ofCode', 'a code of that type'), rest('data')],
});
