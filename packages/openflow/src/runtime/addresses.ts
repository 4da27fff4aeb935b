/**
 * Addresses between bytes and text: MAC '02:00:00:00:00:01', IPv4 '10.0.0.1', IPv6 '2001:db8::1' (RFC 5952),
 * datapath id as 16 lower-case hexadecimal digits. Reading text throws EncodeError, because text comes from us.
 */
import { EncodeError } from './protocol-error.ts';

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const hex = (byte: number): string => HEX[byte] as string;

export function readMac(view: DataView, at: number): string {
  const high = view.getUint16(at);
  const low = view.getUint32(at + 2);
  return `${hex(high >>> 8)}:${hex(high & 255)}:${hex(low >>> 24)}:${hex((low >>> 16) & 255)}:${hex((low >>> 8) & 255)}:${hex(low & 255)}`;
}

export function writeMac(view: DataView, at: number, text: string): void {
  // Whatever is wrong is gathered and asked about once: this is the hot path of every flow mod.
  let wrong = text.length ^ 17;
  for (let i = 0; i < 6; i++) {
    const [first, second] = [text.charCodeAt(i * 3), text.charCodeAt(i * 3 + 1)];
    // 256 digits for 256 bytes.
    const [high, low] = [DIGITS[first & 0xff] as number, DIGITS[second & 0xff] as number];
    wrong |= (first >>> 8) | (second >>> 8) | ((high | low) & NO_DIGIT);
    if (i < 5) wrong |= text.charCodeAt(i * 3 + 2) ^ COLON;
    view.setUint8(at + i, (high << 4) | low);
  }
  if (wrong !== 0) throw new EncodeError(`"${text}" is not a MAC address`);
}

const COLON = 58;
const NO_DIGIT = 0x80;
/** The value of each hexadecimal digit by its character code. */
const DIGITS = Uint8Array.from({ length: 256 }, (_, code) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(code).toLowerCase());
  return digit < 0 ? NO_DIGIT : digit;
});

export function readIpv4(view: DataView, at: number): string {
  const value = view.getUint32(at);
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

export function writeIpv4(view: DataView, at: number, text: string): void {
  view.setUint32(at, parseIpv4(text));
}

/** '10.0.0.1' as the number 0x0a000001. */
export function parseIpv4(text: string): number {
  let value = 0;
  let octet = -1;
  let dots = 0;
  for (let i = 0; i <= text.length; i++) {
    const code = i === text.length ? 46 : text.charCodeAt(i);
    if (code === 46) {
      if (octet < 0 || octet > 255) throw new EncodeError(`"${text}" is not an IPv4 address`);
      value = value * 256 + octet;
      octet = -1;
      dots += 1;
    } else if (code >= 48 && code <= 57) {
      octet = (octet < 0 ? 0 : octet * 10) + code - 48;
    } else {
      throw new EncodeError(`"${text}" is not an IPv4 address`);
    }
  }
  if (dots !== 4) throw new EncodeError(`"${text}" is not an IPv4 address`);
  return value;
}

export function readIpv6(view: DataView, at: number): string {
  const groups: number[] = [];
  for (let i = 0; i < 8; i++) groups.push(view.getUint16(at + 2 * i));
  let best = 0;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && groups[i + length] === 0) length += 1;
    if (length > bestLength) {
      best = i;
      bestLength = length;
    }
  }
  const text = (part: number[]): string => part.map((group) => group.toString(16)).join(':');
  if (bestLength < 2) return text(groups);
  return `${text(groups.slice(0, best))}::${text(groups.slice(best + bestLength))}`;
}

export function writeIpv6(view: DataView, at: number, text: string): void {
  const refuse = (): never => {
    throw new EncodeError(`"${text}" is not an IPv6 address`);
  };
  const halves = text.split('::');
  if (halves.length > 2) refuse();
  const parse = (half: string): number[] =>
    half === ''
      ? []
      : half
          .split(':')
          .map((group) => (/^[0-9a-f]{1,4}$/i.test(group) ? Number.parseInt(group, 16) : refuse()));
  const head = parse(halves[0] ?? '');
  const tail = parse(halves[1] ?? '');
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) refuse();
  [...head, ...new Array<number>(missing).fill(0), ...tail].forEach((group, i) => {
    view.setUint16(at + 2 * i, group);
  });
}

export function readDpid(view: DataView, at: number): string {
  const high = view.getUint32(at).toString(16).padStart(8, '0');
  return (
    high +
    view
      .getUint32(at + 4)
      .toString(16)
      .padStart(8, '0')
  );
}

export function writeDpid(view: DataView, at: number, text: string): void {
  if (!/^[0-9a-f]{16}$/.test(text))
    throw new EncodeError(`"${text}" is not a datapath id of 16 hexadecimal digits`);
  view.setUint32(at, Number.parseInt(text.slice(0, 8), 16));
  view.setUint32(at + 4, Number.parseInt(text.slice(8), 16));
}
