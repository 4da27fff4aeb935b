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
  readonly pbb_uca: number;
  readonly tcp_flags: number;
  readonly actset_output: number;
  readonly packet_type: number;
  readonly xreg0: bigint;
  readonly xreg1: bigint;
  readonly xreg2: bigint;
  readonly xreg3: bigint;
  readonly xreg4: bigint;
  readonly xreg5: bigint;
  readonly xreg6: bigint;
  readonly xreg7: bigint;
  readonly reg0: number;
  readonly reg1: number;
  readonly reg2: number;
  readonly reg3: number;
  readonly reg4: number;
  readonly reg5: number;
  readonly reg6: number;
  readonly reg7: number;
  readonly reg8: number;
  readonly reg9: number;
  readonly reg10: number;
  readonly reg11: number;
  readonly reg12: number;
  readonly reg13: number;
  readonly reg14: number;
  readonly reg15: number;
  readonly xxreg0: bigint;
  readonly xxreg1: bigint;
  readonly xxreg2: bigint;
  readonly xxreg3: bigint;
  readonly nxm_in_port: number;
  readonly nxm_eth_dst: string;
  readonly nxm_eth_src: string;
  readonly nxm_eth_type: number;
  readonly vlan_tci: number;
  readonly nw_tos: number;
  readonly nxm_ip_proto: number;
  readonly nxm_ipv4_src: string;
  readonly nxm_ipv4_dst: string;
  readonly nxm_tcp_src: number;
  readonly nxm_tcp_dst: number;
  readonly nxm_udp_src: number;
  readonly nxm_udp_dst: number;
  readonly nxm_icmpv4_type: number;
  readonly nxm_icmpv4_code: number;
  readonly nxm_arp_op: number;
  readonly nxm_arp_spa: string;
  readonly nxm_arp_tpa: string;
  readonly nxm_tunnel_id: bigint;
  readonly nxm_arp_sha: string;
  readonly nxm_arp_tha: string;
  readonly nxm_ipv6_src: string;
  readonly nxm_ipv6_dst: string;
  readonly nxm_icmpv6_type: number;
  readonly nxm_icmpv6_code: number;
  readonly nxm_ipv6_nd_target: string;
  readonly nxm_ipv6_nd_sll: string;
  readonly nxm_ipv6_nd_tll: string;
  readonly ip_frag: number;
  readonly nxm_ipv6_flabel: number;
  readonly nxm_ip_ecn: number;
  readonly nw_ttl: number;
  readonly mpls_ttl: number;
  readonly nxm_cookie: bigint;
  readonly pkt_mark: number;
  readonly nxm_tcp_flags: number;
  readonly dp_hash: number;
  readonly recirc_id: number;
  readonly conj_id: number;
  readonly ct_state: number;
  readonly ct_zone: number;
  readonly ct_mark: number;
  readonly ct_label: bigint;
  readonly ct_nw_proto: number;
  readonly ct_nw_src: string;
  readonly ct_nw_dst: string;
  readonly ct_ipv6_src: string;
  readonly ct_ipv6_dst: string;
  readonly ct_tp_src: number;
  readonly ct_tp_dst: number;
  readonly tun_src: string;
  readonly tun_dst: string;
  readonly tun_gbp_id: number;
  readonly tun_gbp_flags: number;
  readonly tun_metadata0: Uint8Array;
  readonly tun_metadata1: Uint8Array;
  readonly tun_metadata2: Uint8Array;
  readonly tun_metadata3: Uint8Array;
  readonly tun_metadata4: Uint8Array;
  readonly tun_metadata5: Uint8Array;
  readonly tun_metadata6: Uint8Array;
  readonly tun_metadata7: Uint8Array;
  readonly tun_metadata8: Uint8Array;
  readonly tun_metadata9: Uint8Array;
  readonly tun_metadata10: Uint8Array;
  readonly tun_metadata11: Uint8Array;
  readonly tun_metadata12: Uint8Array;
  readonly tun_metadata13: Uint8Array;
  readonly tun_metadata14: Uint8Array;
  readonly tun_metadata15: Uint8Array;
  readonly tun_metadata16: Uint8Array;
  readonly tun_metadata17: Uint8Array;
  readonly tun_metadata18: Uint8Array;
  readonly tun_metadata19: Uint8Array;
  readonly tun_metadata20: Uint8Array;
  readonly tun_metadata21: Uint8Array;
  readonly tun_metadata22: Uint8Array;
  readonly tun_metadata23: Uint8Array;
  readonly tun_metadata24: Uint8Array;
  readonly tun_metadata25: Uint8Array;
  readonly tun_metadata26: Uint8Array;
  readonly tun_metadata27: Uint8Array;
  readonly tun_metadata28: Uint8Array;
  readonly tun_metadata29: Uint8Array;
  readonly tun_metadata30: Uint8Array;
  readonly tun_metadata31: Uint8Array;
  readonly tun_metadata32: Uint8Array;
  readonly tun_metadata33: Uint8Array;
  readonly tun_metadata34: Uint8Array;
  readonly tun_metadata35: Uint8Array;
  readonly tun_metadata36: Uint8Array;
  readonly tun_metadata37: Uint8Array;
  readonly tun_metadata38: Uint8Array;
  readonly tun_metadata39: Uint8Array;
  readonly tun_metadata40: Uint8Array;
  readonly tun_metadata41: Uint8Array;
  readonly tun_metadata42: Uint8Array;
  readonly tun_metadata43: Uint8Array;
  readonly tun_metadata44: Uint8Array;
  readonly tun_metadata45: Uint8Array;
  readonly tun_metadata46: Uint8Array;
  readonly tun_metadata47: Uint8Array;
  readonly tun_metadata48: Uint8Array;
  readonly tun_metadata49: Uint8Array;
  readonly tun_metadata50: Uint8Array;
  readonly tun_metadata51: Uint8Array;
  readonly tun_metadata52: Uint8Array;
  readonly tun_metadata53: Uint8Array;
  readonly tun_metadata54: Uint8Array;
  readonly tun_metadata55: Uint8Array;
  readonly tun_metadata56: Uint8Array;
  readonly tun_metadata57: Uint8Array;
  readonly tun_metadata58: Uint8Array;
  readonly tun_metadata59: Uint8Array;
  readonly tun_metadata60: Uint8Array;
  readonly tun_metadata61: Uint8Array;
  readonly tun_metadata62: Uint8Array;
  readonly tun_metadata63: Uint8Array;
  readonly tun_flags: number;
  readonly tun_ipv6_src: string;
  readonly tun_ipv6_dst: string;
  readonly onf_tcp_flags: number;
  readonly onf_actset_output: number;
  readonly nx_dp_hash: number;
  readonly tun_erspan_idx: number;
  readonly tun_erspan_ver: number;
  readonly tun_erspan_dir: number;
  readonly tun_erspan_hwid: number;
  readonly tun_gtpu_flags: number;
  readonly tun_gtpu_msgtype: number;
  readonly nsh_flags: number;
  readonly nsh_mdtype: number;
  readonly nsh_np: number;
  readonly nsh_spi: number;
  readonly nsh_si: number;
  readonly nsh_c1: number;
  readonly nsh_c2: number;
  readonly nsh_c3: number;
  readonly nsh_c4: number;
  readonly nsh_ttl: number;
  readonly nd_reserved: number;
  readonly nd_options_type: number;
}

