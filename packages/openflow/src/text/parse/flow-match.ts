/**
 * The conditions of a flow, gathered from words in any order. Fields that share a place in a packet share one here, as
 * they do for operators: `tp_src` is the port of TCP, UDP or SCTP, or the type of ICMP, `nw_src` also that of ARP.
 */
import { FIELD_NAMES, type Field, fieldNamed } from './fields.ts';
import { FLEXIBLE, NXM_OF11_UP, OF10_ANY, OF11_UP, type Usable } from './formats.ts';
import { integerOf } from './numbers.ts';
import { hint, type Problems, parseError, type Word } from './parse-error.ts';
import { type Bits, ones, parseBits, wholeMask } from './values.ts';
import type { Pair } from './words.ts';

/** What a place may hold, and the word that said so. */
export interface Condition extends Bits {
  readonly field: Field;
  readonly word: Word;
}

/** Fields by the place that they share. */
const PLACES: Readonly<Record<string, string>> = {
  in_port_oxm: 'in_port',
  ip_src: 'nw_src',
  arp_spa: 'nw_src',
  ip_dst: 'nw_dst',
  arp_tpa: 'nw_dst',
  arp_op: 'nw_proto',
  tcp_src: 'tp_src',
  udp_src: 'tp_src',
  sctp_src: 'tp_src',
  icmp_type: 'tp_src',
  icmpv6_type: 'tp_src',
  tcp_dst: 'tp_dst',
  udp_dst: 'tp_dst',
  sctp_dst: 'tp_dst',
  icmp_code: 'tp_dst',
  icmpv6_code: 'tp_dst',
};

/** Names that stand for whichever field the protocol has. */
const GENERIC: Readonly<Record<string, string>> = { tp_src: 'tcp_src', tp_dst: 'tcp_dst' };

const IP = 0x0800;
const IPV6 = 0x86dd;
/** Words that stand for an Ethertype, and perhaps for a protocol of IP. */
const PROTOCOLS: Readonly<Record<string, readonly [number, number?]>> = {
  eth: [-1],
  ip: [IP],
  ipv4: [IP],
  ip4: [IP],
  icmp: [IP, 1],
  tcp: [IP, 6],
  udp: [IP, 17],
  sctp: [IP, 132],
  arp: [0x0806],
  rarp: [0x8035],
  ipv6: [IPV6],
  ip6: [IPV6],
  tcp6: [IPV6, 6],
  udp6: [IPV6, 17],
  sctp6: [IPV6, 132],
  icmp6: [IPV6, 58],
  mpls: [0x8847],
  mplsm: [0x8848],
};

export const VLAN_PRESENT = 0x1000n;
const VLAN_NONE = 0xffffn;
const VID_MASK = 0xfffn;

export class FlowMatch {
  readonly conditions = new Map<string, Condition>();
  /** A field of Ethernet is told, so the packet must be one of Ethernet. */
  isEthernet = false;

  constructor(readonly usable: Usable) {}

  get(place: string): Condition | undefined {
    return this.conditions.get(place);
  }

  /** The Ethertype, that of the packet type where it says one. */
  get ethType(): number | undefined {
    const told = this.get('eth_type');
    if (told !== undefined) return Number(told.value);
    const packetType = this.get('packet_type')?.value;
    return packetType !== undefined && packetType >> 16n === 1n ? Number(packetType & 0xffffn) : undefined;
  }

  get protocol(): number | undefined {
    const isIp = this.ethType === IP || this.ethType === IPV6;
    const told = this.get('nw_proto');
    return isIp && told !== undefined ? Number(told.value) : undefined;
  }

  /** True when the pair is a condition, which is then taken. Throws ParseError for one that is wrong. */
  take({ key, value, whole, form }: Pair): boolean {
    const protocol = PROTOCOLS[key.text];
    if (form === '' && protocol !== undefined) {
      this.takeProtocol(key, protocol);
      return true;
    }
    const name = key.text.replace(/\[\]$/, '');
    if (name === 'dl_vlan' || name === 'dl_vlan_pcp') {
      this.takeVlan(name, value, whole);
      return true;
    }
    const isPriority = name === 'skb_priority';
    if (isPriority) throw parseError(whole, 'no version of OpenFlow can match it');
    const field = fieldNamed(GENERIC[name] ?? name);
    if (field === undefined) return false;
    if (form === '' && !field.name.startsWith('tun_metadata'))
      throw parseError(key, `${key.text} takes a value: ${key.text}=...`);
    this.takeField(field, form === '' ? { value: 0n, mask: 0n } : parseBits(field, value), whole);
    return true;
  }

