import { message, rest, u32 } from '../dsl.ts';

/**
 * OFPMP_EXPERIMENTER request of somebody else, kept as bytes.
 *
 *   u32        experimenter
 *   u32        expType            defined by the experimenter
 *   ...        data
 */
export const experimenterMultipartRequest = message({
  type: 'experimenter_multipart_request',
  section: 'A.3.5.15',
  doc: 'OFPMP_EXPERIMENTER request of somebody else, kept as bytes.',
  code: 18,
  multipart: 65535,
  reply: 'experimenter_multipart_reply',
  fields: [u32('experimenter'), u32('expType', 'defined by the experimenter', 0), rest('data')],
});
