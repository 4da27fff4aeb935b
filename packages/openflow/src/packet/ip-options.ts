/**
 * Options of IPv4 (RFC 791 3.1) and of IPv6's hop-by-hop and destination headers (RFC 8200 4.2). Both are read on
 * demand from the bytes of their layer, so a lie in them hides no address.
 *
 *   IPv4   u8 number  u8 length of the whole option  value; 0 (end) and 1 (no operation) are one byte
 *   IPv6   u8 number  u8 length of the value  value; 0 (pad) is one byte
 */
import { PacketError } from './packet-error.ts';

export interface IpOption {
  /** IPv4: 7 record route, 68 time stamp, 131 and 137 source routes, 148 router alert. IPv6: 1 pad, 5 router alert. */
  readonly number: number;
  readonly value: Uint8Array;
}

/** One a byte is the most that 40 bytes (IPv4) or 2,046 bytes (IPv6) can hold. */
export const IP_OPTIONS_MAX = 2048;
const EMPTY = new Uint8Array(0);

/** Options up to the end option. Throws PacketError when a length lies. */
export const ipv4Options = (bytes: Uint8Array): readonly IpOption[] =>
  readOptions(bytes, 'ipv4.options', { isEnd: (n) => n === 0, isAlone: (n) => n === 1, counted: 2 });

/** All options, single pads left out. Throws PacketError when a length lies. */
export const ipv6Options = (bytes: Uint8Array): readonly IpOption[] =>
  readOptions(bytes, 'ipv6.options', { isEnd: () => false, isAlone: (n) => n === 0, counted: 0 }).filter(
    ({ number }) => number !== 0,
  );

interface Form {
  readonly isEnd: (number: number) => boolean;
  readonly isAlone: (number: number) => boolean;
  /** How many bytes before the value the length counts. */
  readonly counted: 0 | 2;
}

/** Also reads the options of TCP, which have the form of IPv4's. */
export function readOptions(bytes: Uint8Array, layer: string, form: Form): readonly IpOption[] {
  const options: IpOption[] = [];
  let at = 0;
  while (at < bytes.length) {
    const number = bytes[at] as number;
    if (form.isEnd(number)) break;
    if (options.length >= IP_OPTIONS_MAX) throw new PacketError(layer, 'too many options', at);
    if (form.isAlone(number)) {
      options.push({ number, value: EMPTY });
      at += 1;
      continue;
    }
    const end = at + 2 - form.counted + (bytes[at + 1] ?? 0);
    if (end < at + 2 || end > bytes.length)
      throw new PacketError(layer, `option ${number} has a false length`, at);
    options.push({ number, value: bytes.subarray(at + 2, end) });
    at = end;
  }
  return options;
}
