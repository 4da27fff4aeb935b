/**
 * TCP (RFC 9293 3.1).
 *
 *   u16 srcPort  u16 dstPort  u32 seq  u32 ack  u4 header words  u12 flags  u16 window  u16 checksum
 *   u16 urgentPointer  options
 */
import { fits } from '../runtime/oxm-numbers.ts';
import { EncodeError } from '../runtime/protocol-error.ts';
import type { Around, Derived } from './around.ts';
import type { Cursor } from './cursor.ts';
import { IP_PROTOCOL } from './numbers.ts';
import { PacketError } from './packet-error.ts';
import type { PacketWriter } from './packet-writer.ts';
import { checksumUnderIp } from './pseudo-header.ts';

export const TCP_FLAG = {
  FIN: 0x001,
  SYN: 0x002,
  RST: 0x004,
  PSH: 0x008,
  ACK: 0x010,
  URG: 0x020,
  ECE: 0x040,
  CWR: 0x080,
  NS: 0x100,
} as const;

export interface Tcp {
  readonly type: 'tcp';
  readonly srcPort: number;
  readonly dstPort: number;
  readonly seq: number;
  readonly ack: number;
  /** TCP_FLAG bits; 12 bits with the reserved ones. */
  readonly flags: number;
  /** Bytes, before scaling. */
  readonly window: number;
  readonly checksum: number;
  readonly urgentPointer: number;
  /** As they stand in the header, 4 to 40 bytes: see `tcpOptions`. */
  readonly options?: Uint8Array;
}

export type TcpInput = Derived<Tcp, 'ack' | 'window' | 'checksum' | 'urgentPointer'>;

const HEADER_BYTES = 20;
const OPTIONS_BYTES_MAX = 40;
const WINDOW_USUAL = 0xffff;

export function decodeTcp(cursor: Cursor): Tcp {
  const { view, at, end } = cursor;
  cursor.need(at, HEADER_BYTES, 'tcp');
  const word = view.getUint16(at + 12);
  const header = (word >>> 12) * 4;
  if (header < HEADER_BYTES) throw new PacketError('tcp', `header of ${header} bytes`, at + 12);
  cursor.need(at, header, 'tcp');
  cursor.leave(at + header, end, 'payload');
  const layer: Tcp = {
    type: 'tcp',
    srcPort: view.getUint16(at),
    dstPort: view.getUint16(at + 2),
    seq: view.getUint32(at + 4),
    ack: view.getUint32(at + 8),
    flags: word & 0xfff,
    window: view.getUint16(at + 14),
    checksum: view.getUint16(at + 16),
    urgentPointer: view.getUint16(at + 18),
  };
  return header === HEADER_BYTES
    ? layer
    : { ...layer, options: cursor.slice(at + HEADER_BYTES, at + header) };
}

export function encodeTcp(layer: TcpInput, out: PacketWriter, around: Around): void {
  const options = layer.options?.length ?? 0;
  if (options > OPTIONS_BYTES_MAX || options % 4 !== 0) {
    throw new EncodeError(`tcp options of ${options} bytes: must be a multiple of 4 up to 40`);
  }
  if (layer.options !== undefined) out.prependBytes(layer.options);
  const at = out.prepend(HEADER_BYTES);
  const { view } = out;
  view.setUint16(at, fits(layer.srcPort, 0xffff, 'srcPort'));
  view.setUint16(at + 2, fits(layer.dstPort, 0xffff, 'dstPort'));
  view.setUint32(at + 4, fits(layer.seq, 0xffffffff, 'seq'));
  view.setUint32(at + 8, fits(layer.ack ?? 0, 0xffffffff, 'ack'));
  view.setUint16(at + 12, ((HEADER_BYTES + options) << 10) | fits(layer.flags, 0xfff, 'flags'));
  view.setUint16(at + 14, fits(layer.window ?? WINDOW_USUAL, 0xffff, 'window'));
  view.setUint16(at + 18, fits(layer.urgentPointer ?? 0, 0xffff, 'urgent pointer'));
  view.setUint16(at + 16, checksumUnderIp(out, around, IP_PROTOCOL.TCP, layer.checksum));
}
