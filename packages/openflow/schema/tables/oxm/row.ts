/**
 * One row an OXM or NXM header: class and field number, in class 0xffff also who defined it. Types, decoders, encoders,
 * text form and prerequisite check all come from these rows.
 */

/** `u64` and `u128` are bigint, addresses are text, `bytes` has as many as the header says. */
export type OxmValueKind = 'number' | 'u64' | 'u128' | 'mac' | 'ipv4' | 'ipv6' | 'bytes';

/** One of these (field, values) must be in the match as well. */
export interface OxmRequirement {
  readonly field: string;
  readonly values?: readonly number[];
}

export interface OxmRow {
  readonly name: string;
  /** OFPXMC_* */
  readonly oxmClass: number;
  /** Who defined the field; class 0xffff only. */
  readonly experimenter?: number;
  readonly number: number;
  readonly kind: OxmValueKind;
  /** Bytes of the value on the wire; the most that there can be for `bytes`. */
  readonly size: number;
  /** Bits that may be set. */
  readonly bits: number;
  /** `ovs`: the specification forbids a mask and Open vSwitch sends one, so it is accepted. */
  readonly maskable: boolean | 'ovs';
  readonly requires?: OxmRequirement;
  readonly doc: string;
}

export const CLASS = {
  nxm: 0x0000,
  nx: 0x0001,
  ericsson: 0x1000,
  basic: 0x8000,
  packetRegs: 0x8001,
  experimenter: 0xffff,
} as const;

const SIZES = { u64: 8, u128: 16, mac: 6, ipv4: 4, ipv6: 16 } as const;

/** A field's name, number and bits (or kind, when it is not a plain number). */
type Shape = readonly [name: string, number: number, width: number | keyof typeof SIZES];

/** Rows of one class: `field(shape, maskable, doc, requires)`. */
export const fieldsOf =
  (oxmClass: number, experimenter?: number) =>
  (
    [name, at, width]: Shape,
    maskable: boolean | 'ovs',
    doc: string,
    requires?: OxmRequirement,
    size?: number,
  ): OxmRow => ({
    name,
    oxmClass,
    ...(experimenter === undefined ? {} : { experimenter }),
    number: at,
    kind: typeof width === 'number' ? 'number' : width,
    size: size ?? (typeof width === 'number' ? Math.ceil(width / 8) : SIZES[width]),
    bits: typeof width === 'number' ? width : SIZES[width] * 8,
    maskable,
    doc,
    ...(requires === undefined ? {} : { requires }),
  });

const ethType = (...values: number[]): OxmRequirement => ({ field: 'eth_type', values });
const ipProto = (value: number): OxmRequirement => ({ field: 'ip_proto', values: [value] });

/** What fields of a protocol need beside them. */
export const NEEDS = {
  ipv4: ethType(0x0800),
  ipv6: ethType(0x86dd),
  ip: ethType(0x0800, 0x86dd),
  arp: ethType(0x0806),
  mpls: ethType(0x8847, 0x8848),
  pbb: ethType(0x88e7),
  nsh: ethType(0x894f),
  tcp: ipProto(6),
  udp: ipProto(17),
  sctp: ipProto(132),
  icmpv4: ipProto(1),
  icmpv6: ipProto(58),
  nd: { field: 'icmpv6_type', values: [135, 136] },
  solicitation: { field: 'icmpv6_type', values: [135] },
  advertisement: { field: 'icmpv6_type', values: [136] },
  conntrack: { field: 'ct_state' },
} as const satisfies Record<string, OxmRequirement>;
