/** The conditions of a flow as Match of a version, in the order in which Open vSwitch writes fields. */
import type { Match, OxmName } from '../../generated/match-types.ts';
import type { Version } from '../../versions.ts';
import { type Field, fieldNamed } from './fields.ts';
import { type Condition, type FlowMatch, VLAN_PRESENT } from './flow-match.ts';
import { keyOf } from './keys.ts';
import { port32 } from './numbers.ts';
import { type Bits, oxmValue, wholeMask } from './values.ts';

/** Where a match goes: the list of a version, Nicira's list, or one of the fixed structures. */
export type MatchForm = { readonly version: Version; readonly isNicira: boolean };

const IP = 0x0800;
const IPV6 = 0x86dd;
const TUNNEL = [
  'tun_id',
  'tun_flags',
  'tun_src',
  'tun_dst',
  'tun_ipv6_src',
  'tun_ipv6_dst',
  'tun_gbp_id',
  'tun_gbp_flags',
  'tun_erspan_idx',
  'tun_erspan_ver',
  'tun_erspan_dir',
  'tun_erspan_hwid',
  'tun_gtpu_flags',
  'tun_gtpu_msgtype',
];
const CONNECTION = [
  'ct_state',
  'ct_zone',
  'ct_mark',
  'ct_label',
  'ct_nw_src',
  'ct_nw_dst',
  'ct_ipv6_src',
  'ct_ipv6_dst',
  'ct_nw_proto',
  'ct_tp_src',
  'ct_tp_dst',
];
const NSH = [
  'nsh_flags',
  'nsh_ttl',
  'nsh_mdtype',
  'nsh_np',
  'nsh_spi',
  'nsh_si',
  'nsh_c1',
  'nsh_c2',
  'nsh_c3',
  'nsh_c4',
];
/** Open vSwitch takes the bits that are set in the value for the mask of these. */
const VALUE_IS_MASK: ReadonlySet<string> = new Set([
  'tun_erspan_ver',
  'tun_erspan_dir',
  'tun_erspan_hwid',
  'tun_gtpu_flags',
  'tun_gtpu_msgtype',
]);
/** Fields of ports by the protocol of IP: type and code for ICMP. */
const TRANSPORT: Readonly<Record<number, readonly [string, string]>> = {
  6: ['tcp_src', 'tcp_dst'],
  17: ['udp_src', 'udp_dst'],
  132: ['sctp_src', 'sctp_dst'],
};
const REGISTERS = 16;
const OPTIONS = 64;

export function matchOf(flow: FlowMatch, form: MatchForm): Match {
  return new Keys(flow, form).all();
}

class Keys {
  private readonly match: Record<string, unknown> = {};

  constructor(
    private readonly flow: FlowMatch,
    private readonly form: MatchForm,
  ) {}

  all(): Match {
    this.metadata();
    this.ethernet();
    this.network();
    for (const name of TUNNEL) this.same(name);
    for (let index = 0; index < OPTIONS; index++) this.option(`tun_metadata${index}`);
    this.registers();
    this.same('pkt_mark');
    for (const name of CONNECTION) this.same(name);
    this.same('metadata');
    return this.match as Match;
  }

  private put(name: string, bits: Bits | undefined): void {
    const field = fieldNamed(name);
    if (bits === undefined || field === undefined) return;
    const { version, isNicira } = this.form;
    // The fixed structures are told in the words of the specification.
    const isFixed = !isNicira && (version === '1.0' || version === '1.1');
    const key = isFixed ? field.oxm : keyOf(field, isNicira ? 'nxm' : version);
    this.write(key, field, bits);
  }

  private write(key: OxmName, field: Field, { value, mask }: Bits): void {
    const isExact = mask === wholeMask(field);
    const plain = oxmValue(key, value, field.size);
    this.match[key] = isExact ? plain : { value: plain, mask: oxmValue(key, mask, field.size) };
  }

  private same(name: string): void {
    const condition = this.flow.get(name);
    if (condition === undefined) return;
    if (name === 'tun_flags') this.put(name, { value: condition.value, mask: condition.mask & 1n });
    else if (VALUE_IS_MASK.has(name)) this.put(name, { value: condition.value, mask: condition.value });
    else this.put(name, condition);
  }

  private metadata(): void {
    const packetType = this.flow.get('packet_type');
    if (packetType !== undefined && packetType.value !== 0n) this.put('packet_type', packetType);
    else if (packetType !== undefined || this.flow.isEthernet) this.ethernetOnly(packetType);
    this.same('dp_hash');
    this.same('recirc_id');
    this.same('conj_id');
    const port = this.flow.get('in_port');
    if (port !== undefined) this.port(port);
    this.same('actset_output');
  }

  /** That the packet is one of Ethernet is told when no field tells it. */
  private ethernetOnly(told: Condition | undefined): void {
    const { flow, form } = this;
    const isFixed = !form.isNicira && (form.version === '1.0' || form.version === '1.1');
    const vlan = flow.get('vlan_tci');
    const isVlanTold = vlan !== undefined && (form.isNicira || (vlan.mask & 0x1fffn) !== 0n);
    const isTold =
      isVlanTold || ['eth_src', 'eth_dst', 'eth_type'].some((name) => flow.get(name) !== undefined);
    const field = fieldNamed('packet_type');
    if (isTold || isFixed || field === undefined) return;
    if (told !== undefined || flow.isEthernet) this.put('packet_type', { value: 0n, mask: wholeMask(field) });
  }

