/** Headers of the tunnel a packet came by, class 0x0001 (ovs-fields(7)). */
import { CLASS, fieldsOf, type OxmRow } from './row.ts';

const field = fieldsOf(CLASS.nx);

const METADATA0 = 40;
const METADATA_FIELDS = 64;
const METADATA_BYTES_MAX = 124;

/** Their width is that of the tunnel option they are mapped to (nx_tlv_table_mod). */
const metadataRows: readonly OxmRow[] = Array.from({ length: METADATA_FIELDS }, (_, index) => ({
  name: `tun_metadata${index}`,
  oxmClass: CLASS.nx,
  number: METADATA0 + index,
  kind: 'bytes',
  size: METADATA_BYTES_MAX,
  bits: METADATA_BYTES_MAX * 8,
  maskable: true,
  doc: `Tunnel option ${index} of the TLV table.`,
}));

export const tunnelRows: readonly OxmRow[] = [
  field(['tun_src', 31, 'ipv4'], true, 'IPv4 source of the tunnel.'),
  field(['tun_dst', 32, 'ipv4'], true, 'IPv4 destination of the tunnel.'),
  field(['tun_gbp_id', 38, 16], true, 'Group policy id of VXLAN.'),
  field(['tun_gbp_flags', 39, 8], true, 'Group policy flags of VXLAN.'),
  ...metadataRows,
  field(['tun_flags', 104, 1], true, 'Flags of the tunnel: 1 for OAM.', undefined, 2),
  field(['tun_ipv6_src', 109, 'ipv6'], true, 'IPv6 source of the tunnel.'),
  field(['tun_ipv6_dst', 110, 'ipv6'], true, 'IPv6 destination of the tunnel.'),
];
