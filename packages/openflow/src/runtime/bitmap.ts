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

export function encodeBitmap(writer: Writer, numbers: readonly number[]): void {
  const words = new Array<number>(Math.max(0, ...numbers.map((number) => (number >>> 5) + 1))).fill(0);
  for (const number of numbers) {
    if (!Number.isInteger(number) || number < 0 || number > 255) {
      throw new EncodeError(`${number} is not a wire version`);
    }
    words[number >>> 5] = ((words[number >>> 5] ?? 0) | (1 << (number & 31))) >>> 0;
  }
  const at = writer.claim(words.length * 4);
  words.forEach((word, index) => {
    writer.view.setUint32(at + index * 4, word);
  });
}
