/**
 * struct ofp_match of 1.1 (§A.2.3), 88 bytes, between its fields and the keys of OXM:
 * u16 type (0), u16 length, u32 in_port, u32 wildcards, dl_src, its mask, dl_dst, its mask, u16 dl_vlan, u8 dl_vlan_pcp, pad,
 * u16 dl_type, u8 nw_tos, u8 nw_proto, nw_src, its mask, nw_dst, its mask, u16 tp_src, u16 tp_dst, u32 mpls_label,
 * u8 mpls_tc, pad 3, u64 metadata, its mask. Masks have ones for bits that do not count.
 *
 * Open vSwitch sends OXM in its place (type 1) in statistics; then the match says `ofp_match_type: 1`. A structure that
 * says more than its keys is kept whole under `ofp_match`.
 */
import type { Masked, Match } from '../generated/match-types.ts';
import { readIpv4, readMac, writeIpv4, writeMac } from './addresses.ts';
import { need, u64 } from './bounds.ts';
import { ETH_TYPE_ARP, KeyReader, lossless, OFPVID_PRESENT, transportOf, vlanKey } from './fixed-match.ts';
import { decodeMatch, encodeMatch, endOfMatch } from './match.ts';
import { BAD_MATCH_LEN, protocolError } from './protocol-error.ts';
import type { Writer } from './writer.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export const MATCH11_BYTES = 88;

const STANDARD = 0;
const OXM = 1;
const WILD = {
  inPort: 1 << 0,
  vlan: 1 << 1,
  vlanPcp: 1 << 2,
  ethType: 1 << 3,
  tos: 1 << 4,
  proto: 1 << 5,
  tpSrc: 1 << 6,
  tpDst: 1 << 7,
  mplsLabel: 1 << 8,
  mplsTc: 1 << 9,
} as const;
const ALL = 0x3ff;
const VLAN_ANY = 0xfffe;
const VLAN_NONE = 0xffff;
const MAX_U64 = 0xffffffffffffffffn;
const PADS: readonly number[] = [39, 69, 70, 71];

/** Where the match ends, by its type; checks that it is there. */
export function endOfMatch11(view: DataView, at: number, end: number): number {
  need(at, end, 4, 'match');
  if (view.getUint16(at) !== STANDARD) return endOfMatch(view, at, end);
  const length = view.getUint16(at + 2);
  if (length !== MATCH11_BYTES || end - at < MATCH11_BYTES) {
    throw protocolError(
      `match length ${length} of ${end - at} bytes is not ${MATCH11_BYTES}`,
      BAD_MATCH_LEN,
      at,
      'match',
    );
  }
  return at + MATCH11_BYTES;
}

/** The match at `at`, whose bounds endOfMatch11 has checked. */
export function decodeMatch11(view: DataView, at: number): Match {
  if (view.getUint16(at) === OXM) return { ofp_match_type: OXM, ...decodeMatch(view, at) };
  const place = { view, at, size: MATCH11_BYTES, pads: PADS };
  return lossless(keysOf(view, at), view.getUint32(at + 8), encodeMatch11, place);
}

