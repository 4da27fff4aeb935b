/**
 * What nx_learn puts into the entry that it adds: conditions, loads, outputs. Each begins with u16: bit 13 tells a
 * constant from a field, bits 11 and 12 what is made of it, the rest how many bits are copied. A field takes u32
 * header and u16 offset, a constant as many u16 words as its bits need. Zeros pad the end. ovs-actions(7), learn.
 */
import { need, paddingOnly, u16 } from '../bounds.ts';
import { ELEMENT } from '../list.ts';
import { type OxmId, readOxmId, writeOxmId } from '../oxm-id.ts';
import { BAD_ACTION_ARGUMENT, EncodeError, protocolError } from '../protocol-error.ts';
import type { Writer } from '../writer.ts';

/** Bits of a field from `offset` on. */
export interface LearnField {
  readonly field: OxmId;
  readonly offset: number;
}
/** A field of the packet, or a constant. */
export type LearnSource = LearnField | { readonly value: bigint };

/** `match` and `load` copy `bits` bits of `src` to `dst`; `output` goes to the port whose number is in `src`. */
export type LearnSpec =
  | {
      readonly type: 'match' | 'load';
      readonly bits: number;
      readonly src: LearnSource;
      readonly dst: LearnField;
    }
  | { readonly type: 'output'; readonly bits: number; readonly src: LearnField };

const CONSTANT = 0x2000;
const BITS_MAX = 0x7ff;
const KINDS = ['match', 'load', 'output'] as const;
const RESERVED = 0xc000;
const FIELD_BYTES = 6;
const wordsOf = (bits: number): number => Math.ceil(bits / 16);

/** Throws ProtocolError for a spec that is cut off, and for kinds that nobody has defined. */
export function decodeLearnSpecs(view: DataView, from: number, end: number): readonly LearnSpec[] {
  const specs: LearnSpec[] = [];
  let at = from;
  // Every turn advances by a header at least.
  while (end - at >= 2) {
    const header = view.getUint16(at);
    if (header === 0) break;
    const start = at;
    at += 2;
    const bits = header & BITS_MAX;
    const type = KINDS[(header >>> 11) & 3];
    const isConstant = (header & CONSTANT) !== 0;
    if (type === undefined || (header & RESERVED) !== 0 || (type === 'output' && isConstant)) {
      throw protocolError(`0x${header.toString(16)} begins no spec`, BAD_ACTION_ARGUMENT, start, 'specs');
    }
    const size = isConstant ? wordsOf(bits) * 2 : FIELD_BYTES;
    need(at, end, size + (type === 'output' ? 0 : FIELD_BYTES), ELEMENT);
    const src = isConstant ? { value: constant(view, at, at + size) } : fieldAt(view, at);
    at += size;
    if (type === 'output') {
      specs.push({ type, bits, src: src as LearnField });
      continue;
    }
    specs.push({ type, bits, src, dst: fieldAt(view, at) });
    at += FIELD_BYTES;
  }
  paddingOnly(at, end, ELEMENT);
  return specs;
}

const fieldAt = (view: DataView, at: number): LearnField => ({
  field: readOxmId(view, at),
  offset: view.getUint16(at + 4),
});

function constant(view: DataView, from: number, end: number): bigint {
  let value = 0n;
  for (let at = from; at < end; at += 2) value = (value << 16n) | BigInt(view.getUint16(at));
  return value;
}

/** Throws EncodeError for a constant that does not fit its bits. */
export function encodeLearnSpecs(writer: Writer, specs: readonly LearnSpec[]): void {
  for (const spec of specs) {
    const { type, bits, src } = spec;
    if (!Number.isInteger(bits) || bits < 0 || bits > BITS_MAX) throw new EncodeError(`specs: ${bits} bits`);
    const at = writer.claim(2);
    writer.view.setUint16(at, ('value' in src ? CONSTANT : 0) | (KINDS.indexOf(type) << 11) | bits);
    if ('value' in src) putConstant(writer, src.value, bits);
    else putField(writer, src);
    if (spec.type !== 'output') putField(writer, spec.dst);
  }
}

function putField(writer: Writer, { field, offset }: LearnField): void {
  const at = writer.claim(FIELD_BYTES);
  writeOxmId(writer.view, at, field);
  writer.view.setUint16(at + 4, u16(offset, 'offset'));
}

function putConstant(writer: Writer, value: bigint, bits: number): void {
  const words = wordsOf(bits);
  if (value < 0n || value >> BigInt(words * 16) !== 0n) {
    throw new EncodeError(`specs: ${value} does not fit ${bits} bits`);
  }
  const at = writer.claim(words * 2);
  for (let word = 0; word < words; word++) {
    writer.view.setUint16(at + word * 2, Number((value >> BigInt((words - 1 - word) * 16)) & 0xffffn));
  }
}
