/** Values of fields, as `set_field`, `load` and `learn` write them. */
import { OXM_FIELDS, type OxmName } from '../../generated/match-types.ts';
import { readIpv4, readIpv6, readMac } from '../../runtime/addresses.ts';
import { fullMask, isOxmName, valueBits } from '../values.ts';
import { type FieldForm, type FieldWords, fieldOfKey } from '../words/fields.ts';
import { bytesText, hex, hexOrZero } from '../words/numbers.ts';
import { portText } from '../words/ports.ts';
import { ctStateText, fragText, setBitsText, TCP_FLAGS, TUNNEL_FLAGS } from './bits.ts';

export type Value = number | bigint | string | Uint8Array;

const scratch = new DataView(new ArrayBuffer(16));

export function macText(bits: bigint): string {
  scratch.setUint16(0, Number(bits >> 32n));
  scratch.setUint32(2, Number(bits & 0xffff_ffffn));
  return readMac(scratch, 0);
}

export function ipv4Text(bits: bigint): string {
  scratch.setUint32(0, Number(bits));
  return readIpv4(scratch, 0);
}

/** As RFC 5952 has it, the last half in dots where it holds an IPv4 address, as inet_ntop writes it. */
export function ipv6Text(bits: bigint): string {
  const high = bits >> 32n;
  const low = bits & 0xffff_ffffn;
  if (high === 0n && low > 0xffffn) return `::${ipv4Text(low)}`;
  if (high === 0xffffn) return `::ffff:${ipv4Text(low)}`;
  scratch.setBigUint64(0, bits >> 64n);
  scratch.setBigUint64(8, bits & 0xffff_ffff_ffff_ffffn);
  return readIpv6(scratch, 0);
}

/** How many leading ones a mask has when nothing but zeros follow. */
export function prefixLength(mask: bigint, bits: number): number | undefined {
  const ones = mask.toString(2).padStart(bits, '0').indexOf('0');
  const length = ones < 0 ? bits : ones;
  return mask === ((1n << BigInt(length)) - 1n) << BigInt(bits - length) ? length : undefined;
}

/** `10.0.0.0/8`, `10.0.2.0/255.0.255.0`; no mask when all bits count. */
export function netmaskText(value: bigint, mask: bigint, bits: 32 | 128): string {
  const text = bits === 32 ? ipv4Text : ipv6Text;
  const prefix = prefixLength(mask, bits);
  if (prefix === bits) return text(value);
  return prefix === undefined ? `${text(value)}/${text(mask)}` : `${text(value)}/${prefix}`;
}

/** A value and the bits of it that count, in the form of its field. */
export function valueText(form: FieldForm, value: bigint, mask: bigint, full: bigint): string {
  const isExact = mask === full;
  switch (form) {
    case 'mac':
      return isExact ? macText(value) : `${macText(value)}/${macText(mask)}`;
    case 'ipv4':
      return netmaskText(value, mask, 32);
    case 'ipv6':
      return netmaskText(value, mask, 128);
    case 'port':
      return portText(Number(value));
    case 'tcp_flags':
      return setBitsText(TCP_FLAGS, Number(value), Number(mask), Number(full));
    case 'tunnel_flags':
      return setBitsText(TUNNEL_FLAGS, Number(value), Number(mask), Number(full));
    case 'ct_state':
      return ctStateText(Number(value), Number(mask));
    case 'frag':
      return fragText(Number(value), Number(mask));
    case 'packet_type':
      return `(${value >> 16n},${hexOrZero(value & 0xffffn)})`;
    case 'hex':
      return isExact ? hexOrZero(value) : `${hexOrZero(value)}/${hexOrZero(mask)}`;
    case 'decimal':
      return isExact ? String(value) : `${value}/${hex(mask)}`;
  }
}

/** The value of one field under its key; a field that nobody named as its bytes. */
export function fieldValueText(key: string, value: Value, mask?: Value): string {
  const field = fieldOfKey(key);
  if (field === undefined || !isOxmName(key)) return unknownText(value);
  // A mask is told unless it has all bits of all bytes, also those that the field does not use.
  const { size, kind } = OXM_FIELDS[key];
  const full = (1n << BigInt(size * 8)) - 1n;
  const bits = mask === undefined ? full : valueBits(key, mask);
  const isTold = mask !== undefined && (kind === 'bytes' || bits !== full);
  return valueText(field.form, valueBits(key, value), bits, isTold ? bits + 1n : bits);
}

const unknownText = (value: Value): string =>
  value instanceof Uint8Array ? `0x${bytesText(value)}` : String(value);

/** What `set_field` calls the field of a key. */
export const fieldName = (key: string): string => fieldOfKey(key)?.name ?? key;

/** `NXM_NX_REG0[]`, `NXM_NX_REG0[5..10]`, `NXM_NX_REG0[5]`. */
export function subfieldText(id: string, offset: number, bits: number): string {
  const key = id.replace(/\/mask$/, '');
  const field = fieldOfKey(key);
  const size = isOxmName(key) ? fieldBits(field, key) : undefined;
  const range = offset === 0 && bits === size ? '' : bits === 1 ? offset : `${offset}..${offset + bits - 1}`;
  return `${field?.header ?? id}[${range}]`;
}

/** Tunnel options are as long as the table of options says; without it, as long as they can be. */
const fieldBits = (field: FieldWords | undefined, key: OxmName): number =>
  field === undefined ? 0 : Number(fullMask(key).toString(2).length);

/** All of a field, for `delete_field` and the like. */
export const wholeFieldName = (id: string): string => fieldName(id.replace(/\/mask$/, ''));