  private takeProtocol(word: Word, [ethType, protocol]: readonly [number, number?]): void {
    this.isEthernet = true;
    const put = (name: string, value: number): void => {
      const field = fieldNamed(name);
      if (field === undefined) return;
      this.conditions.set(name, { field, word, value: BigInt(value), mask: wholeMask(field) });
    };
    if (ethType >= 0) put('eth_type', ethType);
    if (protocol !== undefined) put('nw_proto', protocol);
  }

  private takeVlan(name: 'dl_vlan' | 'dl_vlan_pcp', word: Word, whole: Word): void {
    const value = integerOf(word.text);
    if (name === 'dl_vlan') {
      if (value === undefined || value < 0n || (value > VID_MASK && value !== VLAN_NONE))
        throw parseError(word, 'a VLAN id from 0 to 4095 was expected, or 0xffff for no tag');
      if (value === VLAN_NONE) this.addVlan({ value: 0n, mask: ones(16) }, whole);
      else this.addVlan({ value: value | VLAN_PRESENT, mask: VID_MASK | VLAN_PRESENT }, whole);
    } else {
      if (value === undefined || value < 0n || value > 7n)
        throw parseError(word, 'a VLAN priority from 0 to 7 was expected');
      this.addVlan({ value: (value << 13n) | VLAN_PRESENT, mask: 0xe000n | VLAN_PRESENT }, whole);
    }
  }

  private addVlan({ value, mask }: Bits, word: Word): void {
    const field = fieldNamed('vlan_tci');
    if (field === undefined) return;
    const before = this.get('vlan_tci') ?? { value: 0n, mask: 0n };
    const kept = before.value & ~mask;
    this.isEthernet = true;
    this.conditions.set('vlan_tci', { field, word, value: kept | value, mask: before.mask | mask });
  }

  private takeField(field: Field, bits: Bits, word: Word): void {
    this.narrow(field, bits);
    if (field.name.startsWith('eth_') || field.name.startsWith('vlan_')) this.isEthernet = true;
    switch (field.name) {
      case 'vlan_vid': {
        const mask = bits.mask === wholeMask(field) ? VID_MASK | VLAN_PRESENT : bits.mask & 0x1fffn;
        this.addVlan({ value: bits.value & mask, mask }, word);
        return;
      }
      case 'vlan_pcp':
        this.addVlan({ value: (bits.value << 13n) | VLAN_PRESENT, mask: 0xe000n | VLAN_PRESENT }, word);
        return;
      case 'vlan_tci':
        this.addVlan(bits, word);
        return;
      case 'nw_tos':
        this.put('ip_dscp', { field, word, value: bits.value >> 2n, mask: bits.mask });
        return;
      default:
        this.takeRegisters(field, bits, word);
    }
  }

  /** Wide registers are two or four of 32 bits. */
  private takeRegisters(field: Field, bits: Bits, word: Word): void {
    const wide = /^(x|xx)reg(\d+)$/.exec(field.name);
    if (wide === null) {
      this.put(PLACES[field.name] ?? field.name, { ...bits, field, word });
      return;
    }
    const count = wide[1] === 'x' ? 2 : 4;
    for (let index = 0; index < count; index++) {
      const shift = BigInt(32 * (count - 1 - index));
      const register = fieldNamed(`reg${Number(wide[2]) * count + index}`);
      if (register === undefined) continue;
      const value = (bits.value >> shift) & ones(32);
      this.put(register.name, { field: register, word, value, mask: (bits.mask >> shift) & ones(32) });
    }
  }

  /** A mask of nothing is no condition, except for a tunnel option, which must be there. */
  private put(place: string, condition: Condition): void {
    if (condition.mask === 0n && !condition.field.name.startsWith('tun_metadata'))
      this.conditions.delete(place);
    else this.conditions.set(place, condition);
  }