export type OxmName = keyof OxmValues;

/**
 * Conditions on a packet, in the words of OXM for every version. The order of keys is the order on the wire; the
 * structures of 1.0 and 1.1 have an order of their own.
 */
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
  /** PBB use customer address. */
  readonly pbb_uca?: number | undefined;
  /** TCP flags. */
  readonly tcp_flags?: number | Masked<number> | undefined;
  /** Port that the action set outputs to. */
  readonly actset_output?: number | undefined;
  /** Type of the packet: namespace in the upper 16 bits, type below. */
  readonly packet_type?: number | undefined;
  /** Packet register 0, 64 bits. */
  readonly xreg0?: bigint | Masked<bigint> | undefined;
  /** Packet register 1, 64 bits. */
  readonly xreg1?: bigint | Masked<bigint> | undefined;
  /** Packet register 2, 64 bits. */
  readonly xreg2?: bigint | Masked<bigint> | undefined;
  /** Packet register 3, 64 bits. */
  readonly xreg3?: bigint | Masked<bigint> | undefined;
  /** Packet register 4, 64 bits. */
  readonly xreg4?: bigint | Masked<bigint> | undefined;
  /** Packet register 5, 64 bits. */
  readonly xreg5?: bigint | Masked<bigint> | undefined;
  /** Packet register 6, 64 bits. */
  readonly xreg6?: bigint | Masked<bigint> | undefined;
  /** Packet register 7, 64 bits. */
  readonly xreg7?: bigint | Masked<bigint> | undefined;
  /** Register 0, 32 bits. */
  readonly reg0?: number | Masked<number> | undefined;
  /** Register 1, 32 bits. */
  readonly reg1?: number | Masked<number> | undefined;
  /** Register 2, 32 bits. */
  readonly reg2?: number | Masked<number> | undefined;
  /** Register 3, 32 bits. */
  readonly reg3?: number | Masked<number> | undefined;
  /** Register 4, 32 bits. */
  readonly reg4?: number | Masked<number> | undefined;
  /** Register 5, 32 bits. */
  readonly reg5?: number | Masked<number> | undefined;
  /** Register 6, 32 bits. */
  readonly reg6?: number | Masked<number> | undefined;
  /** Register 7, 32 bits. */
  readonly reg7?: number | Masked<number> | undefined;
  /** Register 8, 32 bits. */
  readonly reg8?: number | Masked<number> | undefined;
  /** Register 9, 32 bits. */
  readonly reg9?: number | Masked<number> | undefined;
  /** Register 10, 32 bits. */
  readonly reg10?: number | Masked<number> | undefined;
  /** Register 11, 32 bits. */
  readonly reg11?: number | Masked<number> | undefined;
  /** Register 12, 32 bits. */
  readonly reg12?: number | Masked<number> | undefined;
  /** Register 13, 32 bits. */
  readonly reg13?: number | Masked<number> | undefined;
  /** Register 14, 32 bits. */
  readonly reg14?: number | Masked<number> | undefined;
  /** Register 15, 32 bits. */
  readonly reg15?: number | Masked<number> | undefined;
  /** Register 0, 128 bits. */
  readonly xxreg0?: bigint | Masked<bigint> | undefined;
  /** Register 1, 128 bits. */
  readonly xxreg1?: bigint | Masked<bigint> | undefined;
  /** Register 2, 128 bits. */
  readonly xxreg2?: bigint | Masked<bigint> | undefined;
  /** Register 3, 128 bits. */
  readonly xxreg3?: bigint | Masked<bigint> | undefined;
  /** Port of arrival, number of OpenFlow 1.0. */
  readonly nxm_in_port?: number | undefined;
  /** Ethernet destination. */
  readonly nxm_eth_dst?: string | Masked<string> | undefined;
  /** Ethernet source. */
  readonly nxm_eth_src?: string | Masked<string> | undefined;
  /** Ethertype after VLAN tags. */
  readonly nxm_eth_type?: number | undefined;
  /** VLAN tag: priority, 0x1000 for present, id. 0 for no tag. */
  readonly vlan_tci?: number | Masked<number> | undefined;
  /** DSCP in the upper 6 bits, the lower 2 are 0. */
  readonly nw_tos?: number | undefined;
  /** IP protocol. */
  readonly nxm_ip_proto?: number | undefined;
  /** IPv4 source. */
  readonly nxm_ipv4_src?: string | Masked<string> | undefined;
  /** IPv4 destination. */
  readonly nxm_ipv4_dst?: string | Masked<string> | undefined;
  /** TCP source port. */
  readonly nxm_tcp_src?: number | Masked<number> | undefined;
  /** TCP destination port. */
  readonly nxm_tcp_dst?: number | Masked<number> | undefined;
  /** UDP source port. */
  readonly nxm_udp_src?: number | Masked<number> | undefined;
  /** UDP destination port. */
  readonly nxm_udp_dst?: number | Masked<number> | undefined;
  /** ICMP type. */
  readonly nxm_icmpv4_type?: number | undefined;
  /** ICMP code. */
  readonly nxm_icmpv4_code?: number | undefined;
  /** ARP operation. */
  readonly nxm_arp_op?: number | undefined;
  /** ARP sender IPv4. */
  readonly nxm_arp_spa?: string | Masked<string> | undefined;
  /** ARP target IPv4. */
  readonly nxm_arp_tpa?: string | Masked<string> | undefined;
  /** Id of the tunnel. */
  readonly nxm_tunnel_id?: bigint | Masked<bigint> | undefined;
  /** ARP sender MAC. */
  readonly nxm_arp_sha?: string | Masked<string> | undefined;
  /** ARP target MAC. */
  readonly nxm_arp_tha?: string | Masked<string> | undefined;
  /** IPv6 source. */
  readonly nxm_ipv6_src?: string | Masked<string> | undefined;
  /** IPv6 destination. */
  readonly nxm_ipv6_dst?: string | Masked<string> | undefined;
  /** ICMPv6 type. */
  readonly nxm_icmpv6_type?: number | undefined;
  /** ICMPv6 code. */
  readonly nxm_icmpv6_code?: number | undefined;
  /** Neighbour discovery target. */
  readonly nxm_ipv6_nd_target?: string | Masked<string> | undefined;
  /** Neighbour discovery source MAC. */
  readonly nxm_ipv6_nd_sll?: string | Masked<string> | undefined;
  /** Neighbour discovery target MAC. */
  readonly nxm_ipv6_nd_tll?: string | Masked<string> | undefined;
  /** Fragments: 1 any fragment, 2 a later one. */
  readonly ip_frag?: number | Masked<number> | undefined;
  /** IPv6 flow label. */
  readonly nxm_ipv6_flabel?: number | Masked<number> | undefined;
  /** ECN bits. */
  readonly nxm_ip_ecn?: number | undefined;
  /** IP time to live. */
  readonly nw_ttl?: number | undefined;
  /** MPLS time to live. */
  readonly mpls_ttl?: number | undefined;
  /** Cookie of the flow entry: in Nicira flow mods and statistics requests only. */
  readonly nxm_cookie?: bigint | Masked<bigint> | undefined;
  /** Mark of the packet in the Linux kernel. */
  readonly pkt_mark?: number | Masked<number> | undefined;
  /** TCP flags. */
  readonly nxm_tcp_flags?: number | Masked<number> | undefined;
  /** Hash that the datapath computed; inside Open vSwitch only. */
  readonly dp_hash?: number | Masked<number> | undefined;
  /** Recirculation id; inside Open vSwitch only. */
  readonly recirc_id?: number | undefined;
  /** Id of the conjunctive match that held. */
  readonly conj_id?: number | undefined;
  /** State of the connection, bits: new, est, rel, rpl, inv, trk, snat, dnat. */
  readonly ct_state?: number | Masked<number> | undefined;
  /** Zone. */
  readonly ct_zone?: number | undefined;
  /** Mark of the connection. */
  readonly ct_mark?: number | Masked<number> | undefined;
  /** Label of the connection. */
  readonly ct_label?: bigint | Masked<bigint> | undefined;
  /** IP protocol. */
  readonly ct_nw_proto?: number | undefined;
  /** IPv4 source. */
  readonly ct_nw_src?: string | Masked<string> | undefined;
  /** IPv4 destination. */
  readonly ct_nw_dst?: string | Masked<string> | undefined;
  /** IPv6 source. */
  readonly ct_ipv6_src?: string | Masked<string> | undefined;
  /** IPv6 destination. */
  readonly ct_ipv6_dst?: string | Masked<string> | undefined;
  /** Source port of TCP, UDP or SCTP. */
  readonly ct_tp_src?: number | Masked<number> | undefined;
  /** Destination port of TCP, UDP or SCTP. */
  readonly ct_tp_dst?: number | Masked<number> | undefined;
  /** IPv4 source of the tunnel. */
  readonly tun_src?: string | Masked<string> | undefined;
  /** IPv4 destination of the tunnel. */
  readonly tun_dst?: string | Masked<string> | undefined;
  /** Group policy id of VXLAN. */
  readonly tun_gbp_id?: number | Masked<number> | undefined;
  /** Group policy flags of VXLAN. */
  readonly tun_gbp_flags?: number | Masked<number> | undefined;
  /** Tunnel option 0 of the TLV table. */
  readonly tun_metadata0?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 1 of the TLV table. */
  readonly tun_metadata1?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 2 of the TLV table. */
  readonly tun_metadata2?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 3 of the TLV table. */
  readonly tun_metadata3?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 4 of the TLV table. */
  readonly tun_metadata4?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 5 of the TLV table. */
  readonly tun_metadata5?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 6 of the TLV table. */
  readonly tun_metadata6?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 7 of the TLV table. */
  readonly tun_metadata7?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 8 of the TLV table. */
  readonly tun_metadata8?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 9 of the TLV table. */
  readonly tun_metadata9?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 10 of the TLV table. */
  readonly tun_metadata10?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 11 of the TLV table. */
  readonly tun_metadata11?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 12 of the TLV table. */
  readonly tun_metadata12?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 13 of the TLV table. */
  readonly tun_metadata13?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 14 of the TLV table. */
  readonly tun_metadata14?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 15 of the TLV table. */
  readonly tun_metadata15?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 16 of the TLV table. */
  readonly tun_metadata16?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 17 of the TLV table. */
  readonly tun_metadata17?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 18 of the TLV table. */
  readonly tun_metadata18?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 19 of the TLV table. */
  readonly tun_metadata19?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 20 of the TLV table. */
  readonly tun_metadata20?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 21 of the TLV table. */
  readonly tun_metadata21?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 22 of the TLV table. */
  readonly tun_metadata22?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 23 of the TLV table. */
  readonly tun_metadata23?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 24 of the TLV table. */
  readonly tun_metadata24?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 25 of the TLV table. */
  readonly tun_metadata25?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 26 of the TLV table. */
  readonly tun_metadata26?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 27 of the TLV table. */
  readonly tun_metadata27?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 28 of the TLV table. */
  readonly tun_metadata28?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 29 of the TLV table. */
  readonly tun_metadata29?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 30 of the TLV table. */
  readonly tun_metadata30?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 31 of the TLV table. */
  readonly tun_metadata31?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 32 of the TLV table. */
  readonly tun_metadata32?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 33 of the TLV table. */
  readonly tun_metadata33?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 34 of the TLV table. */
  readonly tun_metadata34?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 35 of the TLV table. */
  readonly tun_metadata35?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 36 of the TLV table. */
  readonly tun_metadata36?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 37 of the TLV table. */
  readonly tun_metadata37?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 38 of the TLV table. */
  readonly tun_metadata38?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 39 of the TLV table. */
  readonly tun_metadata39?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 40 of the TLV table. */
  readonly tun_metadata40?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 41 of the TLV table. */
  readonly tun_metadata41?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 42 of the TLV table. */
  readonly tun_metadata42?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 43 of the TLV table. */
  readonly tun_metadata43?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 44 of the TLV table. */
  readonly tun_metadata44?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 45 of the TLV table. */
  readonly tun_metadata45?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 46 of the TLV table. */
  readonly tun_metadata46?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 47 of the TLV table. */
  readonly tun_metadata47?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 48 of the TLV table. */
  readonly tun_metadata48?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 49 of the TLV table. */
  readonly tun_metadata49?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 50 of the TLV table. */
  readonly tun_metadata50?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 51 of the TLV table. */
  readonly tun_metadata51?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 52 of the TLV table. */
  readonly tun_metadata52?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 53 of the TLV table. */
  readonly tun_metadata53?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 54 of the TLV table. */
  readonly tun_metadata54?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 55 of the TLV table. */
  readonly tun_metadata55?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 56 of the TLV table. */
  readonly tun_metadata56?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 57 of the TLV table. */
  readonly tun_metadata57?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 58 of the TLV table. */
  readonly tun_metadata58?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 59 of the TLV table. */
  readonly tun_metadata59?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 60 of the TLV table. */
  readonly tun_metadata60?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 61 of the TLV table. */
  readonly tun_metadata61?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 62 of the TLV table. */
  readonly tun_metadata62?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Tunnel option 63 of the TLV table. */
  readonly tun_metadata63?: Uint8Array | Masked<Uint8Array> | undefined;
  /** Flags of the tunnel: 1 for OAM. */
  readonly tun_flags?: number | Masked<number> | undefined;
  /** IPv6 source of the tunnel. */
  readonly tun_ipv6_src?: string | Masked<string> | undefined;
  /** IPv6 destination of the tunnel. */
  readonly tun_ipv6_dst?: string | Masked<string> | undefined;
  /** TCP flags. */
  readonly onf_tcp_flags?: number | Masked<number> | undefined;
  /** Port that the action set outputs to. */
  readonly onf_actset_output?: number | undefined;
  /** Hash that the datapath computed; inside Open vSwitch only. */
  readonly nx_dp_hash?: number | Masked<number> | undefined;
  /** Index of ERSPAN version 1. */
  readonly tun_erspan_idx?: number | Masked<number> | undefined;
  /** Version of ERSPAN. */
  readonly tun_erspan_ver?: number | Masked<number> | undefined;
  /** Direction of ERSPAN version 2. */
  readonly tun_erspan_dir?: number | Masked<number> | undefined;
  /** Hardware id of ERSPAN version 2. */
  readonly tun_erspan_hwid?: number | Masked<number> | undefined;
  /** Flags of GTP-U. */
  readonly tun_gtpu_flags?: number | Masked<number> | undefined;
  /** Message type of GTP-U. */
  readonly tun_gtpu_msgtype?: number | Masked<number> | undefined;
  /** Flags. */
  readonly nsh_flags?: number | Masked<number> | undefined;
  /** Type of metadata. */
  readonly nsh_mdtype?: number | undefined;
  /** Next protocol. */
  readonly nsh_np?: number | undefined;
  /** Service path id. */
  readonly nsh_spi?: number | undefined;
  /** Service index. */
  readonly nsh_si?: number | undefined;
  /** Context header 1. */
  readonly nsh_c1?: number | Masked<number> | undefined;
  /** Context header 2. */
  readonly nsh_c2?: number | Masked<number> | undefined;
  /** Context header 3. */
  readonly nsh_c3?: number | Masked<number> | undefined;
  /** Context header 4. */
  readonly nsh_c4?: number | Masked<number> | undefined;
  /** Time to live. */
  readonly nsh_ttl?: number | undefined;
  /** Reserved bits of neighbour discovery. */
  readonly nd_reserved?: number | undefined;
  /** Type of the option of neighbour discovery. */
  readonly nd_options_type?: number | undefined;
  /**
   * 1.0 and 1.1: all bytes of a structure that says more than keys can, for example values of fields that it leaves
   * out. It stands alone.
   */
  readonly ofp_match?: Uint8Array | undefined;
  /**
   * 1.0 and 1.1: the word of wildcards as it came, where the keys would give another that means the same (Open
   * vSwitch leaves out an address by 32 bits, others by 63).
   */
  readonly ofp_wildcards?: number | undefined;
  /** 1.1: the match travels as OXM (OFPMT_OXM) instead of in the structure of 1.1. */
  readonly ofp_match_type?: 1 | undefined;
  /** A field that no table names, under its OXM header (class, field, mask bit, length) with its bytes. */
  readonly [header: `0x${string}`]: Uint8Array | undefined;
}

export { OXM_FIELDS, type OxmFieldInfo } from './match-fields.ts';
