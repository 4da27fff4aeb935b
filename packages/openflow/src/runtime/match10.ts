/**
 * struct ofp_match of 1.0 (§5.2.3), 40 bytes, between its fields and the keys of OXM:
 * u32 wildcards, u16 in_port, dl_src, dl_dst, u16 dl_vlan, u8 dl_vlan_pcp, pad, u16 dl_type, u8 nw_tos, u8 nw_proto,
 * pad 2, nw_src, nw_dst, u16 tp_src, u16 tp_dst.
 *
 * A structure that says more than its keys (values of fields that are left out) is kept whole under `ofp_match`, and a
 * word of wildcards that says the same in other bits under `ofp_wildcards`, so what was decoded is encoded to the same
 * bytes.
 */
import type { Masked, Match } from '../generated/match-types.ts';
import { parseIpv4, readIpv4, readMac, writeIpv4, writeMac } from './addresses.ts';
import { ETH_TYPE_ARP, KeyReader, lossless, OFPVID_PRESENT, transportOf, vlanKey } from './fixed-match.ts';
import type { Writer } from './writer.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export const MATCH10_BYTES = 40;

const WILD = {
  inPort: 1 << 0,
  vlan: 1 << 1,
  ethSrc: 1 << 2,
  ethDst: 1 << 3,
  ethType: 1 << 4,
  proto: 1 << 5,
  tpSrc: 1 << 6,
  tpDst: 1 << 7,
  vlanPcp: 1 << 20,
  tos: 1 << 21,
} as const;
/** How many bits of an address are left out: 6 bits each, 32 and above for all. */
const SRC_SHIFT = 8;
const DST_SHIFT = 14;
const ADDRESS_BITS = 0x3f;
const WHOLE_ADDRESS = 32;
const ALL = 0x3fffff;
const VLAN_NONE = 0xffff;
/** Bytes that are padding. */
const PADS: readonly number[] = [21, 26, 27];

/** The match at `at`, of which 40 bytes are there. */
export function decodeMatch10(view: DataView, at: number): Match {
  const place = { view, at, size: MATCH10_BYTES, pads: PADS };
  return lossless(keysOf(view, at), view.getUint32(at), encodeMatch10, place);
}

/** What the fields say; undefined when there is no key for one. */
function keysOf(view: DataView, at: number): Match | undefined {
  const wildcards = view.getUint32(at);
  const has = (bit: number): boolean => (wildcards & bit) === 0;
  const match: Mutable<Match> = {};
  if (has(WILD.inPort)) match.in_port = view.getUint16(at + 4);
  if (has(WILD.ethDst)) match.eth_dst = readMac(view, at + 12);
  if (has(WILD.ethSrc)) match.eth_src = readMac(view, at + 6);
  if (has(WILD.ethType)) match.eth_type = view.getUint16(at + 22);
  if (has(WILD.vlan)) {
    const vid = view.getUint16(at + 18);
    const key = vid === VLAN_NONE ? 0 : vlanKey(vid);
    if (key === undefined) return undefined;
    match.vlan_vid = key;
  }
  if (has(WILD.vlanPcp)) match.vlan_pcp = view.getUint8(at + 20);
  if (has(WILD.tos)) match.ip_dscp = view.getUint8(at + 24) >>> 2;
  const isArp = match.eth_type === ETH_TYPE_ARP;
  if (has(WILD.proto)) match[isArp ? 'arp_op' : 'ip_proto'] = view.getUint8(at + 25);
  const src = address(view, at + 28, wildcards >>> SRC_SHIFT);
  const dst = address(view, at + 32, wildcards >>> DST_SHIFT);
  if (src !== undefined) match[isArp ? 'arp_spa' : 'ipv4_src'] = src;
  if (dst !== undefined) match[isArp ? 'arp_tpa' : 'ipv4_dst'] = dst;
  const names = transportOf(match.ip_proto);
  const transport = match as Record<string, unknown>;
  if (names !== undefined && has(WILD.tpSrc)) transport[names.src] = view.getUint16(at + 36);
  if (names !== undefined && has(WILD.tpDst)) transport[names.dst] = view.getUint16(at + 38);
  return match;
}

function address(view: DataView, at: number, wildcards: number): string | Masked<string> | undefined {
  const wild = wildcards & ADDRESS_BITS;
  if (wild >= WHOLE_ADDRESS) return undefined;
  const value = readIpv4(view, at);
  return wild === 0 ? value : { value, mask: prefixMask(WHOLE_ADDRESS - wild) };
}

function prefixMask(bits: number): string {
  const mask = -(2 ** (WHOLE_ADDRESS - bits)) >>> 0;
  return `${mask >>> 24}.${(mask >>> 16) & 255}.${(mask >>> 8) & 255}.${mask & 255}`;
}

