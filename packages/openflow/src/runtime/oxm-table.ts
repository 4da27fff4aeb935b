/**
 * Fields that are read and written by what the table says of each: registers, Nicira's and experimenters' fields, and
 * those under a mask in set_field. Basic fields of a match have generated code of their own.
 */
import { OXM_FIELDS, type OxmFieldInfo } from '../generated/match-fields.ts';
import type { Masked, OxmName } from '../generated/match-types.ts';
import { readIpv4, readIpv6, readMac, writeIpv4, writeIpv6, writeMac } from './addresses.ts';
import { bytesOf, u64 } from './bounds.ts';
import { CLASS_EXPERIMENTER, fieldOfValue, MASK_BIT, type NamedField, oxmHeaderOf } from './oxm-headers.ts';
import { atMost, fits, readU24, writeU24 } from './oxm-numbers.ts';
import { EncodeError } from './protocol-error.ts';
import type { Writer } from './writer.ts';

const HEADER_BYTES = 4;
const EXPERIMENTER_BYTES = 4;

type Value = number | bigint | string | Uint8Array;

export interface TableField {
  readonly name: OxmName;
  readonly value: Value;
  readonly mask?: Value;
}

/** Whether every field takes a mask (set_field), or only those that may be matched with one. */
export type Masks = 'all' | 'maskable';

/** The field between `at` and `end`, header first; undefined when no table names it with this length. */
export function decodeTableField(
  view: DataView,
  at: number,
  end: number,
  masks: Masks,
): TableField | undefined {
  const header = view.getUint32(at);
  const isMasked = (header & MASK_BIT) !== 0;
  const isOfExperimenter = header >>> 16 === CLASS_EXPERIMENTER;
  const before = isOfExperimenter ? HEADER_BYTES + EXPERIMENTER_BYTES : HEADER_BYTES;
  if (end - at < before) return undefined;
  const field = fieldOfValue(header, isOfExperimenter ? view.getUint32(at + HEADER_BYTES) : undefined);
  if (field === undefined || (isMasked && masks === 'maskable' && !field.maskable)) return undefined;
  const from = at + before;
  if (!isMasked) return { name: field.name, value: read(field, view, from, end) };
  const half = (end - from) / 2;
  if (!Number.isInteger(half)) return undefined;
  return {
    name: field.name,
    value: read(field, view, from, from + half),
    mask: read(field, view, from + half, end),
  };
}

function read(field: NamedField, view: DataView, at: number, end: number): Value {
  switch (field.kind) {
    case 'number':
      return atMost(readNumber(view, at, field.size), 2 ** field.bits - 1, field.name, at);
    case 'u64':
      return view.getBigUint64(at);
    case 'u128':
      return (view.getBigUint64(at) << 64n) | view.getBigUint64(at + 8);
    case 'mac':
      return readMac(view, at);
    case 'ipv4':
      return readIpv4(view, at);
    case 'ipv6':
      return readIpv6(view, at);
    case 'bytes':
      return bytesOf(view, at, end);
  }
}

function readNumber(view: DataView, at: number, size: number): number {
  switch (size) {
    case 1:
      return view.getUint8(at);
    case 2:
      return view.getUint16(at);
    case 3:
      return readU24(view, at);
    default:
      return view.getUint32(at);
  }
}

/** Writes header, value and mask. False when the name is not that of a field. */
export function encodeTableField(writer: Writer, name: string, given: unknown, masks: Masks): boolean {
  const header = oxmHeaderOf(name);
  if (header === undefined) return false;
  const field = OXM_FIELDS[name as OxmName];
  const { value, mask } = parts(given);
  if (mask !== undefined && masks === 'maskable' && !field.maskable)
    throw new EncodeError(`${name} takes no mask`);
  const size = value instanceof Uint8Array ? checkedLength(value, mask, field, name) : field.size;
  const before = field.experimenter === undefined ? HEADER_BYTES : HEADER_BYTES + EXPERIMENTER_BYTES;
  const length = before - HEADER_BYTES + (mask === undefined ? size : size * 2);
  const at = writer.claim(HEADER_BYTES + length);
  const { view } = writer;
  view.setUint32(at, ((header & ~0xff) | (mask === undefined ? 0 : MASK_BIT) | length) >>> 0);
  if (field.experimenter !== undefined) view.setUint32(at + HEADER_BYTES, field.experimenter);
  write(field, name, writer, at + before, value);
  if (mask !== undefined) write(field, name, writer, at + before + size, mask);
  return true;
}

function parts(given: unknown): { value: unknown; mask?: unknown } {
  if (typeof given !== 'object' || given === null || given instanceof Uint8Array) return { value: given };
  return given as Masked<unknown>;
}

function checkedLength(value: Uint8Array, mask: unknown, { size }: OxmFieldInfo, name: string): number {
  if (value.length > size) throw new EncodeError(`${name}: ${value.length} bytes are more than ${size}`);
  if (mask !== undefined && (!(mask instanceof Uint8Array) || mask.length !== value.length)) {
    throw new EncodeError(`${name}: value and mask have different lengths`);
  }
  return value.length;
}

const MAX_U64 = 0xffffffffffffffffn;

function write(field: OxmFieldInfo, name: string, writer: Writer, at: number, value: unknown): void {
  const { view } = writer;
  switch (field.kind) {
    case 'number':
      writeNumber(view, at, field.size, fits(value as number, 2 ** field.bits - 1, name));
      return;
    case 'u64':
      view.setBigUint64(at, u64(value as bigint, name));
      return;
    case 'u128': {
      const number = value as bigint;
      view.setBigUint64(at, u64(number >> 64n, name));
      view.setBigUint64(at + 8, number & MAX_U64);
      return;
    }
    case 'mac':
      writeMac(view, at, value as string);
      return;
    case 'ipv4':
      writeIpv4(view, at, value as string);
      return;
    case 'ipv6':
      writeIpv6(view, at, value as string);
      return;
    case 'bytes':
      if (!(value instanceof Uint8Array)) throw new EncodeError(`${name} takes bytes`);
      writer.bytes.set(value, at);
  }
}

function writeNumber(view: DataView, at: number, size: number, value: number): void {
  switch (size) {
    case 1:
      view.setUint8(at, value);
      return;
    case 2:
      view.setUint16(at, value);
      return;
    case 3:
      writeU24(view, at, value);
      return;
    default:
      view.setUint32(at, value);
  }
}
