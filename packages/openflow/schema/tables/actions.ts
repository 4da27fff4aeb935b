import { oxm, pad, rest, u8, u16, u32, union } from '../dsl.ts';

/** Actions (ofp_action_header): u16 type, u16 len, body; len counts the padding to 8 bytes. */
export const actions = union({
  name: 'action',
  section: 'A.2.5',
  doc: 'What happens to a packet.',
  align: 8,
  lengthIncludesPadding: true,
  minimum: 8,
  badLength: [2, 1],
  members: [
    {
      type: 'output',
      code: 0,
      doc: 'Send out of a port; maxLen limits what goes to the controller.',
      fields: [
        u32('port', 'port or OFPP_*'),
        u16('maxLen', 'bytes, OFPCML_NO_BUFFER for all', 0xffff),
        pad(6),
      ],
    },
    { type: 'copy_ttl_out', code: 11, doc: 'Copy the TTL outwards.', fields: [pad(4)] },
    { type: 'copy_ttl_in', code: 12, doc: 'Copy the TTL inwards.', fields: [pad(4)] },
    { type: 'set_mpls_ttl', code: 15, doc: 'Set the MPLS TTL.', fields: [u8('ttl'), pad(3)] },
    { type: 'dec_mpls_ttl', code: 16, doc: 'Decrement the MPLS TTL.', fields: [pad(4)] },
    { type: 'push_vlan', code: 17, doc: 'Push a VLAN tag.', fields: [u16('ethertype', '', 0x8100), pad(2)] },
    { type: 'pop_vlan', code: 18, doc: 'Pop the outer VLAN tag.', fields: [pad(4)] },
    {
      type: 'push_mpls',
      code: 19,
      doc: 'Push an MPLS label.',
      fields: [u16('ethertype', '', 0x8847), pad(2)],
    },
    { type: 'pop_mpls', code: 20, doc: 'Pop the outer MPLS label.', fields: [u16('ethertype'), pad(2)] },
    { type: 'set_queue', code: 21, doc: 'Choose the queue of later outputs.', fields: [u32('queueId')] },
    { type: 'group', code: 22, doc: 'Go through a group.', fields: [u32('groupId')] },
    { type: 'set_nw_ttl', code: 23, doc: 'Set the IP TTL.', fields: [u8('ttl'), pad(3)] },
    { type: 'dec_nw_ttl', code: 24, doc: 'Decrement the IP TTL.', fields: [pad(4)] },
    { type: 'set_field', code: 25, doc: 'Set a header field.', fields: [oxm()] },
    { type: 'push_pbb', code: 26, doc: 'Push a PBB tag.', fields: [u16('ethertype', '', 0x88e7), pad(2)] },
    { type: 'pop_pbb', code: 27, doc: 'Pop the PBB tag.', fields: [pad(4)] },
    {
      type: 'experimenter',
      code: 0xffff,
      doc: 'An action of somebody else, kept as bytes.',
      fields: [u32('experimenter'), rest('data')],
    },
  ],
});
