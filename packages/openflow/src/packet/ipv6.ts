/**
 * The IPv6 header (RFC 8200 3). Extension headers are layers of their own.
 *
 *   u4 6  u6 dscp  u2 ecn  u20 flowLabel  u16 payloadLength  u8 nextHeader  u8 hopLimit  ipv6 src  ipv6 dst
 */
import { readIpv6, writeIpv6 } from '../runtime/addresses.ts';
import { fits } from '../runtime/oxm-numbers.ts';
import { type Around, type Derived, derive, innerOf, nextNumber } from './around.ts';
import type { Cursor } from './cursor.ts';
import { afterNextHeader } from './dispatch.ts';
import { IP_PROTOCOL } from './numbers.ts';
import { PacketError } from './packet-error.ts';
import type { PacketWriter } from './packet-writer.ts';

export interface Ipv6 {
  readonly type: 'ipv6';
  /** 0 to 63. */
  readonly dscp: number;
  /** 0 to 3. */
  readonly ecn: number;
  /** 20 bits. */
  readonly flowLabel: number;
  /** Bytes after this header. 0: a jumbogram (RFC 2675), or left to the network card. */
  readonly payloadLength: number;
  /** IP_PROTOCOL. */
  readonly nextHeader: number;
  readonly hopLimit: number;
  readonly src: string;
  readonly dst: string;
  /** What stands behind the datagram: Ethernet's padding. */
  readonly padding?: Uint8Array;
}

export type Ipv6Input = Derived<
  Ipv6,
  'dscp' | 'ecn' | 'flowLabel' | 'payloadLength' | 'nextHeader' | 'hopLimit'
>;

const HEADER_BYTES = 40;
const HOP_LIMIT_USUAL = 64;

export function decodeIpv6(cursor: Cursor): Ipv6 {
  const { view, at, end } = cursor;
  cursor.need(at, HEADER_BYTES, 'ipv6');
  const first = view.getUint32(at);
  if (first >>> 28 !== 6) throw new PacketError('ipv6', `version ${first >>> 28}`, at);
  const payloadLength = view.getUint16(at + 4);
  const nextHeader = view.getUint8(at + 6);
  const start = at + HEADER_BYTES;
  const isOpen = payloadLength === 0 && nextHeader !== IP_PROTOCOL.NO_NEXT_HEADER;
  const stop = isOpen ? end : Math.min(end, start + payloadLength);
  const padding = cursor.slice(stop, end);
  cursor.repeats = 0;
  cursor.leave(start, stop, afterNextHeader(nextHeader, cursor, start, stop));
  return {
    type: 'ipv6',
    dscp: (first >>> 22) & 63,
    ecn: (first >>> 20) & 3,
    flowLabel: first & 0xfffff,
    payloadLength,
    nextHeader,
    hopLimit: view.getUint8(at + 7),
    src: readIpv6(view, at + 8),
    dst: readIpv6(view, at + 24),
    ...(padding.length === 0 ? {} : { padding }),
  };
}

export function encodeIpv6(layer: Ipv6Input, out: PacketWriter, around: Around): void {
  const { dscp = 0, ecn = 0, flowLabel = 0, hopLimit = HOP_LIMIT_USUAL } = layer;
  const nextHeader = nextHeaderNumber(layer.nextHeader, around);
  const payloadLength = derive(around, layer.payloadLength, () => out.length);
  const at = out.prepend(HEADER_BYTES);
  const { view } = out;
  const trafficClass = (fits(dscp, 63, 'dscp') << 2) | fits(ecn, 3, 'ecn');
  view.setUint32(at, 6 * 2 ** 28 + trafficClass * 2 ** 20 + fits(flowLabel, 0xfffff, 'flow label'));
  view.setUint16(at + 4, fits(payloadLength, 0xffff, 'ipv6 payload length'));
  view.setUint8(at + 6, fits(nextHeader, 255, 'next header'));
  view.setUint8(at + 7, fits(hopLimit, 255, 'hop limit'));
  writeIpv6(view, at + 8, layer.src);
  writeIpv6(view, at + 24, layer.dst);
  out.append(layer.padding);
}

/** As `nextNumber`, and 59 (no next header) when nothing follows and nothing is stated. */
export function nextHeaderNumber(stated: number | undefined, around: Around): number {
  const ends = innerOf(around) === undefined && stated === undefined;
  return ends ? IP_PROTOCOL.NO_NEXT_HEADER : nextNumber(around, 'protocol', stated);
}
