/** Numbers of OXM fields whose width is not a whole machine word. */
import { BAD_MATCH_VALUE, EncodeError, protocolError } from './protocol-error.ts';

export const readU24 = (view: DataView, at: number): number =>
  (view.getUint16(at) << 8) | view.getUint8(at + 2);

export function writeU24(view: DataView, at: number, value: number): void {
  view.setUint16(at, value >>> 8);
  view.setUint8(at + 2, value & 255);
}

/** A peer's value that must not exceed `most`. */
export function atMost(value: number, most: number, name: string, at: number): number {
  if (value > most) throw protocolError(`${name} ${value} is above ${most}`, BAD_MATCH_VALUE, at, name);
  return value;
}

/** Our own value that must fit its field. */
export function fits(value: number, most: number, name: string): number {
  if (!(value >= 0 && value <= most) || !Number.isInteger(value)) {
    throw new EncodeError(`${name}: ${value} is not a whole number from 0 to ${most}`);
  }
  return value;
}
