/** Actions that write fields: set_field, load, move, push, pop, and the words of the versions for them. */

import { OXM_FIELDS } from '../../generated/match-types.ts';
import type { Version } from '../../versions.ts';
import { type Act, type ActionContext, isBefore12, type PacketState, same, type WireAction } from './act.ts';
import type { Field, Needs } from './fields.ts';
import { requireField } from './fields.ts';
import { ANY, FLEXIBLE, NXM_OF11_UP } from './formats.ts';
import { keyOf } from './keys.ts';
import { bytesOf } from './match-keys.ts';
import { bigNumber } from './numbers.ts';
import { parseError, type Word } from './parse-error.ts';
import { arrow, type Subfield, subfield } from './subfield.ts';
import { type Bits, ones, oxmValue, parseBits, wholeMask } from './values.ts';
import type { Pair } from './words.ts';

const LOAD_BITS_MAX = 64;

export function setField({ value, whole }: Pair, { usable }: ActionContext): Act {
  const [valueWord, fieldWord] = arrow(value);
  const field = requireField(fieldWord);
  if (field.isReadOnly) throw parseError(fieldWord, `${field.name} can be matched, not set`);
  const bits = parseBits(field, valueWord);
  usable.formats &= usableFor(field);
  return {
    word: whole,
    stage: 'apply',
    check: needing(field, whole),
    encode: (version) => {
      if (version === '1.5') return [setFieldAction(field, bits, version)];
      if (isBefore12(version)) return inOldWords(field, bits, version);
      return bits.mask === wholeMask(field) ? [setFieldAction(field, bits, version)] : loads(field, bits);
    },
  };
}

function usableFor({ fixed }: Field): number {
  if (fixed === 'none') return FLEXIBLE;
  return fixed === 'exact11' || fixed === 'metadata' ? NXM_OF11_UP : ANY;
}

export function load({ value, whole }: Pair): Act {
  const [valueWord, fieldWord] = arrow(value);
  const { field, offset, bits } = writable(fieldWord);
  const plain = bigNumber(valueWord, bits, `a number of ${bits} bits`);
  const shifted = { value: plain << BigInt(offset), mask: ones(bits) << BigInt(offset) };
  return {
    word: whole,
    stage: 'apply',
    check: needing(field, whole),
    encode: (version) =>
      version === '1.5' ? [setFieldAction(field, shifted, version)] : loads(field, shifted),
  };
}

export function writable(word: Word): Subfield {
  const found = subfield(word);
  if (found.field.isReadOnly) throw parseError(word, `${found.field.name} can be matched, not set`);
  return found;
}

export function move({ value, whole }: Pair): Act {
  const [srcWord, dstWord] = arrow(value);
  const src = subfield(srcWord);
  const dst = writable(dstWord);
  if (src.bits !== dst.bits) throw parseError(value, `${src.bits} bits do not fit into ${dst.bits}`);
  const common = { bits: src.bits, srcOffset: src.offset, dstOffset: dst.offset };
  return {
    word: whole,
    stage: 'apply',
    check: (packet, usable) => {
      needing(src.field, whole)(packet);
      needing(dst.field, whole)(packet);
      usable.formats &= ANY;
    },
    encode: (version) => {
      const by = version === '1.5' ? version : 'nxm';
      const type = version === '1.5' ? 'copy_field' : 'nx_reg_move';
      return [{ type, ...common, src: keyOf(src.field, by), dst: keyOf(dst.field, by) }];
    },
  };
}

export function push({ value, whole }: Pair): Act {
  const { field, offset, bits } = subfield(value);
  return same(
    whole,
    { type: 'nx_stack_push', offset, field: keyOf(field, 'nxm'), bits },
    needing(field, whole),
  );
}

export function pop({ value, whole }: Pair): Act {
  const { field, offset, bits } = writable(value);
  return same(
    whole,
    { type: 'nx_stack_pop', offset, field: keyOf(field, 'nxm'), bits },
    needing(field, whole),
  );
}

/** set_field of a version; without a mask when all bytes are set. */
export function setFieldAction(
  field: Field,
  { value, mask }: Bits,
  version: Version,
  type = 'set_field',
): WireAction {
  const key = keyOf(field, version);
  const isExact = mask === wholeMask(field);
  const size = bytesFor(field, value, isExact ? value : mask);
  const plain = { type, field: key, value: oxmValue(key, value, size) };
  return isExact ? plain : { ...plain, mask: oxmValue(key, mask, size) };
}

