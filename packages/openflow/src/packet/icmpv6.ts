/**
 * ICMPv6 (RFC 4443) with its checksum under the pseudo-header. Neighbour Discovery and Multicast Listener Discovery
 * are bodies of it; what follows the body (of an error, the packet that caused it) is the payload.
 *
 *   u8 icmpType  u8 code  u16 checksum  body by type
 */
import { fits } from '../runtime/oxm-numbers.ts';
import type { Around, Derived } from './around.ts';
import type { Cursor } from './cursor.ts';
import { type Icmpv6Body, readIcmpv6Body, writeIcmpv6Body } from './icmpv6-bodies.ts';
import { IP_PROTOCOL } from './numbers.ts';
import type { PacketWriter } from './packet-writer.ts';
import { checksumUnderIp } from './pseudo-header.ts';

export interface Icmpv6 {
  readonly type: 'icmpv6';
  /** ICMPV6_TYPE. */
  readonly icmpType: number;
  readonly code: number;
  readonly checksum: number;
  readonly body: Icmpv6Body;
}

export type Icmpv6Input = Derived<Icmpv6, 'code' | 'checksum'>;

const HEADER_BYTES = 4;

export function decodeIcmpv6(cursor: Cursor): Icmpv6 {
  const { view, at } = cursor;
  cursor.need(at, HEADER_BYTES, 'icmpv6');
  const icmpType = view.getUint8(at);
  const [body, next] = readIcmpv6Body(cursor, at + HEADER_BYTES, icmpType);
  cursor.leave(next, cursor.end, 'payload');
  return { type: 'icmpv6', icmpType, code: view.getUint8(at + 1), checksum: view.getUint16(at + 2), body };
}

export function encodeIcmpv6(layer: Icmpv6Input, out: PacketWriter, around: Around): void {
  writeIcmpv6Body(layer.body, out);
  const at = out.prepend(HEADER_BYTES);
  out.view.setUint8(at, fits(layer.icmpType, 255, 'icmpv6 type'));
  out.view.setUint8(at + 1, fits(layer.code ?? 0, 255, 'icmpv6 code'));
  const sum = checksumUnderIp(out, around, IP_PROTOCOL.ICMPV6, layer.checksum);
  out.view.setUint16(at + 2, sum);
}