  /** Takes away the flow formats that cannot say this field with this mask. */
  private narrow(field: Field, { value, mask }: Bits): void {
    const whole = wholeMask(field);
    if (mask === 0n && value === 0n && field.fixed !== 'none') return;
    const isExact = mask === whole;
    const isPrefix = isExact || (~mask & whole & ((~mask & whole) + 1n)) === 0n;
    let formats = FLEXIBLE;
    if (field.fixed === 'exact' && isExact) formats = FLEXIBLE | OF10_ANY | OF11_UP;
    if (field.fixed === 'exact11' && isExact) formats = NXM_OF11_UP;
    if (field.fixed === 'metadata') formats = NXM_OF11_UP;
    if (field.fixed === 'mask11') formats = isExact ? FLEXIBLE | OF10_ANY | OF11_UP : NXM_OF11_UP;
    if (field.fixed === 'cidr') formats = isPrefix ? FLEXIBLE | OF10_ANY | OF11_UP : NXM_OF11_UP;
    this.usable.formats &= formats;
  }

  /** Told when all words are known: conditions that say nothing without others. */
  check(problems: Problems): void {
    if (this.ethType === IPV6 && this.get('nw_proto') !== undefined) this.usable.formats &= FLEXIBLE;
    for (const [place, { field, word }] of this.conditions) {
      const missing = this.missing(place, field, word);
      if (missing !== undefined) problems.add(word, `${field.name} says nothing without ${missing}`);
    }
  }

  /** What else must be told for this field to mean something. */
  private missing(place: string, field: Field, word: Word): string | undefined {
    const { ethType, protocol } = this;
    const isIp = ethType === IP || ethType === IPV6;
    const isArp = ethType === 0x0806 || ethType === 0x8035;
    const isMpls = ethType === 0x8847 || ethType === 0x8848;
    const said = word.text.split(/[=:(]/)[0] ?? '';
    const isGeneric = said in GENERIC;
    const when = (holds: boolean, need: string): string | undefined => (holds ? undefined : need);
    switch (field.needs) {
      case 'mpls':
        return when(isMpls, 'mpls or mplsm');
      case 'ipv4':
        return when(ethType === IP || (isArp && said.startsWith('nw_')), 'ip');
      case 'ipv6':
        return when(ethType === IPV6, 'ipv6');
      case 'ip':
        return when(isIp || (isArp && place === 'nw_proto'), 'ip or ipv6');
      case 'arp':
        return when(isArp, 'arp or rarp');
      case 'nsh':
        return when(ethType === 0x894f, 'dl_type=0x894f');
      case 'tcp':
        if (isGeneric) return when(isIp && protocol !== undefined, 'a protocol such as tcp or udp');
        return when(isIp && protocol === 6, 'tcp or tcp6');
      case 'udp':
        return when(isIp && protocol === 17, 'udp or udp6');
      case 'sctp':
        return when(isIp && protocol === 132, 'sctp or sctp6');
      case 'icmp':
        return when(
          (ethType === IP && protocol === 1) || (ethType === IPV6 && protocol === 58),
          'icmp or icmp6',
        );
      case 'icmp6':
        return when(ethType === IPV6 && protocol === 58, 'icmp6');
      case 'nd':
        return when(this.icmp6Type === 135 || this.icmp6Type === 136, 'icmp6,icmpv6_type=135 or 136');
      case 'nd_solicit':
        return when(this.icmp6Type === 135, 'icmp6,icmpv6_type=135');
      case 'nd_advert':
        return when(this.icmp6Type === 136, 'icmp6,icmpv6_type=136');
      case 'ct':
        return when((this.get('ct_state')?.value ?? 0n) !== 0n && isIp, 'ct_state=+trk and ip or ipv6');
      default:
        return undefined;
    }
  }

  private get icmp6Type(): number | undefined {
    const type = this.get('tp_src');
    return this.ethType === IPV6 && this.protocol === 58 && type !== undefined
      ? Number(type.value)
      : undefined;
  }
}

export const unknownCondition = (word: Word): string =>
  `there is no field or keyword of that name${hint(word.text, [...FIELD_NAMES, ...Object.keys(PROTOCOLS), 'dl_vlan', 'dl_vlan_pcp'])}`;
