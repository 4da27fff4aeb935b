/** Numbers as text: hexadecimal, sets of bits by name, bytes. */

/** `0x1f`, and `0` for zero. */
export const hexOrZero = (value: number | bigint): string => (BigInt(value) === 0n ? '0' : hex(value));

export const hex = (value: number | bigint, digits = 0): string =>
  `0x${value.toString(16).padStart(digits, '0')}`;

/** Two digits a byte, with `between` between them. */
export const bytesText = (bytes: Uint8Array, between = ''): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(between);

export type BitNames = readonly (readonly [bit: number, name: string])[];

/** The names of the set bits, bits without a name as one number, and `none` when no bit is set. */
export function bitsText(value: number, names: BitNames, between = ' ', none = '0'): string {
  if (value === 0) return none;
  let rest = value;
  const parts: string[] = [];
  for (const [bit, name] of names) {
    if ((value & bit) === 0) continue;
    parts.push(name);
    rest = (rest & ~bit) >>> 0;
  }
  if (rest !== 0) parts.push(hex(rest));
  return parts.join(between);
}

export const nameOf = (names: readonly string[], value: number): string => names[value] ?? String(value);
