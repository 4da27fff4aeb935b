// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.

/** A value of which only the bits in `mask` count. */
export interface Masked<T> {
  readonly value: T;
  readonly mask: T;
}

/** The plain value of each OXM field. */
export interface OxmValues {
  readonly in_port: number;
  readonly in_phy_port: number;
  readonly metadata: bigint;
  readonly eth_dst: string;
  readonly eth_src: string;
  readonly eth_type: number;
  readonly vlan_vid: number;
  readonly vlan_pcp: number;
  readonly ip_dscp: number;
  readonly ip_ecn: number;
  readonly ip_proto: number;
  readonly ipv4_src: string;
  readonly ipv4_dst: string;
  readonly tcp_src: number;
  readonly tcp_dst: number;
  readonly udp_src: number;
  readonly udp_dst: number;
  readonly sctp_src: number;
  readonly sctp_dst: number;
  readonly icmpv4_type: number;
  readonly icmpv4_code: number;
  readonly arp_op: number;
  readonly arp_spa: string;
  readonly arp_tpa: string;
  readonly arp_sha: string;
  readonly arp_tha: string;
  readonly ipv6_src: string;
  readonly ipv6_dst: string;
  readonly ipv6_flabel: number;
  readonly icmpv6_type: number;
  readonly icmpv6_code: number;
  readonly ipv6_nd_target: string;
  readonly ipv6_nd_sll: string;
  readonly ipv6_nd_tll: string;
  readonly mpls_label: number;
  readonly mpls_tc: number;
  readonly mpls_bos: number;
  readonly pbb_isid: number;
  readonly tunnel_id: bigint;
  readonly ipv6_exthdr: number;
}

export type OxmName = keyof OxmValues;

/** Conditions on a packet, OpenFlow 1.3.0 §A.2.3. The order of keys is the order on the wire. */
export interface Match {
  /** Port of arrival. */
  readonly in_port?: number | undefined;
  /** Physical port of arrival. */
  readonly in_phy_port?: number | undefined;
  /** Metadata passed between tables. */
  readonly metadata?: bigint | Masked<bigint> | undefined;
  /** Ethernet destination. */
  readonly eth_dst?: string | Masked<string> | undefined;
  /** Ethernet source. */
  readonly eth_src?: string | Masked<string> | undefined;
  /** Ethertype after VLAN tags. */
  readonly eth_type?: number | undefined;
  /** VLAN id with OFPVID_PRESENT (0x1000). */
  readonly vlan_vid?: number | Masked<number> | undefined;
  /** VLAN priority. */
  readonly vlan_pcp?: number | undefined;
  /** DSCP. */
  readonly ip_dscp?: number | undefined;
  /** ECN bits. */
  readonly ip_ecn?: number | undefined;
  /** IP protocol. */
  readonly ip_proto?: number | undefined;
  /** IPv4 source. */
  readonly ipv4_src?: string | Masked<string> | undefined;
  /** IPv4 destination. */
  readonly ipv4_dst?: string | Masked<string> | undefined;
  /** TCP source port. */
  readonly tcp_src?: number | Masked<number> | undefined;
  /** TCP destination port. */
  readonly tcp_dst?: number | Masked<number> | undefined;
  /** UDP source port. */
  readonly udp_src?: number | Masked<number> | undefined;
  /** UDP destination port. */
  readonly udp_dst?: number | Masked<number> | undefined;
  /** SCTP source port. */
  readonly sctp_src?: number | Masked<number> | undefined;
  /** SCTP destination port. */
  readonly sctp_dst?: number | Masked<number> | undefined;
  /** ICMP type. */
  readonly icmpv4_type?: number | undefined;
  /** ICMP code. */
  readonly icmpv4_code?: number | undefined;
  /** ARP operation. */
  readonly arp_op?: number | undefined;
  /** ARP sender IPv4. */
  readonly arp_spa?: string | Masked<string> | undefined;
  /** ARP target IPv4. */
  readonly arp_tpa?: string | Masked<string> | undefined;
  /** ARP sender MAC. */
  readonly arp_sha?: string | Masked<string> | undefined;
  /** ARP target MAC. */
  readonly arp_tha?: string | Masked<string> | undefined;
  /** IPv6 source. */
  readonly ipv6_src?: string | Masked<string> | undefined;
  /** IPv6 destination. */
  readonly ipv6_dst?: string | Masked<string> | undefined;
  /** IPv6 flow label. */
  readonly ipv6_flabel?: number | Masked<number> | undefined;
  /** ICMPv6 type. */
  readonly icmpv6_type?: number | undefined;
  /** ICMPv6 code. */
  readonly icmpv6_code?: number | undefined;
  /** Neighbour discovery target. */
  readonly ipv6_nd_target?: string | Masked<string> | undefined;
  /** Neighbour discovery source MAC. */
  readonly ipv6_nd_sll?: string | Masked<string> | undefined;
  /** Neighbour discovery target MAC. */
  readonly ipv6_nd_tll?: string | Masked<string> | undefined;
  /** MPLS label. */
  readonly mpls_label?: number | undefined;
  /** MPLS traffic class. */
  readonly mpls_tc?: number | undefined;
  /** MPLS bottom of stack. */
  readonly mpls_bos?: number | undefined;
  /** PBB service id. */
  readonly pbb_isid?: number | Masked<number> | undefined;
  /** Metadata of a logical port. */
  readonly tunnel_id?: bigint | Masked<bigint> | undefined;
  /** IPv6 extension headers present. */
  readonly ipv6_exthdr?: number | Masked<number> | undefined;
  /** A field that this version does not name, under its OXM header (class, field, mask bit, length) with its bytes. */
  readonly [header: `0x${string}`]: Uint8Array | undefined;
}

