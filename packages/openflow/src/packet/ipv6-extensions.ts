/**
 * Extension headers of IPv6 (RFC 8200 4; authentication RFC 4302, which may also follow IPv4).
 *
 *   hop-by-hop, destination options   u8 nextHeader  u8 8-byte units after the first  options
 *   routing    u8 nextHeader  u8 units after the first  u8 routingType  u8 segmentsLeft  data
 *   fragment   u8 nextHeader  u8 reserved  u13 offset in 8 bytes  u2 reserved  u1 more  u32 identification
 *   authentication   u8 nextHeader  u8 4-byte words minus 2  u16 reserved  u32 spi  u32 sequence  check value
 */
import { readIpv6 } from '../runtime/addresses.ts';
import { fits } from '../runtime/oxm-numbers.ts';
import { EncodeError } from '../runtime/protocol-error.ts';
import type { Around, Derived } from './around.ts';
import type { Cursor } from './cursor.ts';
import { afterNextHeader } from './dispatch.ts';
import { nextHeaderNumber } from './ipv6.ts';
import { PacketError, viewOf } from './packet-error.ts';
import type { PacketWriter } from './packet-writer.ts';

export interface Ipv6Options {
  readonly type: 'hop_by_hop' | 'destination_options';
  readonly nextHeader: number;
  /** As they stand, 6 bytes and a multiple of 8: see `ipv6Options`. */
  readonly options: Uint8Array;
}

export interface Routing {
  readonly type: 'routing';
  readonly nextHeader: number;
  /** 0 source route (deprecated, RFC 5095), 2 mobility, 4 segment routing. */
  readonly routingType: number;
  readonly segmentsLeft: number;
  /** After the first 4 bytes: 4 bytes and a multiple of 8. */
  readonly data: Uint8Array;
}

export interface Fragment {
  readonly type: 'fragment';
  readonly nextHeader: number;
  /** Bytes, a multiple of 8. */
  readonly fragmentOffset: number;
  readonly moreFragments: boolean;
  readonly identification: number;
  /** The reserved byte << 2 and the reserved bits; absent when 0. */
  readonly reserved?: number;
}

export interface Authentication {
  readonly type: 'authentication';
  readonly nextHeader: number;
  readonly spi: number;
  readonly sequence: number;
  /** A multiple of 4 bytes. */
  readonly checkValue: Uint8Array;
  readonly reserved?: number;
}

export type Ipv6OptionsInput = Derived<Ipv6Options, 'nextHeader'>;
export type RoutingInput = Derived<Routing, 'nextHeader'>;
export type FragmentInput = Derived<Fragment, 'nextHeader' | 'moreFragments' | 'fragmentOffset'>;
export type AuthenticationInput = Derived<Authentication, 'nextHeader'>;

/** RFC 8200 knows each kind once, destination options twice. */
export const EXTENSION_HEADERS_MAX = 12;
const UNIT_BYTES = 8;

/** Checks that the whole header is there and moves behind it; returns where it began. */
function enter(cursor: Cursor, size: number, layer: string, isLaterFragment = false): number {
  const { at, end, view } = cursor;
  cursor.need(at, size, layer);
  cursor.repeat(EXTENSION_HEADERS_MAX, layer);
  const next = at + size;
  const nextHeader = view.getUint8(at);
  cursor.leave(next, end, isLaterFragment ? 'payload' : afterNextHeader(nextHeader, cursor, next, end));
  return at;
}

function unitsOf(cursor: Cursor, layer: string): number {
  cursor.need(cursor.at, UNIT_BYTES, layer);
  return (cursor.view.getUint8(cursor.at + 1) + 1) * UNIT_BYTES;
}

export function decodeIpv6Options(cursor: Cursor, type: Ipv6Options['type']): Ipv6Options {
  const size = unitsOf(cursor, type);
  const at = enter(cursor, size, type);
  return { type, nextHeader: cursor.view.getUint8(at), options: cursor.slice(at + 2, at + size) };
}

export function decodeRouting(cursor: Cursor): Routing {
  const size = unitsOf(cursor, 'routing');
  const at = enter(cursor, size, 'routing');
  return {
    type: 'routing',
    nextHeader: cursor.view.getUint8(at),
    routingType: cursor.view.getUint8(at + 2),
    segmentsLeft: cursor.view.getUint8(at + 3),
    data: cursor.slice(at + 4, at + size),
  };
}

