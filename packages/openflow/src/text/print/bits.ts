/** Fields whose bits have names: flags of TCP, of tunnels, of connections, and kinds of fragments. */
import { hex } from '../words/numbers.ts';

export const TCP_FLAGS: readonly string[] = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr', 'ns'];
export const TUNNEL_FLAGS: readonly string[] = ['oam'];
const CT_STATES: readonly string[] = ['new', 'est', 'rel', 'rpl', 'inv', 'trk', 'snat', 'dnat'];

const bitNumbers = (bits: number): readonly number[] =>
  Array.from({ length: 32 }, (_, bit) => bit).filter((bit) => (bits >>> bit) & 1);

const named = (names: readonly string[], bit: number): string => names[bit] ?? `[${(2 ** bit).toString(16)}]`;

/** `+syn-ack`: bits that must be set and bits that must not. */
export function maskedBitsText(names: readonly string[], value: number, mask: number): string {
  return bitNumbers(mask)
    .map((bit) => `${(value >>> bit) & 1 ? '+' : '-'}${named(names, bit)}`)
    .join('');
}

/** `fin|rst` when all bits count, else as maskedBitsText. */
export function setBitsText(names: readonly string[], value: number, mask: number, full: number): string {
  if (mask !== full) return maskedBitsText(names, value, mask);
  const set = bitNumbers(value).map((bit) => named(names, bit));
  return set.length === 0 ? '0' : set.join('|');
}

export const ctStateText = (value: number, mask: number): string => maskedBitsText(CT_STATES, value, mask);

/** 1: any fragment, 2: a later one. */
export function fragText(value: number, mask: number): string {
  if (mask === 3) return ['no', 'first', '<error>', 'later'][value] ?? hex(value);
  if (mask === 1) return value === 0 ? 'no' : 'yes';
  return value === 0 ? 'not_later' : 'later';
}
