/**
 * UDP (RFC 768).
 *
 *   u16 srcPort  u16 dstPort  u16 length  u16 checksum (0: none)
 */
import { fits } from '../runtime/oxm-numbers.ts';
import { type Around, type Derived, deriveWhole } from './around.ts';
import type { Cursor } from './cursor.ts';
import { afterUdpPorts } from './dispatch.ts';
import { IP_PROTOCOL } from './numbers.ts';
import { PacketError } from './packet-error.ts';
import type { PacketWriter } from './packet-writer.ts';
import { checksumUnderIp } from './pseudo-header.ts';

export interface Udp {
  readonly type: 'udp';
  readonly srcPort: number;
  readonly dstPort: number;
  /** Bytes of header and payload. More than there are: the frame was cut or is a fragment. 0: a jumbogram. */
  readonly length: number;
  /** 0: the sender made none. */
  readonly checksum: number;
  /** What stands behind the length, inside IP. */
  readonly padding?: Uint8Array;
}

export type UdpInput = Derived<Udp, 'length' | 'checksum'>;

const HEADER_BYTES = 8;

export function decodeUdp(cursor: Cursor): Udp {
  const { view, at, end } = cursor;
  cursor.need(at, HEADER_BYTES, 'udp');
  const length = view.getUint16(at + 4);
  if (length !== 0 && length < HEADER_BYTES) throw new PacketError('udp', `length ${length}`, at + 4);
  const [srcPort, dstPort] = [view.getUint16(at), view.getUint16(at + 2)];
  const start = at + HEADER_BYTES;
  const stop = length === 0 ? end : Math.min(end, at + length);
  cursor.leave(start, stop, afterUdpPorts(srcPort, dstPort, cursor, start, stop));
  const layer: Udp = { type: 'udp', srcPort, dstPort, length, checksum: view.getUint16(at + 6) };
  return stop === end ? layer : { ...layer, padding: cursor.slice(stop, end) };
}

export function encodeUdp(layer: UdpInput, out: PacketWriter, around: Around): void {
  const at = out.prepend(HEADER_BYTES);
  out.view.setUint16(at, fits(layer.srcPort, 0xffff, 'srcPort'));
  out.view.setUint16(at + 2, fits(layer.dstPort, 0xffff, 'dstPort'));
  const length = deriveWhole(around, layer.length, 'a udp length', () => out.length);
  out.view.setUint16(at + 4, fits(length, 0xffff, 'udp length'));
  const sum = checksumUnderIp(out, around, IP_PROTOCOL.UDP, layer.checksum, 0xffff);
  out.view.setUint16(at + 6, sum);
  out.append(layer.padding);
}
