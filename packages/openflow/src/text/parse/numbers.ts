/** Numbers and ports as operators write them: decimal, hexadecimal with 0x, octal with 0; ports by name too. */
import { parseError, type Word } from './parse-error.ts';

/** A whole number of at most `bits` bits. Throws ParseError. */
export function bigNumber(word: Word, bits: number, what = 'a number'): bigint {
  const value = integerOf(word.text);
  if (value === undefined) throw parseError(word, `${what} was expected, decimal or with 0x`);
  if (value < 0n ? value !== -1n : value >> BigInt(bits) !== 0n)
    throw parseError(word, `${what} has at most ${bits} bits`);
  return value < 0n ? (1n << BigInt(bits)) - 1n : value;
}

/** The same for up to 53 bits; `-1` stands for all bits. */
export const number = (word: Word, bits: number, what?: string): number =>
  Number(bigNumber(word, bits, what));

export function integerOf(text: string): bigint | undefined {
  if (text === '-1') return -1n;
  if (/^0[xX][0-9a-fA-F]+$/.test(text)) return BigInt(text);
  if (/^0[0-7]+$/.test(text)) return BigInt(`0o${text.slice(1)}`);
  return /^[0-9]+$/.test(text) ? BigInt(text) : undefined;
}

/** Reserved ports by their numbers in OpenFlow 1.0, which is how Open vSwitch thinks of them. */
const RESERVED: Readonly<Record<string, number>> = {
  UNSET: 0xfff7,
  IN_PORT: 0xfff8,
  TABLE: 0xfff9,
  NORMAL: 0xfffa,
  FLOOD: 0xfffb,
  ALL: 0xfffc,
  CONTROLLER: 0xfffd,
  LOCAL: 0xfffe,
  NONE: 0xffff,
  ANY: 0xffff,
};
export const PORT_NAMES: readonly string[] = Object.keys(RESERVED);

/** The first reserved port in 1.0, and how much higher they are from 1.1 on. */
const RESERVED10_MIN = 0xff00;
const RESERVED11_MIN = 0xffffff00;
const LIFT = 0xffff0000;

/** Undefined when the text is neither a number nor a reserved name. Numbers of 1.1 are brought down to those of 1.0. */
export function portOf(text: string): number | undefined {
  const named = RESERVED[text.toUpperCase()];
  if (named !== undefined) return named;
  const value = integerOf(text);
  if (value === undefined || value < 0n) return undefined;
  if (value >= BigInt(RESERVED11_MIN) && value <= 0xffffffffn) return Number(value) - LIFT;
  return value <= 0xffffn ? Number(value) : undefined;
}

export function port(word: Word): number {
  const value = portOf(word.text);
  if (value !== undefined) return value;
  throw parseError(word, `a port was expected: a number up to 65535, or one of ${PORT_NAMES.join(', ')}`);
}

/** The 32 bits of a port from 1.1 on. */
export const port32 = (port10: number): number => (port10 >= RESERVED10_MIN ? port10 + LIFT : port10);