/** What the fields say; undefined when there is no key for one. */
function keysOf(view: DataView, at: number): Match | undefined {
  const wildcards = view.getUint32(at + 8);
  const has = (bit: number): boolean => (wildcards & bit) === 0;
  const match: Mutable<Match> = {};
  if (has(WILD.inPort)) match.in_port = view.getUint32(at + 4);
  const metadata = wide(view.getBigUint64(at + 72), view.getBigUint64(at + 80));
  if (metadata !== undefined) match.metadata = metadata;
  const ethDst = mac(view, at + 24);
  if (ethDst !== undefined) match.eth_dst = ethDst;
  const ethSrc = mac(view, at + 12);
  if (ethSrc !== undefined) match.eth_src = ethSrc;
  if (has(WILD.ethType)) match.eth_type = view.getUint16(at + 40);
  if (has(WILD.vlan)) {
    const vlan = vlanOf(view.getUint16(at + 36));
    if (vlan === undefined) return undefined;
    match.vlan_vid = vlan;
  }
  if (has(WILD.vlanPcp)) match.vlan_pcp = view.getUint8(at + 38);
  if (has(WILD.tos)) match.ip_dscp = view.getUint8(at + 42) >>> 2;
  const isArp = match.eth_type === ETH_TYPE_ARP;
  if (has(WILD.proto)) match[isArp ? 'arp_op' : 'ip_proto'] = view.getUint8(at + 43);
  const src = ipv4(view, at + 44);
  if (src !== undefined) match[isArp ? 'arp_spa' : 'ipv4_src'] = src;
  const dst = ipv4(view, at + 52);
  if (dst !== undefined) match[isArp ? 'arp_tpa' : 'ipv4_dst'] = dst;
  const names = transportOf(match.ip_proto);
  const transport = match as Record<string, unknown>;
  if (names !== undefined && has(WILD.tpSrc)) transport[names.src] = view.getUint16(at + 60);
  if (names !== undefined && has(WILD.tpDst)) transport[names.dst] = view.getUint16(at + 62);
  if (has(WILD.mplsLabel)) match.mpls_label = view.getUint32(at + 64);
  if (has(WILD.mplsTc)) match.mpls_tc = view.getUint8(at + 68);
  return match;
}

function wide(value: bigint, wild: bigint): bigint | Masked<bigint> | undefined {
  if (wild === MAX_U64) return undefined;
  return wild === 0n ? value : { value, mask: MAX_U64 ^ wild };
}

/** A MAC address and, 6 bytes on, its inverted mask. */
function mac(view: DataView, at: number): string | Masked<string> | undefined {
  const high = view.getUint16(at + 6);
  const low = view.getUint32(at + 8);
  if (high === 0xffff && low === 0xffffffff) return undefined;
  if (high === 0 && low === 0) return readMac(view, at);
  inverse.setUint16(0, ~high);
  inverse.setUint32(2, ~low);
  return { value: readMac(view, at), mask: readMac(inverse, 0) };
}

function ipv4(view: DataView, at: number): string | Masked<string> | undefined {
  const wild = view.getUint32(at + 4);
  if (wild === 0xffffffff) return undefined;
  if (wild === 0) return readIpv4(view, at);
  inverse.setUint32(0, ~wild);
  return { value: readIpv4(view, at), mask: readIpv4(inverse, 0) };
}

const inverse = new DataView(new ArrayBuffer(8));

function vlanOf(vid: number): number | Masked<number> | undefined {
  if (vid === VLAN_NONE) return 0;
  return vid === VLAN_ANY ? { value: OFPVID_PRESENT, mask: OFPVID_PRESENT } : vlanKey(vid);
}

/** Writes 88 bytes, or OXM when the match says so. Throws EncodeError that names the key when 1.1 cannot say it. */
export function encodeMatch11(writer: Writer, match: Match): void {
  if (match.ofp_match_type === OXM) {
    const { ofp_match_type: _, ...fields } = match;
    encodeMatch(writer, fields);
    return;
  }
  const at = writer.claim(MATCH11_BYTES);
  writer.bytes.fill(0, at, at + MATCH11_BYTES);
  const keys = new KeyReader(match, '1.1');
  if (match.ofp_match !== undefined) {
    if (match.ofp_match.length !== MATCH11_BYTES) {
      throw keys.refusal(
        'ofp_match',
        `${match.ofp_match.length} bytes are not the ${MATCH11_BYTES} of a match`,
      );
    }
    writer.bytes.set(match.ofp_match, at);
  } else {
    writer.view.setUint16(at + 2, MATCH11_BYTES);
    const wildcards = writeKeys(keys, writer.view, at);
    writer.view.setUint32(
      at + 8,
      keys.wildcards(wildcards, (word) => word & ALL),
    );
  }
  keys.finish();
}

