import { messages, rest, u32 } from '../dsl.ts';
import { from, only } from '../versions.ts';

/**
 * OFPT_EXPERIMENTER, OFPT_VENDOR in 1.0: a message of somebody else, kept as bytes.
 *
 *   u32        experimenter       ONF or IEEE OUI id
 *   u32        expType            defined by the experimenter; from 1.1
 *   ...        data
 *
 * 1.1 calls the second word padding, but Nicira already put its subtype there.
 */
export const experimenter = messages(
  {
    type: 'experimenter',
    doc: 'OFPT_EXPERIMENTER: a message of somebody else, kept as bytes.',
    reply: 'experimenter',
  },
  [
    {
      versions: only('1.0'),
      section: '5.5.4',
      code: 4,
      fields: [u32('experimenter', 'IEEE OUI id, called vendor here'), rest('data')],
    },
    {
      versions: from('1.1'),
      section: 'A.5.4',
      code: 4,
      fields: [
        u32('experimenter', 'ONF or IEEE OUI id'),
        u32('expType', 'defined by the experimenter', 0),
        rest('data'),
      ],
    },
  ],
);
