import { message, rest, u32 } from '../dsl.ts';

/**
 * OFPMP_EXPERIMENTER reply of somebody else, kept as bytes.
 *
 *   u32        experimenter
 *   u32        expType            defined by the experimenter
 *   ...        data
 */
export const experimenterMultipartReply = message({
  type: 'experimenter_multipart_reply',
  section: 'A.3.5.15',
  doc: 'OFPMP_EXPERIMENTER reply of somebody else, kept as bytes.',
  code: 19,
  multipart: 65535,
  fields: [u32('experimenter'), u32('expType', 'defined by the experimenter', 0), rest('data')],
});
