import { message, rest, u32 } from '../dsl.ts';

/**
 * OFPT_EXPERIMENTER: a message of somebody else, kept as bytes.
 *
 *   u32        experimenter       ONF or IEEE OUI id
 *   u32        expType            defined by the experimenter
 *   ...        data
 */
export const experimenter = message({
  type: 'experimenter',
  section: 'A.5.4',
  doc: 'OFPT_EXPERIMENTER: a message of somebody else, kept as bytes.',
  code: 4,
  reply: 'experimenter',
  fields: [
    u32('experimenter', 'ONF or IEEE OUI id'),
    u32('expType', 'defined by the experimenter', 0),
    rest('data'),
  ],
});
