/** Bounded reading and checked writing: the shared words of all generated codecs. */
import type { ErrorPair } from './error-numbers.ts';
import { BAD_REQUEST_LEN, EncodeError, protocolError } from './protocol-error.ts';

/** Throws unless `size` bytes are there. */
export function need(at: number, end: number, size: number, path: string): void {
  if (end - at < size) {
    throw protocolError(`truncated: needed ${size} bytes, had ${end - at}`, BAD_REQUEST_LEN, at, path);
  }
}

/** Throws unless exactly `size` bytes are there. */
export function exactly(at: number, end: number, size: number, path: string): void {
  if (end - at !== size) {
    throw protocolError(`wrong length: must be ${size} bytes, was ${end - at}`, BAD_REQUEST_LEN, at, path);
  }
}

/** Throws unless what is there is a multiple of `unit` bytes. */
export function multipleOf(at: number, end: number, unit: number, path: string): void {
  if ((end - at) % unit !== 0) {
    throw protocolError(`wrong length: ${end - at} is not a multiple of ${unit}`, BAD_REQUEST_LEN, at, path);
  }
}

/** Elements end at multiples of this many bytes, so the padding of one is shorter. */
const ALIGN = 8;

/** Throws when more than padding is left. */
export function paddingOnly(at: number, end: number, path: string): void {
  if (end - at >= ALIGN) {
    throw protocolError(`wrong length: ${end - at} bytes follow the last field`, BAD_REQUEST_LEN, at, path);
  }
}

/** Throws `answer` unless all bytes from `at` to `end` are zero. */
export function zeroOnly(view: DataView, at: number, end: number, answer: ErrorPair, path: string): void {
  for (let i = at; i < end; i++) {
    if (view.getUint8(i) !== 0) throw protocolError('a byte that must be zero is not', answer, i, path);
  }
}

/** A view of bytes, not a copy. Node never reuses the memory of a chunk that is still referred to. */
export function bytesOf(view: DataView, at: number, end: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, end - at);
}

export function u8(value: number, path: string): number {
  if ((value & 0xff) !== value) unfit(value, 'u8', path);
  return value;
}

export function u16(value: number, path: string): number {
  if ((value & 0xffff) !== value) unfit(value, 'u16', path);
  return value;
}

export function u32(value: number, path: string): number {
  if (value >>> 0 !== value) unfit(value, 'u32', path);
  return value;
}

export function u64(value: bigint, path: string): bigint {
  if (BigInt.asUintN(64, value) !== value) unfit(value, 'u64', path);
  return value;
}

function unfit(value: unknown, width: string, path: string): never {
  throw new EncodeError(`${path}: ${String(value)} does not fit ${width}`);
}

/** Text up to the first NUL. Bytes above 127 become the code points of Latin-1, so nothing is lost. */
export function readText(view: DataView, at: number, size: number): string {
  let text = '';
  for (let i = 0; i < size; i++) {
    const byte = view.getUint8(at + i);
    if (byte === 0) break;
    text += String.fromCharCode(byte);
  }
  return text;
}

export function writeText(bytes: Uint8Array, at: number, size: number, text: string, path: string): void {
  if (text.length > size) throw new EncodeError(`${path}: "${text}" is longer than ${size} bytes`);
  bytes.fill(0, at, at + size);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0 || code > 255) throw new EncodeError(`${path}: "${text}" is not Latin-1 text`);
    bytes[at + i] = code;
  }
}
