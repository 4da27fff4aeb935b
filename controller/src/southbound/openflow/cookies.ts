/**
 * Who made a flow entry: tag 16 | epoch 16 | reservation 32. We touch only what carries our tag, and a newer
 * controller recognises by the epoch what an older one left.
 */
import type { ReservationId } from '../../core/index.ts';

export const COOKIE_TAG = 0x51ce;
/** Matches the tag alone: every entry of ours, of any epoch. */
export const COOKIE_TAG_MASK = 0xffff_0000_0000_0000n;
export const COOKIE_TAG_BITS = BigInt(COOKIE_TAG) << 48n;
/** Entries that belong to no reservation: classification and forwarding. */
export const NO_RESERVATION = 0;

export interface Cookie {
  /** The low 16 bits of the epoch. */
  readonly epoch: number;
  readonly reservation: number;
}

export function encodeCookie(epoch: number, reservation: ReservationId | typeof NO_RESERVATION): bigint {
  if (!Number.isInteger(reservation) || reservation < 0 || reservation > 0xffff_ffff)
    throw new RangeError(`reservation ${reservation} does not fit into 32 bits`);
  return COOKIE_TAG_BITS | (BigInt.asUintN(16, BigInt(epoch)) << 32n) | BigInt(reservation);
}

/** null: not ours. */
export function decodeCookie(cookie: bigint): Cookie | null {
  if ((cookie & COOKIE_TAG_MASK) !== COOKIE_TAG_BITS) return null;
  return { epoch: Number((cookie >> 32n) & 0xffffn), reservation: Number(cookie & 0xffff_ffffn) };
}
