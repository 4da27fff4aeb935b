import { custom, rest, u32, union } from '../dsl.ts';
import { only } from '../versions.ts';

/** Properties of a controller's status (ofp_controller_status_prop_header). */
export const controllerStatusProperties = union({
  versions: only('1.5'),
  name: 'controller_status_property',
  section: '7.2.7',
  doc: 'A property of the status of a controller.',
  align: 8,
  lengthIncludesPadding: false,
  minimum: 4,
  badLength: [14, 1],
  members: [
    {
      type: 'uri',
      code: 0,
      doc: 'The connection, as text: `tls:192.168.34.23:6653`.',
      fields: [custom('uri', 'uri', 'Uri')],
    },
    {
      type: 'experimenter',
      code: 0xffff,
      doc: 'A property of somebody else, kept as bytes.',
      fields: [u32('experimenter'), u32('expType'), rest('data')],
    },
  ],
});
