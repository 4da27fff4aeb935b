/**
 * A match brought into the one form in which Open vSwitch keeps it, whichever keys it came under: twins of one field
 * are one, extended registers are their registers, the two parts of a VLAN tag are one word.
 */
import type { Match } from '../../generated/match-types.ts';
import type { Version } from '../../versions.ts';
import { fullMask, isOxmName, valueBits } from '../values.ts';
import { fieldOfKey } from '../words/fields.ts';

/** A value and the bits of it that count. */
export interface Bits {
  readonly value: bigint;
  readonly mask: bigint;
  /** The mask of a whole field. */
  readonly full: bigint;
}

/** How a match travels, and what a request asks of the entry itself. */
const NO_FIELDS: ReadonlySet<string> = new Set(['ofp_wildcards', 'ofp_match_type', 'nxm_cookie']);

export interface FlowFields {
  readonly bits: ReadonlyMap<string, Bits>;
  /** Keys that no table names, with their bytes. */
  readonly unknown: readonly (readonly [key: string, bytes: Uint8Array])[];
}

const VLAN_PRESENT = 0x1000n;
const VLAN_FULL = 0xffffn;

export function flowFields(match: Match, version: Version): FlowFields {
  const bits = new Map<string, Bits>();
  const unknown: (readonly [string, Uint8Array])[] = [];
  for (const [key, given] of Object.entries(match)) {
    if (given === undefined || NO_FIELDS.has(key)) continue;
    const field = fieldOfKey(key);
    if (field === undefined || !isOxmName(key)) {
      if (given instanceof Uint8Array) unknown.push([key, given]);
      continue;
    }
    const { value, mask } = isMasked(given) ? given : { value: given, mask: undefined };
    const full = value instanceof Uint8Array ? (1n << BigInt(value.length * 8)) - 1n : fullMask(key);
    put(bits, field.name, {
      value: valueBits(key, value),
      mask: mask === undefined ? full : valueBits(key, mask),
      full,
    });
  }
  untagged(bits, match, version);
  return { bits, unknown };
}

/** Without a tag there is no priority either; 1.0 and 1.1 ask for all bits of the word then. */
function untagged(
  bits: Map<string, Bits>,
  { vlan_vid: vid, ofp_match_type: type }: Match,
  version: Version,
): void {
  const tci = bits.get('vlan_tci');
  if (vid !== 0 || tci === undefined) return;
  const isWhole = (version === '1.0' || version === '1.1') && type === undefined;
  bits.set('vlan_tci', { ...tci, value: 0n, mask: isWhole ? VLAN_FULL : tci.mask });
}

type Plain = number | bigint | string | Uint8Array;
const isMasked = (given: unknown): given is { readonly value: Plain; readonly mask: Plain } =>
  typeof given === 'object' && given !== null && 'mask' in given;

/** One name of two for what is the same field of a packet. */
const ONE_NAME: Readonly<Record<string, string>> = {
  in_port_oxm: 'in_port',
  icmpv6_type: 'icmp_type',
  icmpv6_code: 'icmp_code',
  tcp_src: 'tp_src',
  tcp_dst: 'tp_dst',
  udp_src: 'tp_src',
  udp_dst: 'tp_dst',
  sctp_src: 'tp_src',
  sctp_dst: 'tp_dst',
};

function put(bits: Map<string, Bits>, name: string, given: Bits): void {
  const { value, mask, full } = given;
  const register = /^(x+)reg(\d+)$/.exec(name);
  if (register !== null) {
    const count = (register[1] ?? '').length * 2;
    putRegisters(bits, Number(register[2]) * count, count, given);
    return;
  }
  switch (name) {
    case 'vlan_vid':
      merge(bits, 'vlan_tci', { value, mask: mask & 0x1fffn, full: VLAN_FULL });
      return;
    case 'vlan_pcp':
      merge(bits, 'vlan_tci', {
        value: (value << 13n) | VLAN_PRESENT,
        mask: 0xe000n | VLAN_PRESENT,
        full: VLAN_FULL,
      });
      return;
    case 'ip_dscp':
      merge(bits, 'nw_tos', { value: value << 2n, mask: 0xfcn, full: 0xffn });
      return;
    default:
      merge(bits, ONE_NAME[name] ?? name, { value: value & mask, mask, full });
  }
}

/** xreg1 is reg2 and reg3, the higher half first. */
function putRegisters(bits: Map<string, Bits>, first: number, count: number, { value, mask }: Bits): void {
  for (let i = 0; i < count; i++) {
    const shift = BigInt((count - 1 - i) * 32);
    const part = (whole: bigint): bigint => (whole >> shift) & 0xffff_ffffn;
    if (part(mask) !== 0n)
      merge(bits, `reg${first + i}`, { value: part(value), mask: part(mask), full: 0xffff_ffffn });
  }
}

function merge(bits: Map<string, Bits>, name: string, { value, mask, full }: Bits): void {
  const before = bits.get(name);
  bits.set(name, { value: (before?.value ?? 0n) | value, mask: (before?.mask ?? 0n) | mask, full });
}
