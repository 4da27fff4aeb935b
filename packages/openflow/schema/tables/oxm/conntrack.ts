/** Connection tracking, class 0x0001 (ovs-fields(7)). The ct_nw_* fields are those of the connection's first packet. */
import { CLASS, fieldsOf, NEEDS, type OxmRow } from './row.ts';

const field = fieldsOf(CLASS.nx);

export const conntrackRows: readonly OxmRow[] = [
  field(
    ['ct_state', 105, 32],
    true,
    'State of the connection, bits: new, est, rel, rpl, inv, trk, snat, dnat.',
  ),
  field(['ct_zone', 106, 16], false, 'Zone.'),
  field(['ct_mark', 107, 32], true, 'Mark of the connection.'),
  field(['ct_label', 108, 'u128'], true, 'Label of the connection.'),
  field(['ct_nw_proto', 119, 8], false, 'IP protocol.', NEEDS.conntrack),
  field(['ct_nw_src', 120, 'ipv4'], true, 'IPv4 source.', NEEDS.conntrack),
  field(['ct_nw_dst', 121, 'ipv4'], true, 'IPv4 destination.', NEEDS.conntrack),
  field(['ct_ipv6_src', 122, 'ipv6'], true, 'IPv6 source.', NEEDS.conntrack),
  field(['ct_ipv6_dst', 123, 'ipv6'], true, 'IPv6 destination.', NEEDS.conntrack),
  field(['ct_tp_src', 124, 16], true, 'Source port of TCP, UDP or SCTP.', NEEDS.conntrack),
  field(['ct_tp_dst', 125, 16], true, 'Destination port of TCP, UDP or SCTP.', NEEDS.conntrack),
];
