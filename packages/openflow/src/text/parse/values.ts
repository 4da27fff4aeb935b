/** Values of fields: text to the number that the bits are, and that number to what Match and set_field hold. */
import { OXM_FIELDS, type OxmName } from '../../generated/match-types.ts';
import type { Field } from './fields.ts';
import { integerOf, port32, portOf } from './numbers.ts';
import { parseError, type Word } from './parse-error.ts';
import { part } from './words.ts';

/** Value and mask as numbers; the value has no bit outside of the mask. */
export interface Bits {
  readonly value: bigint;
  readonly mask: bigint;
}

export const ones = (bits: number): bigint => (1n << BigInt(bits)) - 1n;
/** All bytes of the field. */
export const wholeMask = (field: Field): bigint => ones(field.size * 8);

/** `VALUE` or `VALUE/MASK` in the format of the field. Throws ParseError. */
export function parseBits(field: Field, word: Word): Bits {
  if (field.format === 'frag' || field.format === 'packet_type') return special(field, word);
  if (field.format === 'ct_state' || field.format === 'tcp_flags' || field.format === 'tunnel_flags')
    return flags(field, word);
  const slash = word.text.indexOf('/');
  const value = single(field, slash < 0 ? word : part(word, 0, slash));
  if (slash < 0) return { value, mask: wholeMask(field) };
  const maskWord = part(word, slash + 1);
  const mask = maskOf(field, maskWord);
  if (mask !== wholeMask(field) && mask !== 0n && !field.isMaskable)
    throw parseError(maskWord, `${field.name} takes no mask`);
  return { value: value & mask, mask };
}

function single(field: Field, word: Word): bigint {
  const { text } = word;
  switch (field.format) {
    case 'mac':
      return macOf(word);
    case 'ipv4':
      return ipv4Of(word);
    case 'ipv6':
      return ipv6Of(word);
    case 'port': {
      const port = portOf(text);
      const isTooHigh = (integerOf(text) ?? 0n) > 0xffffn;
      if (port === undefined || isTooHigh) throw parseError(word, `${text} is no port`);
      return BigInt(port);
    }
    case 'port32': {
      const port = portOf(text);
      if (port === undefined) throw parseError(word, `${text} is no port`);
      return BigInt(port32(port));
    }
    default: {
      const value = integerOf(text);
      if (value === undefined) throw parseError(word, `${field.name} takes a number, decimal or with 0x`);
      return fitting(field, value, word);
    }
  }
}

/** vlan_vid is written with the bit that says that there is a tag. */
const bitsAllowed = (field: Field): number => (field.oxm === 'vlan_vid' ? 13 : field.bits);

function fitting(field: Field, value: bigint, word: Word): bigint {
  if (value < 0n || value >> BigInt(bitsAllowed(field)) !== 0n)
    throw parseError(word, `${field.name} has ${field.bits} bits`);
  return value;
}

function maskOf(field: Field, word: Word): bigint {
  const { text } = word;
  const width = field.format === 'ipv4' ? 32 : field.format === 'ipv6' ? 128 : 0;
  if (width > 0 && /^\d+$/.test(text)) {
    const length = Number(text);
    if (length > width) throw parseError(word, `a prefix has at most ${width} bits`);
    return ones(width) ^ ones(width - length);
  }
  if (text === '-1') return wholeMask(field);
  if (field.format === 'number') {
    const value = integerOf(text);
    if (value === undefined || value >> BigInt(field.size * 8) !== 0n)
      throw parseError(word, `a mask of ${field.size * 8} bits was expected`);
    return value;
  }
  return single(field, word);
}

export function macOf(word: Word): bigint {
  if (!/^([0-9a-fA-F]{1,2}:){5}[0-9a-fA-F]{1,2}$/.test(word.text))
    throw parseError(word, 'an Ethernet address was expected, such as 02:00:00:00:00:01');
  return word.text.split(':').reduce((sum, byte) => (sum << 8n) | BigInt(`0x${byte}`), 0n);
}

