import { list } from '../dsl.ts';
import { nicira } from '../extensions.ts';
import { upTo } from '../versions.ts';

/**
 * NXT_SET_ASYNC_CONFIG2: the set_async of 1.4 for older versions.
 *
 *   ...        properties         each: async_property
 */
export const nxSetAsyncConfig2 = nicira({
  type: 'nx_set_async_config2',
  doc: 'NXT_SET_ASYNC_CONFIG2: the set_async of 1.4 for older versions.',
  subtype: 27,
  versions: upTo('1.3'),
  fields: [list('properties', 'async_property')],
});