function bytesFor(field: Field, value: bigint, mask: bigint): number {
  return OXM_FIELDS[field.oxm].kind === 'bytes' ? bytesOf(value > mask ? value : mask) : field.size;
}

/** Nicira's loads: one for every run of set bits, from the lowest; one whole field where a load cannot say it. */
export function loads(field: Field, { value, mask }: Bits): readonly WireAction[] {
  const { kind, experimenter } = OXM_FIELDS[field.nxm];
  if (kind === 'bytes' || experimenter !== undefined)
    return [setFieldAction(field, { value, mask }, '1.4', 'nx_reg_load2')];
  const wanted = mask & ones(field.bits);
  const actions: WireAction[] = [];
  for (let at = 0; wanted >> BigInt(at) !== 0n; ) {
    if (((wanted >> BigInt(at)) & 1n) === 0n) {
      at += 1;
      continue;
    }
    let bits = 0;
    while (bits < LOAD_BITS_MAX && ((wanted >> BigInt(at + bits)) & 1n) === 1n) bits += 1;
    const part = (value >> BigInt(at)) & ones(bits);
    actions.push({ type: 'nx_reg_load', range: { offset: at, bits }, dst: keyOf(field, 'nxm'), value: part });
    at += bits;
  }
  return actions;
}

/** 1.0 and 1.1 have an action for each of a few fields, without masks. */
function inOldWords(field: Field, bits: Bits, version: Version): readonly WireAction[] {
  const { value } = bits;
  const plain = oxmValue(field.oxm, value, field.size);
  switch (field.name) {
    case 'vlan_vid':
      return [{ type: 'set_vlan_vid', vlanVid: Number(value & 0xfffn) }];
    case 'vlan_tci':
      return [
        { type: 'set_vlan_vid', vlanVid: Number(value & 0xfffn) },
        { type: 'set_vlan_pcp', vlanPcp: Number(value >> 13n) },
      ];
    case 'vlan_pcp':
      return [{ type: 'set_vlan_pcp', vlanPcp: plain }];
    case 'eth_src':
      return [{ type: 'set_dl_src', dlAddr: plain }];
    case 'eth_dst':
      return [{ type: 'set_dl_dst', dlAddr: plain }];
    case 'ip_src':
      return [{ type: 'set_nw_src', nwAddr: plain }];
    case 'ip_dst':
      return [{ type: 'set_nw_dst', nwAddr: plain }];
    case 'nw_tos':
      return [{ type: 'set_nw_tos', nwTos: plain }];
    case 'ip_dscp':
      return [{ type: 'set_nw_tos', nwTos: Number(value << 2n) }];
    case 'nw_ecn':
      return version === '1.1' ? [{ type: 'set_nw_ecn', nwEcn: plain }] : loads(field, bits);
    case 'tcp_src':
    case 'udp_src':
      return [{ type: 'set_tp_src', tpPort: plain }];
    case 'tcp_dst':
    case 'udp_dst':
      return [{ type: 'set_tp_dst', tpPort: plain }];
    default:
      return loads(field, bits);
  }
}

/** The packet must have the field. */
export const needing =
  ({ name, needs }: Field, word: Word) =>
  (packet: PacketState): void => {
    if (needs !== undefined && !MEETS[needs](packet))
      throw parseError(word, `the packet need not have ${name}: the match must say so`);
  };

const IP = 0x0800;
const IPV6 = 0x86dd;
export const isIp = ({ ethType }: PacketState): boolean => ethType === IP || ethType === IPV6;
export const isMpls = ({ ethType }: PacketState): boolean => ethType === 0x8847 || ethType === 0x8848;
const isOver = (protocol: number) => (packet: PacketState) => isIp(packet) && packet.protocol === protocol;

const MEETS: Readonly<Record<Needs, (packet: PacketState) => boolean>> = {
  vlan: ({ hasVlan }) => hasVlan,
  mpls: isMpls,
  ipv4: ({ ethType }) => ethType === IP,
  ipv6: ({ ethType }) => ethType === IPV6,
  ip: isIp,
  arp: ({ ethType }) => ethType === 0x0806 || ethType === 0x8035,
  nsh: ({ ethType }) => ethType === 0x894f,
  tcp: isOver(6),
  udp: isOver(17),
  sctp: isOver(132),
  icmp: isOver(1),
  icmp6: isOver(58),
  nd: ({ icmp6Type }) => icmp6Type === 135 || icmp6Type === 136,
  nd_solicit: ({ icmp6Type }) => icmp6Type === 135,
  nd_advert: ({ icmp6Type }) => icmp6Type === 136,
  ct: ({ isTracked }) => isTracked,
};
