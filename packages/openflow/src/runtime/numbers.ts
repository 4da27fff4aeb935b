/** Lists of plain numbers that fill the rest of an element. */
import { u8, u16, u32 } from './bounds.ts';
import { ELEMENT } from './list.ts';
import { BAD_REQUEST_LEN, protocolError } from './protocol-error.ts';
import type { Writer } from './writer.ts';

export function decodeNumbers8(view: DataView, from: number, end: number): readonly number[] {
  const numbers: number[] = [];
  for (let at = from; at < end; at += 1) numbers.push(view.getUint8(at));
  return numbers;
}

export function decodeNumbers16(view: DataView, from: number, end: number): readonly number[] {
  wholeNumbers(from, end, 2);
  const numbers: number[] = [];
  for (let at = from; at < end; at += 2) numbers.push(view.getUint16(at));
  return numbers;
}

export function decodeNumbers32(view: DataView, from: number, end: number): readonly number[] {
  wholeNumbers(from, end, 4);
  const numbers: number[] = [];
  for (let at = from; at < end; at += 4) numbers.push(view.getUint32(at));
  return numbers;
}

function wholeNumbers(from: number, end: number, size: number): void {
  if ((end - from) % size !== 0) {
    throw protocolError(
      `${end - from} bytes are no list of ${size}-byte numbers`,
      BAD_REQUEST_LEN,
      from,
      ELEMENT,
    );
  }
}

export function encodeNumbers8(writer: Writer, numbers: readonly number[]): void {
  const at = writer.claim(numbers.length);
  numbers.forEach((number, index) => {
    writer.view.setUint8(at + index, u8(number, `[${index}]`));
  });
}

export function encodeNumbers16(writer: Writer, numbers: readonly number[]): void {
  const at = writer.claim(numbers.length * 2);
  numbers.forEach((number, index) => {
    writer.view.setUint16(at + index * 2, u16(number, `[${index}]`));
  });
}

export function encodeNumbers32(writer: Writer, numbers: readonly number[]): void {
  const at = writer.claim(numbers.length * 4);
  numbers.forEach((number, index) => {
    writer.view.setUint32(at + index * 4, u32(number, `[${index}]`));
  });
}