export function ipv4Of(word: Word): bigint {
  const parts = word.text.split('.');
  if (parts.length !== 4 || parts.some((one) => !/^\d{1,3}$/.test(one) || Number(one) > 255))
    throw parseError(word, 'an IPv4 address was expected, such as 10.0.0.1');
  return parts.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

export function ipv6Of(word: Word): bigint {
  const value = ipv6Value(word.text);
  if (value === undefined) throw parseError(word, 'an IPv6 address was expected, such as 2001:db8::1');
  return value;
}

function ipv6Value(text: string): bigint | undefined {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  if (dotted !== null) {
    const [a = 0, b = 0, c = 0, d = 0] = dotted.slice(2).map(Number);
    if ([a, b, c, d].some((byte) => byte > 255)) return undefined;
    return ipv6Value(`${dotted[1]}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`);
  }
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [front = [], back = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - front.length - back.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...front, ...Array<string>(halves.length === 2 ? missing : 0).fill('0'), ...back];
  if (groups.some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

/** Value and mask of the words for fragments: bit 0 any fragment, bit 1 a later one. */
const FRAGMENTS: Readonly<Record<string, readonly [bigint, bigint]>> = {
  no: [0n, 0xffn],
  yes: [1n, 1n],
  first: [1n, 0xffn],
  later: [3n, 0xffn],
  not_later: [0n, 2n],
};

function special(field: Field, word: Word): Bits {
  if (field.format === 'frag') {
    const [value, mask] = FRAGMENTS[word.text] ?? [];
    if (value !== undefined && mask !== undefined) return { value, mask };
    throw parseError(word, `${field.name} is one of ${Object.keys(FRAGMENTS).join(', ')}`);
  }
  const pair = /^\(([^,]+),([^)]+)\)$/.exec(word.text);
  const [space, type] = (pair?.slice(1) ?? []).map((text) => integerOf(text.trim()));
  if (space === undefined || type === undefined || (space | type) >> 16n !== 0n)
    throw parseError(word, 'a packet type was expected: (namespace,type)');
  return { value: (space << 16n) | type, mask: wholeMask(field) };
}

const FLAG_NAMES: Readonly<Record<string, readonly string[]>> = {
  tcp_flags: ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr', 'ns', '[200]', '[400]', '[800]'],
  tunnel_flags: ['oam'],
  ct_state: ['new', 'est', 'rel', 'rpl', 'inv', 'trk', 'snat', 'dnat'],
};

/** `+a-b`, `a|b`, or a number with or without a mask. */
function flags(field: Field, word: Word): Bits {
  const { text } = word;
  const names = FLAG_NAMES[field.format] ?? [];
  const bitOf = (name: string): bigint => {
    const index = names.indexOf(name);
    if (index < 0) throw parseError(word, `${name} is no flag of ${field.name}: ${names.join(', ')}`);
    return 1n << BigInt(index);
  };
  if (/^[+-]/.test(text) && text !== '-1') {
    let [value, mask] = [0n, 0n];
    for (const [, sign, name = ''] of text.matchAll(/([+-])([^+-]*)/g)) {
      const bit = bitOf(name);
      if ((mask & bit) !== 0n) throw parseError(word, `${name} is told twice`);
      mask |= bit;
      if (sign === '+') value |= bit;
    }
    return { value, mask };
  }
  const [first = '', second] = text.split('/');
  const value = integerOf(first);
  if (value === undefined)
    return { value: first.split('|').reduce((sum, name) => sum | bitOf(name), 0n), mask: allFlags(field) };
  const mask =
    second === undefined
      ? allFlags(field)
      : maskOf({ ...field, format: 'number' }, part(word, first.length + 1));
  return { value: fitting(field, value, word) & mask, mask };
}

const CT_STATES = 0xffn;

/** Numbers and lists of flags say all of them. */
const allFlags = (field: Field): bigint => (field.format === 'ct_state' ? CT_STATES : wholeMask(field));

/** Bits as Match and set_field hold them. `bytes` of variable length have as many as told. */
export function oxmValue(key: OxmName, value: bigint, bytes: number): string | number | bigint | Uint8Array {
  switch (OXM_FIELDS[key].kind) {
    case 'number':
      return Number(value);
    case 'mac':
      return hexOf(value, 6).match(/../g)?.join(':') ?? '';
    case 'ipv4':
      return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join('.');
    case 'ipv6':
      return hexOf(value, 16).match(/..../g)?.join(':') ?? '';
    case 'bytes':
      return Uint8Array.from(Buffer.from(hexOf(value, bytes), 'hex'));
    default:
      return value;
  }
}

const hexOf = (value: bigint, bytes: number): string =>
  value
    .toString(16)
    .padStart(bytes * 2, '0')
    .slice(0, bytes * 2);