/** Writes 40 bytes. Throws EncodeError that names the key when 1.0 cannot say it. */
export function encodeMatch10(writer: Writer, match: Match): void {
  const at = writer.claim(MATCH10_BYTES);
  writer.bytes.fill(0, at, at + MATCH10_BYTES);
  const keys = new KeyReader(match, '1.0');
  if (match.ofp_match !== undefined) {
    if (match.ofp_match.length !== MATCH10_BYTES) {
      throw keys.refusal(
        'ofp_match',
        `${match.ofp_match.length} bytes are not the ${MATCH10_BYTES} of a match`,
      );
    }
    writer.bytes.set(match.ofp_match, at);
  } else {
    writer.view.setUint32(at, keys.wildcards(writeKeys(keys, writer.view, at), meaning));
  }
  keys.finish();
}

/** The word with one value for all that mean the same: bits that mean nothing, and an address left out. */
function meaning(wildcards: number): number {
  const whole = (shift: number): number =>
    ((wildcards >>> shift) & ADDRESS_BITS) >= WHOLE_ADDRESS ? (ADDRESS_BITS & ~WHOLE_ADDRESS) << shift : 0;
  return (wildcards & ALL) | whole(SRC_SHIFT) | whole(DST_SHIFT);
}

/** Writes all fields but the first, and returns it: the wildcards. */
function writeKeys(keys: KeyReader, view: DataView, at: number): number {
  let wildcards = 0;
  const number = (value: number | undefined, bit: number, write: (value: number) => void): void => {
    if (value === undefined) wildcards |= bit;
    else write(value);
  };
  const mac = (key: 'eth_src' | 'eth_dst', bit: number, to: number): void => {
    const given = keys.masked<string>(key);
    if (given?.mask !== undefined) throw keys.refusal(key, 'takes no mask');
    if (given === undefined) wildcards |= bit;
    else writeMac(view, to, given.value);
  };
  number(keys.number('in_port', 0xffff), WILD.inPort, (port) => view.setUint16(at + 4, port));
  mac('eth_src', WILD.ethSrc, at + 6);
  mac('eth_dst', WILD.ethDst, at + 12);
  wildcards |= writeVlan(keys, view, at);
  const ethType = keys.number('eth_type', 0xffff);
  number(ethType, WILD.ethType, (type) => view.setUint16(at + 22, type));
  number(keys.number('ip_dscp', 0x3f), WILD.tos, (dscp) => view.setUint8(at + 24, dscp << 2));
  const isArp = ethType === ETH_TYPE_ARP;
  const proto = keys.number(isArp ? 'arp_op' : 'ip_proto', 0xff);
  number(proto, WILD.proto, (value) => view.setUint8(at + 25, value));
  wildcards |= writeAddress(keys, isArp ? 'arp_spa' : 'ipv4_src', view, at + 28) << SRC_SHIFT;
  wildcards |= writeAddress(keys, isArp ? 'arp_tpa' : 'ipv4_dst', view, at + 32) << DST_SHIFT;
  const { src, dst } = keys.transport(isArp ? undefined : proto);
  number(src, WILD.tpSrc, (value) => view.setUint16(at + 36, value));
  number(dst, WILD.tpDst, (value) => view.setUint16(at + 38, value));
  return wildcards;
}

/** The priority may stand alone: then any VLAN is meant, and vlan_vid may say so (0x1000 under the mask 0x1000). */
function writeVlan(keys: KeyReader, view: DataView, at: number): number {
  const pcp = keys.number('vlan_pcp', 7);
  if (pcp !== undefined) view.setUint8(at + 20, pcp);
  const pcpWild = pcp === undefined ? WILD.vlanPcp : 0;
  const vid = keys.masked<number>('vlan_vid');
  if (vid === undefined) return pcpWild | WILD.vlan;
  if (vid.mask !== undefined && vid.mask !== 0x1fff) {
    const isAny = vid.value === OFPVID_PRESENT && vid.mask === OFPVID_PRESENT && pcp !== undefined;
    if (!isAny) throw keys.refusal('vlan_vid', 'takes no mask');
    return WILD.vlan;
  }
  const isNone = vid.value === 0;
  if (!isNone && vlanKey(vid.value & ~OFPVID_PRESENT) !== vid.value) {
    throw keys.refusal('vlan_vid', `${vid.value} is neither 0 nor an id with OFPVID_PRESENT`);
  }
  view.setUint16(at + 18, isNone ? VLAN_NONE : vid.value & ~OFPVID_PRESENT);
  return pcpWild;
}

/** Returns how many bits are left out. */
function writeAddress(keys: KeyReader, key: keyof Match & string, view: DataView, at: number): number {
  const given = keys.masked<string>(key);
  if (given === undefined) return WHOLE_ADDRESS;
  const wild = given.mask === undefined ? 0 : WHOLE_ADDRESS - Math.clz32(~parseIpv4(given.mask));
  if (given.mask !== undefined && given.mask !== prefixMask(WHOLE_ADDRESS - wild)) {
    throw keys.refusal(key, `the mask ${given.mask} is no prefix, which is all that can be said`);
  }
  if (wild < WHOLE_ADDRESS) writeIpv4(view, at, given.value);
  return wild;
}