/** Writes all fields but the wildcards, and returns these. */
function writeKeys(keys: KeyReader, view: DataView, at: number): number {
  let wildcards = 0;
  const number = (value: number | undefined, bit: number, write: (value: number) => void): void => {
    if (value === undefined) wildcards |= bit;
    else write(value);
  };
  number(keys.number('in_port', 0xffffffff), WILD.inPort, (port) => view.setUint32(at + 4, port));
  writeMasked(keys, 'eth_src', view, at + 12);
  writeMasked(keys, 'eth_dst', view, at + 24);
  wildcards |= writeVlan(keys, view, at + 36);
  number(keys.number('vlan_pcp', 7), WILD.vlanPcp, (pcp) => view.setUint8(at + 38, pcp));
  const ethType = keys.number('eth_type', 0xffff);
  number(ethType, WILD.ethType, (type) => view.setUint16(at + 40, type));
  number(keys.number('ip_dscp', 0x3f), WILD.tos, (dscp) => view.setUint8(at + 42, dscp << 2));
  const isArp = ethType === ETH_TYPE_ARP;
  const proto = keys.number(isArp ? 'arp_op' : 'ip_proto', 0xff);
  number(proto, WILD.proto, (value) => view.setUint8(at + 43, value));
  writeMasked(keys, isArp ? 'arp_spa' : 'ipv4_src', view, at + 44);
  writeMasked(keys, isArp ? 'arp_tpa' : 'ipv4_dst', view, at + 52);
  const { src, dst } = keys.transport(isArp ? undefined : proto);
  number(src, WILD.tpSrc, (value) => view.setUint16(at + 60, value));
  number(dst, WILD.tpDst, (value) => view.setUint16(at + 62, value));
  number(keys.number('mpls_label', 0xfffff), WILD.mplsLabel, (label) => view.setUint32(at + 64, label));
  number(keys.number('mpls_tc', 7), WILD.mplsTc, (tc) => view.setUint8(at + 68, tc));
  writeMetadata(keys, view, at + 72);
  return wildcards;
}

/** An address and its inverted mask behind it. */
function writeMasked(
  keys: KeyReader,
  key: 'eth_src' | 'eth_dst' | 'ipv4_src' | 'ipv4_dst' | 'arp_spa' | 'arp_tpa',
  view: DataView,
  at: number,
): void {
  const given = keys.masked<string>(key);
  const isMac = key === 'eth_src' || key === 'eth_dst';
  const [size, write] = isMac ? [6, writeMac] : [4, writeIpv4];
  const maskAt = at + size;
  if (given !== undefined) write(view, at, given.value);
  if (given?.mask !== undefined) write(view, maskAt, given.mask);
  for (let index = 0; index < size; index++) {
    const counts = given === undefined ? 0 : given.mask === undefined ? 0xff : view.getUint8(maskAt + index);
    view.setUint8(maskAt + index, ~counts);
  }
}

/** Returns the wildcard bit. */
function writeVlan(keys: KeyReader, view: DataView, at: number): number {
  const given = keys.masked<number>('vlan_vid');
  if (given === undefined) return WILD.vlan;
  const { value, mask } = given;
  if (mask === OFPVID_PRESENT && value === OFPVID_PRESENT) {
    view.setUint16(at, VLAN_ANY);
  } else if (mask !== undefined && mask !== 0x1fff) {
    throw keys.refusal('vlan_vid', 'takes no mask but that of any tag (0x1000)');
  } else if (value === 0) {
    view.setUint16(at, VLAN_NONE);
  } else {
    if (vlanKey(value & ~OFPVID_PRESENT) !== value) {
      throw keys.refusal('vlan_vid', `${value} is neither 0 nor an id with OFPVID_PRESENT`);
    }
    view.setUint16(at, value & ~OFPVID_PRESENT);
  }
  return 0;
}

function writeMetadata(keys: KeyReader, view: DataView, at: number): void {
  const given = keys.masked<bigint>('metadata');
  const mask = given === undefined ? 0n : (given.mask ?? MAX_U64);
  view.setBigUint64(at, u64(given?.value ?? 0n, 'metadata'));
  view.setBigUint64(at + 8, MAX_U64 ^ u64(mask, 'metadata'));
}