  /** Ports are kept as in 1.0, except those that a 32 bit field said. */
  private port({ field, value }: Condition): void {
    const { version, isNicira } = this.form;
    if (isNicira) this.match.nxm_in_port = Number(value & 0xffffn);
    else if (version === '1.0') this.match.in_port = Number(value & 0xffffn);
    else this.match.in_port = field.name === 'in_port' ? port32(Number(value)) : Number(value);
  }

  private ethernet(): void {
    this.same('eth_src');
    this.same('eth_dst');
    this.same('eth_type');
    const vlan = this.flow.get('vlan_tci');
    if (vlan === undefined) return;
    if (this.form.isNicira) {
      this.put('vlan_tci', vlan);
      return;
    }
    const mask = vlan.mask & 0x1fffn;
    const value = vlan.value & 0x1fffn;
    if (mask === 0x1fffn) this.match.vlan_vid = Number(value);
    else if (mask !== 0n) this.match.vlan_vid = { value: Number(value), mask: Number(mask) };
    const hasPriority = (vlan.mask & 0xe000n) !== 0n && (value & VLAN_PRESENT) !== 0n;
    // Where there is no tag, 1.0 tells a priority of 0.
    const isUntagged10 = this.form.version === '1.0' && mask === 0x1fffn && value === 0n;
    if (hasPriority || isUntagged10) this.match.vlan_pcp = Number(vlan.value >> 13n);
  }

  private network(): void {
    const { flow } = this;
    const { ethType } = flow;
    if (ethType === 0x8847 || ethType === 0x8848)
      for (const name of ['mpls_tc', 'mpls_bos', 'mpls_ttl', 'mpls_label']) this.same(name);
    if (ethType === IP) {
      this.put('ip_src', flow.get('nw_src'));
      this.put('ip_dst', flow.get('nw_dst'));
      this.transport();
    } else if (ethType === IPV6) {
      this.same('ipv6_src');
      this.same('ipv6_dst');
      this.transport();
    } else if (ethType === 0x0806 || ethType === 0x8035) {
      this.put('arp_op', narrowed(flow.get('nw_proto'), 'arp_op'));
      this.put('arp_spa', flow.get('nw_src'));
      this.put('arp_tpa', flow.get('nw_dst'));
      this.same('arp_sha');
      this.same('arp_tha');
    } else if (ethType === 0x894f) for (const name of NSH) this.same(name);
  }

  private transport(): void {
    const { flow } = this;
    const { ethType, protocol } = flow;
    this.same('ip_frag');
    const dscp = flow.get('ip_dscp');
    if (dscp !== undefined && this.form.isNicira) this.match.nw_tos = Number(dscp.value << 2n);
    else this.put('ip_dscp', dscp);
    this.same('nw_ecn');
    this.same('nw_ttl');
    if (ethType === IPV6) this.same('ipv6_label');
    this.put('nw_proto', flow.get('nw_proto'));
    if (protocol === undefined) return;
    const isIcmp = ethType === IP && protocol === 1;
    const isIcmp6 = ethType === IPV6 && protocol === 58;
    const icmp = isIcmp ? (['icmp_type', 'icmp_code'] as const) : (['icmpv6_type', 'icmpv6_code'] as const);
    const [src, dst] = isIcmp || isIcmp6 ? icmp : (TRANSPORT[protocol] ?? ['', '']);
    this.put(src, narrowed(flow.get('tp_src'), src));
    this.put(dst, narrowed(flow.get('tp_dst'), dst));
    this.same('tcp_flags');
    if (isIcmp6)
      for (const name of ['nd_reserved', 'nd_target', 'nd_options_type', 'nd_sll', 'nd_tll']) this.same(name);
  }

  private registers(): void {
    if (this.form.version !== '1.5') {
      for (let index = 0; index < REGISTERS; index++) this.same(`reg${index}`);
      return;
    }
    for (let index = 0; index < REGISTERS / 2; index++) {
      const none = { value: 0n, mask: 0n };
      const high = this.flow.get(`reg${index * 2}`) ?? none;
      const low = this.flow.get(`reg${index * 2 + 1}`) ?? none;
      const mask = (high.mask << 32n) | low.mask;
      if (mask !== 0n) this.put(`xreg${index}`, { value: (high.value << 32n) | low.value, mask });
    }
  }

  /** As many bytes as the number needs. */
  private option(name: string): void {
    const condition = this.flow.get(name);
    if (condition === undefined) return;
    const { field, value, mask } = condition;
    const isExact = mask === wholeMask(field);
    const bytes = mask === 0n ? 0 : bytesOf(isExact || value > mask ? value : mask);
    const plain = oxmValue(field.oxm, value, bytes);
    this.match[field.oxm] = isExact ? plain : { value: plain, mask: oxmValue(field.oxm, mask, bytes) };
  }
}

/** Bytes that a number takes, one at least. */
export const bytesOf = (value: bigint): number => Math.max(1, Math.ceil(value.toString(16).length / 2));

/** A place that fields of different sizes share: the mask is that of the field that it is written as. */
function narrowed(condition: Condition | undefined, name: string): Bits | undefined {
  const field = fieldNamed(name);
  if (condition === undefined || field === undefined) return condition;
  const isExact = condition.mask === wholeMask(condition.field);
  return isExact ? { value: condition.value, mask: wholeMask(field) } : condition;
}
