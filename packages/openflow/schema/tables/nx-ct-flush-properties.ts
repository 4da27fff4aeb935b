import { ipv6, list, pad, u8, u16, union } from '../dsl.ts';

/** Which connections an NXT_CT_FLUSH means (NXT_CT_*). */
export const nxCtFlushProperties = union({
  name: 'nx_ct_flush_property',
  section: 'nicira-ext.h',
  doc: 'One condition on the connections to forget.',
  align: 8,
  lengthIncludesPadding: false,
  minimum: 4,
  badLength: [14, 1],
  members: [
    {
      type: 'orig_tuple',
      code: 0,
      doc: 'Addresses and ports of the direction in which the connection began.',
      fields: [pad(4), list('tuple', 'nx_ct_tuple')],
    },
    {
      type: 'reply_tuple',
      code: 1,
      doc: 'Addresses and ports of the other direction.',
      fields: [pad(4), list('tuple', 'nx_ct_tuple')],
    },
    { type: 'zone_id', code: 2, doc: 'The zone; 0 unless told.', fields: [u16('zoneId'), pad(2)] },
  ],
});

/** Half a connection (NXT_CT_TUPLE_*); IPv4 addresses are mapped into IPv6. */
export const nxCtTuples = union({
  name: 'nx_ct_tuple',
  section: 'nicira-ext.h',
  doc: 'One part of the addresses of a connection.',
  align: 8,
  lengthIncludesPadding: false,
  minimum: 4,
  badLength: [14, 1],
  members: [
    { type: 'src', code: 0, doc: 'Source, ::ffff:10.0.0.1 for IPv4.', fields: [ipv6('address')] },
    { type: 'dst', code: 1, doc: 'Destination, ::ffff:10.0.0.1 for IPv4.', fields: [ipv6('address')] },
    { type: 'src_port', code: 2, doc: 'Source port.', fields: [u16('port'), pad(2)] },
    { type: 'dst_port', code: 3, doc: 'Destination port.', fields: [u16('port'), pad(2)] },
    { type: 'icmp_id', code: 4, doc: 'Id of ICMP.', fields: [u16('icmpId'), pad(2)] },
    { type: 'icmp_type', code: 5, doc: 'Type of ICMP.', fields: [u8('icmpType')] },
    { type: 'icmp_code', code: 6, doc: 'Code of ICMP.', fields: [u8('icmpCode')] },
  ],
});
