import { rest, u32, union } from '../dsl.ts';
import { from } from '../versions.ts';

/** Properties of OFPT_ROLE_STATUS (ofp_role_prop_header). */
export const roleProperties = union({
  versions: from('1.3'),
  name: 'role_property',
  section: '7.4.4',
  doc: 'A property of a change of role.',
  align: 8,
  lengthIncludesPadding: false,
  minimum: 4,
  badLength: [14, 1],
  members: [
    {
      type: 'experimenter',
      code: 0xffff,
      doc: 'A property of somebody else, kept as bytes.',
      fields: [u32('experimenter'), u32('expType'), rest('data')],
    },
  ],
});