export function decodeFragment(cursor: Cursor): Fragment {
  const { view } = cursor;
  cursor.need(cursor.at, UNIT_BYTES, 'fragment');
  const word = view.getUint16(cursor.at + 2);
  const at = enter(cursor, UNIT_BYTES, 'fragment', word >= UNIT_BYTES);
  const reserved = (view.getUint8(at + 1) << 2) | ((word >>> 1) & 3);
  return {
    type: 'fragment',
    nextHeader: view.getUint8(at),
    fragmentOffset: word & 0xfff8,
    moreFragments: (word & 1) === 1,
    identification: view.getUint32(at + 4),
    ...(reserved === 0 ? {} : { reserved }),
  };
}

export function decodeAuthentication(cursor: Cursor): Authentication {
  const { view } = cursor;
  cursor.need(cursor.at, 12, 'authentication');
  const size = (view.getUint8(cursor.at + 1) + 2) * 4;
  if (size < 12) throw new PacketError('authentication', `length of ${size} bytes`, cursor.at + 1);
  const at = enter(cursor, size, 'authentication');
  const reserved = view.getUint16(at + 2);
  return {
    type: 'authentication',
    nextHeader: view.getUint8(at),
    spi: view.getUint32(at + 4),
    sequence: view.getUint32(at + 8),
    checkValue: cursor.slice(at + 12, at + size),
    ...(reserved === 0 ? {} : { reserved }),
  };
}

type ExtensionInput = Ipv6OptionsInput | RoutingInput | FragmentInput | AuthenticationInput;

export function encodeExtension(layer: ExtensionInput, out: PacketWriter, around: Around): void {
  const nextHeader = fits(nextHeaderNumber(layer.nextHeader, around), 255, 'next header');
  const at = prependBody(layer, out);
  out.view.setUint8(at, nextHeader);
}

function prependBody(layer: ExtensionInput, out: PacketWriter): number {
  switch (layer.type) {
    case 'hop_by_hop':
    case 'destination_options':
      return prependUnits(out, 2, layer.options, layer.type);
    case 'routing': {
      const at = prependUnits(out, 4, layer.data, 'routing');
      out.view.setUint8(at + 2, fits(layer.routingType, 255, 'routing type'));
      out.view.setUint8(at + 3, fits(layer.segmentsLeft, 255, 'segments left'));
      return at;
    }
    case 'fragment':
      return prependFragment(layer, out);
    case 'authentication': {
      if (layer.checkValue.length % 4 !== 0) throw new EncodeError('a check value is a multiple of 4 bytes');
      out.prependBytes(layer.checkValue);
      const at = out.prepend(12);
      out.view.setUint8(at + 1, fits(1 + layer.checkValue.length / 4, 255, 'authentication length'));
      out.view.setUint16(at + 2, fits(layer.reserved ?? 0, 0xffff, 'reserved'));
      out.view.setUint32(at + 4, fits(layer.spi, 0xffffffff, 'spi'));
      out.view.setUint32(at + 8, fits(layer.sequence, 0xffffffff, 'sequence'));
      return at;
    }
  }
}

function prependUnits(out: PacketWriter, fixed: number, data: Uint8Array, layer: string): number {
  const size = fixed + data.length;
  if (size % UNIT_BYTES !== 0 || size === 0) {
    throw new EncodeError(`${layer}: ${data.length} bytes do not fill units of 8 (${fixed} come before)`);
  }
  out.prependBytes(data);
  const at = out.prepend(fixed);
  out.view.setUint8(at + 1, fits(size / UNIT_BYTES - 1, 255, `${layer} length`));
  return at;
}

function prependFragment(layer: FragmentInput, out: PacketWriter): number {
  const { fragmentOffset = 0, moreFragments = false, reserved = 0 } = layer;
  if (fragmentOffset % 8 !== 0)
    throw new EncodeError(`fragment offset ${fragmentOffset} is not a multiple of 8`);
  const at = out.prepend(UNIT_BYTES);
  out.view.setUint8(at + 1, fits(reserved, 0x3ff, 'reserved') >>> 2);
  const word =
    fits(fragmentOffset, 0xfff8, 'fragment offset') | ((reserved & 3) << 1) | (moreFragments ? 1 : 0);
  out.view.setUint16(at + 2, word);
  out.view.setUint32(at + 4, fits(layer.identification, 0xffffffff, 'identification'));
  return at;
}

/**
 * The last address of a route that is still under way, which the checksum of a transport covers (RFC 8200 8.1);
 * undefined when the destination of the IPv6 header is final or the type is not known.
 */
export function finalDestination({ routingType, segmentsLeft, data }: RoutingInput): string | undefined {
  if (segmentsLeft === 0 || data.length < 20) return undefined;
  if (routingType === 0 || routingType === 2) return readIpv6(viewOf(data), data.length - 16);
  // Segment routing (RFC 8754) lists the segments backwards, so the last comes first.
  return routingType === 4 ? readIpv6(viewOf(data), 4) : undefined;
}
