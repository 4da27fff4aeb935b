import { pad, rest, u8, u16, u32, union } from '../dsl.ts';

/** Properties of nx_controller2: u16 type, u16 length without padding, body, padding to 8 bytes. ovs-actions(7) */
export const nxControllerProperties = union({
  name: 'nx_controller_property',
  section: 'Nicira',
  doc: 'How nx_controller2 sends a packet to a controller.',
  align: 8,
  lengthIncludesPadding: false,
  minimum: 4,
  badLength: [14, 0],
  members: [
    {
      type: 'max_len',
      code: 0,
      doc: 'Bytes of the packet; all unless told.',
      fields: [u16('maxLen'), pad(2)],
    },
    { type: 'controller_id', code: 1, doc: 'Which controller.', fields: [u16('controllerId'), pad(2)] },
    { type: 'reason', code: 2, doc: 'Why, OFPR_*; OFPR_ACTION unless told.', fields: [u8('reason')] },
    { type: 'userdata', code: 3, doc: 'Bytes for the packet_in.', fields: [rest('data')] },
    { type: 'pause', code: 4, doc: 'The controller may let the packet go on later.', fields: [] },
    {
      type: 'meter_id',
      code: 5,
      doc: 'The meter that limits packets to the controller.',
      fields: [u32('meterId')],
    },
  ],
});
