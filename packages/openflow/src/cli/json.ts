/** Messages as JSON: numbers of 64 bits and more as decimal text, bytes as hexadecimal text. */

/** One line. Fields that are undefined are left out. */
export const toJson = (value: unknown): string => JSON.stringify(value, plain);

/** What JSON has no word for. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  return value instanceof Uint8Array ? toHex(value) : value;
}

export const toHex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

/** Bytes of hexadecimal text, blanks between them allowed; the index of the first wrong character otherwise. */
export function fromHex(text: string): Uint8Array | number {
  const digits = /\s/.test(text) ? text.replace(/\s+/g, '') : text;
  const bytes = Buffer.from(digits, 'hex');
  if (bytes.length * 2 === digits.length) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  const wrong = /[^0-9a-fA-F\s]/.exec(text)?.index;
  return wrong ?? text.length;
}
