/**
 * IPv4 (RFC 791; DSCP RFC 2474, ECN RFC 3168).
 *
 *   u4 4  u4 header words  u6 dscp  u2 ecn  u16 totalLength  u16 identification
 *   u3 flags  u13 fragment offset in 8 bytes  u8 ttl  u8 protocol  u16 checksum  ipv4 src  ipv4 dst  options
 *
 * The payload of a fragment with an offset is never taken for a transport header.
 */
import { writeIpv4 } from '../runtime/addresses.ts';
import { fits } from '../runtime/oxm-numbers.ts';
import { EncodeError } from '../runtime/protocol-error.ts';
import { ipv4Text } from './address-text.ts';
import { type Around, type Derived, derive, nextNumber } from './around.ts';
import { checksum, wordSum } from './checksum.ts';
import type { Cursor } from './cursor.ts';
import { afterProtocol } from './dispatch.ts';
import { PacketError } from './packet-error.ts';
import type { PacketWriter } from './packet-writer.ts';

export const IPV4_FLAG = { MORE_FRAGMENTS: 1, DONT_FRAGMENT: 2, RESERVED: 4 } as const;

export interface Ipv4 {
  readonly type: 'ipv4';
  /** 0 to 63. */
  readonly dscp: number;
  /** 0 to 3. */
  readonly ecn: number;
  /** Bytes of header and payload. More than there are: the frame was cut. 0: left to the network card. */
  readonly totalLength: number;
  readonly identification: number;
  /** IPV4_FLAG bits. */
  readonly flags: number;
  /** Bytes, a multiple of 8. */
  readonly fragmentOffset: number;
  readonly ttl: number;
  /** IP_PROTOCOL. */
  readonly protocol: number;
  readonly checksum: number;
  readonly src: string;
  readonly dst: string;
  /** As they stand in the header, 4 to 40 bytes: see `ipOptions`. */
  readonly options?: Uint8Array;
  /** What stands behind the datagram: Ethernet's padding. */
  readonly padding?: Uint8Array;
}

export type Ipv4Input = Derived<
  Ipv4,
  | 'dscp'
  | 'ecn'
  | 'totalLength'
  | 'identification'
  | 'flags'
  | 'fragmentOffset'
  | 'ttl'
  | 'protocol'
  | 'checksum'
>;

const HEADER_BYTES = 20;
const OPTIONS_BYTES_MAX = 40;
const TTL_USUAL = 64;

export function decodeIpv4(cursor: Cursor): Ipv4 {
  const { view, at } = cursor;
  cursor.need(at, HEADER_BYTES, 'ipv4');
  const first = view.getUint8(at);
  if (first >>> 4 !== 4) throw new PacketError('ipv4', `version ${first >>> 4}`, at);
  const header = (first & 15) * 4;
  if (header < HEADER_BYTES) throw new PacketError('ipv4', `header of ${header} bytes`, at);
  cursor.need(at, header, 'ipv4');
  const totalLength = view.getUint16(at + 2);
  if (totalLength !== 0 && totalLength < header) {
    throw new PacketError('ipv4', `total length ${totalLength} below the header's ${header}`, at + 2);
  }
  const start = at + header;
  const stop = totalLength === 0 ? cursor.end : Math.min(cursor.end, at + totalLength);
  const tos = view.getUint8(at + 1);
  const fragment = view.getUint16(at + 6);
  const protocol = view.getUint8(at + 9);
  const layer: Ipv4 = {
    type: 'ipv4',
    dscp: tos >>> 2,
    ecn: tos & 3,
    totalLength,
    identification: view.getUint16(at + 4),
    flags: fragment >>> 13,
    fragmentOffset: (fragment & 0x1fff) * 8,
    ttl: view.getUint8(at + 8),
    protocol,
    checksum: view.getUint16(at + 10),
    src: ipv4Text(view, at + 12),
    dst: ipv4Text(view, at + 16),
  };
  const { end } = cursor;
  cursor.repeats = 0;
  const isLater = (fragment & 0x1fff) !== 0;
  cursor.leave(start, stop, isLater ? 'payload' : afterProtocol(protocol, cursor, start, stop));
  if (header === HEADER_BYTES && stop === end) return layer;
  return {
    ...layer,
    ...(header === HEADER_BYTES ? {} : { options: cursor.slice(at + HEADER_BYTES, start) }),
    ...(stop === end ? {} : { padding: cursor.slice(stop, end) }),
  };
}

export function encodeIpv4(layer: Ipv4Input, out: PacketWriter, around: Around): void {
  const { dscp = 0, ecn = 0, identification = 0, flags = 0, fragmentOffset = 0, ttl = TTL_USUAL } = layer;
  const options = layer.options?.length ?? 0;
  if (options > OPTIONS_BYTES_MAX || options % 4 !== 0) {
    throw new EncodeError(`ipv4 options of ${options} bytes: must be a multiple of 4 up to 40`);
  }
  if (fragmentOffset % 8 !== 0)
    throw new EncodeError(`fragment offset ${fragmentOffset} is not a multiple of 8`);
  const protocol = nextNumber(around, 'protocol', layer.protocol);
  if (layer.options !== undefined) out.prependBytes(layer.options);
  const at = out.prepend(HEADER_BYTES);
  const { view } = out;
  view.setUint8(at, 0x45 + options / 4);
  view.setUint8(at + 1, (fits(dscp, 63, 'dscp') << 2) | fits(ecn, 3, 'ecn'));
  const total = derive(around, layer.totalLength, () => out.length);
  view.setUint16(at + 2, fits(total, 0xffff, 'ipv4 total length'));
  view.setUint16(at + 4, fits(identification, 0xffff, 'identification'));
  view.setUint16(
    at + 6,
    (fits(flags, 7, 'flags') << 13) | fits(fragmentOffset / 8, 0x1fff, 'fragment offset'),
  );
  view.setUint8(at + 8, fits(ttl, 255, 'ttl'));
  view.setUint8(at + 9, fits(protocol, 255, 'protocol'));
  writeIpv4(view, at + 12, layer.src);
  writeIpv4(view, at + 16, layer.dst);
  const sum = derive(around, layer.checksum, () =>
    checksum(wordSum(out.bytes, at, at + HEADER_BYTES + options)),
  );
  view.setUint16(at + 10, fits(sum, 0xffff, 'checksum'));
  out.append(layer.padding);
}
