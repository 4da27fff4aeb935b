/** Nicira's range of bits inside a field: u16 of which the upper 10 bits are the offset and the lower 6 the bits less one. */
import { EncodeError } from './protocol-error.ts';

/** `bits` bits from `offset` on, counted from the lowest bit of the field. */
export interface BitRange {
  /** 0 to 1023. */
  readonly offset: number;
  /** 1 to 64. */
  readonly bits: number;
}

const OFFSET_MAX = 1023;
const BITS_MAX = 64;

export function readBitRange(view: DataView, at: number): BitRange {
  const packed = view.getUint16(at);
  return { offset: packed >>> 6, bits: (packed & 63) + 1 };
}

/** Throws EncodeError when the range cannot be said in 16 bits. */
export function writeBitRange(view: DataView, at: number, { offset, bits }: BitRange): void {
  if (!isWhole(offset, 0, OFFSET_MAX))
    throw new EncodeError(`offset ${offset} is not from 0 to ${OFFSET_MAX}`);
  if (!isWhole(bits, 1, BITS_MAX)) throw new EncodeError(`${bits} bits are not from 1 to ${BITS_MAX}`);
  view.setUint16(at, (offset << 6) | (bits - 1));
}

const isWhole = (value: number, least: number, most: number): boolean =>
  Number.isInteger(value) && value >= least && value <= most;
