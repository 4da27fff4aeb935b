/** Assigned numbers by which one header names the next (IANA). */

export const ETHERTYPE = {
  IPV4: 0x0800,
  ARP: 0x0806,
  /** Ethernet frames in GRE. */
  TRANSPARENT_ETHERNET: 0x6558,
  RARP: 0x8035,
  VLAN: 0x8100,
  IPV6: 0x86dd,
  MPLS: 0x8847,
  MPLS_UPSTREAM: 0x8848,
  /** The outer tag of QinQ (802.1ad). */
  SERVICE_VLAN: 0x88a8,
  LLDP: 0x88cc,
} as const;

/** A smaller number in the place of an ethertype is the length of an 802.3 frame. */
export const ETHERTYPE_MIN = 0x0600;

export const IP_PROTOCOL = {
  HOP_BY_HOP: 0,
  ICMP: 1,
  IGMP: 2,
  IPV4: 4,
  TCP: 6,
  UDP: 17,
  IPV6: 41,
  ROUTING: 43,
  FRAGMENT: 44,
  GRE: 47,
  AUTHENTICATION: 51,
  ICMPV6: 58,
  NO_NEXT_HEADER: 59,
  DESTINATION_OPTIONS: 60,
  SCTP: 132,
} as const;

export const UDP_PORT = { DHCP_SERVER: 67, DHCP_CLIENT: 68, VXLAN: 4789 } as const;