/** The rows of the schema, for text forms and checks. */
export interface OxmFieldInfo {
  readonly number: number;
  readonly kind: 'number' | 'u64' | 'mac' | 'ipv4' | 'ipv6';
  readonly size: number;
  readonly bits: number;
  readonly maskable: boolean;
  readonly requires?: { readonly field: OxmName; readonly values?: readonly number[] };
}

export const OXM_FIELDS: Readonly<Record<OxmName, OxmFieldInfo>> = {
  in_port: { number: 0, kind: 'number', size: 4, bits: 32, maskable: false },
  in_phy_port: { number: 1, kind: 'number', size: 4, bits: 32, maskable: false, requires: { field: 'in_port' } },
  metadata: { number: 2, kind: 'u64', size: 8, bits: 64, maskable: true },
  eth_dst: { number: 3, kind: 'mac', size: 6, bits: 48, maskable: true },
  eth_src: { number: 4, kind: 'mac', size: 6, bits: 48, maskable: true },
  eth_type: { number: 5, kind: 'number', size: 2, bits: 16, maskable: false },
  vlan_vid: { number: 6, kind: 'number', size: 2, bits: 13, maskable: true },
  vlan_pcp: { number: 7, kind: 'number', size: 1, bits: 3, maskable: false, requires: { field: 'vlan_vid' } },
  ip_dscp: { number: 8, kind: 'number', size: 1, bits: 6, maskable: false, requires: { field: 'eth_type', values: [0x0800, 0x86dd] } },
  ip_ecn: { number: 9, kind: 'number', size: 1, bits: 2, maskable: false, requires: { field: 'eth_type', values: [0x0800, 0x86dd] } },
  ip_proto: { number: 10, kind: 'number', size: 1, bits: 8, maskable: false, requires: { field: 'eth_type', values: [0x0800, 0x86dd] } },
  ipv4_src: { number: 11, kind: 'ipv4', size: 4, bits: 32, maskable: true, requires: { field: 'eth_type', values: [0x0800] } },
  ipv4_dst: { number: 12, kind: 'ipv4', size: 4, bits: 32, maskable: true, requires: { field: 'eth_type', values: [0x0800] } },
  tcp_src: { number: 13, kind: 'number', size: 2, bits: 16, maskable: true, requires: { field: 'ip_proto', values: [6] } },
  tcp_dst: { number: 14, kind: 'number', size: 2, bits: 16, maskable: true, requires: { field: 'ip_proto', values: [6] } },
  udp_src: { number: 15, kind: 'number', size: 2, bits: 16, maskable: true, requires: { field: 'ip_proto', values: [17] } },
  udp_dst: { number: 16, kind: 'number', size: 2, bits: 16, maskable: true, requires: { field: 'ip_proto', values: [17] } },
  sctp_src: { number: 17, kind: 'number', size: 2, bits: 16, maskable: true, requires: { field: 'ip_proto', values: [132] } },
  sctp_dst: { number: 18, kind: 'number', size: 2, bits: 16, maskable: true, requires: { field: 'ip_proto', values: [132] } },
  icmpv4_type: { number: 19, kind: 'number', size: 1, bits: 8, maskable: false, requires: { field: 'ip_proto', values: [1] } },
  icmpv4_code: { number: 20, kind: 'number', size: 1, bits: 8, maskable: false, requires: { field: 'ip_proto', values: [1] } },
  arp_op: { number: 21, kind: 'number', size: 2, bits: 16, maskable: false, requires: { field: 'eth_type', values: [0x0806] } },
  arp_spa: { number: 22, kind: 'ipv4', size: 4, bits: 32, maskable: true, requires: { field: 'eth_type', values: [0x0806] } },
  arp_tpa: { number: 23, kind: 'ipv4', size: 4, bits: 32, maskable: true, requires: { field: 'eth_type', values: [0x0806] } },
  arp_sha: { number: 24, kind: 'mac', size: 6, bits: 48, maskable: true, requires: { field: 'eth_type', values: [0x0806] } },
  arp_tha: { number: 25, kind: 'mac', size: 6, bits: 48, maskable: true, requires: { field: 'eth_type', values: [0x0806] } },
  ipv6_src: { number: 26, kind: 'ipv6', size: 16, bits: 128, maskable: true, requires: { field: 'eth_type', values: [0x86dd] } },
  ipv6_dst: { number: 27, kind: 'ipv6', size: 16, bits: 128, maskable: true, requires: { field: 'eth_type', values: [0x86dd] } },
  ipv6_flabel: { number: 28, kind: 'number', size: 4, bits: 20, maskable: true, requires: { field: 'eth_type', values: [0x86dd] } },
  icmpv6_type: { number: 29, kind: 'number', size: 1, bits: 8, maskable: false, requires: { field: 'ip_proto', values: [58] } },
  icmpv6_code: { number: 30, kind: 'number', size: 1, bits: 8, maskable: false, requires: { field: 'ip_proto', values: [58] } },
  ipv6_nd_target: { number: 31, kind: 'ipv6', size: 16, bits: 128, maskable: true, requires: { field: 'icmpv6_type', values: [135, 136] } },
  ipv6_nd_sll: { number: 32, kind: 'mac', size: 6, bits: 48, maskable: true, requires: { field: 'icmpv6_type', values: [135] } },
  ipv6_nd_tll: { number: 33, kind: 'mac', size: 6, bits: 48, maskable: true, requires: { field: 'icmpv6_type', values: [136] } },
  mpls_label: { number: 34, kind: 'number', size: 4, bits: 20, maskable: false, requires: { field: 'eth_type', values: [0x8847, 0x8848] } },
  mpls_tc: { number: 35, kind: 'number', size: 1, bits: 3, maskable: false, requires: { field: 'eth_type', values: [0x8847, 0x8848] } },
  mpls_bos: { number: 36, kind: 'number', size: 1, bits: 1, maskable: false, requires: { field: 'eth_type', values: [0x8847, 0x8848] } },
  pbb_isid: { number: 37, kind: 'number', size: 3, bits: 24, maskable: true, requires: { field: 'eth_type', values: [0x88e7] } },
  tunnel_id: { number: 38, kind: 'u64', size: 8, bits: 64, maskable: true },
  ipv6_exthdr: { number: 39, kind: 'number', size: 2, bits: 9, maskable: true, requires: { field: 'eth_type', values: [0x86dd] } },
};
