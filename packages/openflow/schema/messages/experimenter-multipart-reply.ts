import { messages, rest, u32 } from '../dsl.ts';
import { from, only } from '../versions.ts';

const fields = [u32('experimenter'), rest('data')];

/**
 * OFPMP_EXPERIMENTER reply of somebody else, kept as bytes.
 *
 * Before 1.2 the specification has no expType; Nicira puts its subtype there.
 *
 * 1.0 and 1.1:
 *   u32        experimenter
 *   ...        data
 *
 * From 1.2:
 *   u32        experimenter
 *   u32        expType            defined by the experimenter
 *   ...        data
 */
export const experimenterMultipartReply = messages(
  { type: 'experimenter_multipart_reply', doc: 'OFPMP_EXPERIMENTER reply of somebody else, kept as bytes.' },
  [
    { versions: only('1.0'), section: '5.3.5', code: 17, multipart: 0xffff, fields },
    { versions: only('1.1'), section: 'A.3.6', code: 19, multipart: 0xffff, fields },
    {
      versions: from('1.2'),
      section: 'A.3.5.15',
      code: 19,
      multipart: 0xffff,
      fields: [u32('experimenter'), u32('expType', 'defined by the experimenter', 0), rest('data')],
    },
  ],
);
