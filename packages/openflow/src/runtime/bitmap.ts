/** Version bitmaps of OFPT_HELLO: bit n of word w stands for the number 32 w + n. Lowest numbers first. */
import { ELEMENT } from './list.ts';
import { BAD_REQUEST_LEN, EncodeError, protocolError } from './protocol-error.ts';
import type { Writer } from './writer.ts';

export function decodeBitmap(view: DataView, from: number, end: number): readonly number[] {
  if ((end - from) % 4 !== 0)
    throw protocolError('a bitmap is made of u32 words', BAD_REQUEST_LEN, from, ELEMENT);
  const numbers: number[] = [];
  for (let at = from, first = 0; at < end; at += 4, first += 32) {
    const word = view.getUint32(at);
    for (let bit = 0; bit < 32; bit++) if ((word >>> bit) & 1) numbers.push(first + bit);
  }
  return numbers;
}

/** A wire version has 8 bits, but an element of 65,535 bytes has bits up to here, and what is read is written again. */
const NUMBER_MAX = 524_287;

export function encodeBitmap(writer: Writer, numbers: readonly number[]): void {
  let most = -1;
  for (const number of numbers) {
    if (!Number.isInteger(number) || number < 0 || number > NUMBER_MAX) {
      throw new EncodeError(`${number} has no bit in a bitmap`);
    }
    most = Math.max(most, number);
  }
  const words = new Array<number>((most + 32) >>> 5).fill(0);
  for (const number of numbers) {
    words[number >>> 5] = ((words[number >>> 5] ?? 0) | (1 << (number & 31))) >>> 0;
  }
  const at = writer.claim(words.length * 4);
  words.forEach((word, index) => {
    writer.view.setUint32(at + index * 4, word);
  });
}
