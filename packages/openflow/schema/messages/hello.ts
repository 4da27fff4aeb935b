import { list, message } from '../dsl.ts';
import { VERSIONS } from '../versions.ts';

/**
 * OFPT_HELLO: the first message of each side, with the versions it speaks.
 *
 *   ...        elements           each: hello_element
 */
export const hello = message({
  versions: VERSIONS,
  type: 'hello',
  section: 'A.5.1',
  doc: 'OFPT_HELLO: the first message of each side, with the versions it speaks.',
  code: 0,
  fields: [list('elements', 'hello_element')],
});
