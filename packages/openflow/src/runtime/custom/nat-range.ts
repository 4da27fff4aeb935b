/**
 * The range of nx_nat: u16 of bits that say which values follow, in the order of the bits. ovs-actions(7), ct.
 *
 *   bit 0, 1   ipv4Min, ipv4Max
 *   bit 2, 3   ipv6Min, ipv6Max
 *   bit 4, 5   u16 protoMin, protoMax
 */
import { readIpv4, readIpv6, writeIpv4, writeIpv6 } from '../addresses.ts';
import { need, paddingOnly, u16 } from '../bounds.ts';
import { ELEMENT } from '../list.ts';
import { BAD_ACTION_ARGUMENT, EncodeError, protocolError } from '../protocol-error.ts';
import type { Writer } from '../writer.ts';

/** Addresses and ports to choose from; nothing for an address that the switch chooses. A minimum alone is itself. */
export interface NatRange {
  readonly ipv4Min?: string | undefined;
  readonly ipv4Max?: string | undefined;
  readonly ipv6Min?: string | undefined;
  readonly ipv6Max?: string | undefined;
  readonly protoMin?: number | undefined;
  readonly protoMax?: number | undefined;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Name = keyof NatRange;

interface Part {
  readonly name: Name;
  readonly size: number;
  readonly read: (view: DataView, at: number) => string | number;
  readonly write: (view: DataView, at: number, value: never) => void;
}

const ipv4 = { size: 4, read: readIpv4, write: writeIpv4 } as const;
const ipv6 = { size: 16, read: readIpv6, write: writeIpv6 } as const;
const port = {
  size: 2,
  read: (view: DataView, at: number) => view.getUint16(at),
  write: (view: DataView, at: number, value: number) => view.setUint16(at, u16(value, 'port')),
} as const;

/** In the order of their bits. */
const PARTS: readonly Part[] = [
  { name: 'ipv4Min', ...ipv4 },
  { name: 'ipv4Max', ...ipv4 },
  { name: 'ipv6Min', ...ipv6 },
  { name: 'ipv6Max', ...ipv6 },
  { name: 'protoMin', ...port },
  { name: 'protoMax', ...port },
];
const BITS = (1 << PARTS.length) - 1;

/** Throws ProtocolError for unknown bits, a maximum without its minimum, both kinds of addresses, ports alone. */
export function decodeNatRange(view: DataView, from: number, end: number): NatRange {
  need(from, end, 2, ELEMENT);
  const present = view.getUint16(from);
  const range: Mutable<NatRange> = {};
  let at = from + 2;
  PARTS.forEach(({ name, size, read }, bit) => {
    if (((present >>> bit) & 1) === 0) return;
    need(at, end, size, ELEMENT);
    Object.assign(range, { [name]: read(view, at) });
    at += size;
  });
  const wrong = present > BITS ? 'names unknown values' : problemOf(range);
  if (wrong !== undefined) throw protocolError(`the range ${wrong}`, BAD_ACTION_ARGUMENT, from, 'range');
  paddingOnly(at, end, ELEMENT);
  return range;
}

function problemOf(range: NatRange): string | undefined {
  const has = (name: Name): boolean => range[name] !== undefined;
  for (const kind of ['ipv4', 'ipv6', 'proto'] as const) {
    if (has(`${kind}Max`) && !has(`${kind}Min`)) return `has a maximum of ${kind} and no minimum`;
  }
  if (has('ipv4Min') && has('ipv6Min')) return 'has addresses of both kinds';
  if (has('protoMin') && !has('ipv4Min') && !has('ipv6Min')) return 'has ports and no address';
  return undefined;
}

/** Throws EncodeError for an address or a port that is none, and for what the decoder refuses. */
export function encodeNatRange(writer: Writer, range: NatRange): void {
  const wrong = problemOf(range);
  if (wrong !== undefined) throw new EncodeError(`the range ${wrong}`);
  const flags = writer.claim(2);
  let present = 0;
  PARTS.forEach(({ name, size, write }, bit) => {
    const value = range[name];
    if (value === undefined) return;
    present |= 1 << bit;
    const at = writer.claim(size);
    // The table pairs each name with the writer of its type.
    write(writer.view, at, value as never);
  });
  writer.view.setUint16(flags, present);
}
