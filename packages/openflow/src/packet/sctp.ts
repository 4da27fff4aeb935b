/**
 * SCTP (RFC 9260 3). The chunks are the payload: see `sctpChunks`.
 *
 *   u16 srcPort  u16 dstPort  u32 verificationTag  u32 checksum (CRC-32C, least significant byte first)
 */
import { fits } from '../runtime/oxm-numbers.ts';
import { type Around, type Derived, deriveWhole } from './around.ts';
import { crc32c } from './crc32c.ts';
import type { Cursor } from './cursor.ts';
import { PacketError, viewOf } from './packet-error.ts';
import type { PacketWriter } from './packet-writer.ts';

export interface Sctp {
  readonly type: 'sctp';
  readonly srcPort: number;
  readonly dstPort: number;
  readonly verificationTag: number;
  /** The four bytes as they stand, read as big-endian. */
  readonly checksum: number;
}

export type SctpInput = Derived<Sctp, 'checksum'>;

const HEADER_BYTES = 12;

export function decodeSctp(cursor: Cursor): Sctp {
  const { view, at, end } = cursor;
  cursor.need(at, HEADER_BYTES, 'sctp');
  cursor.leave(at + HEADER_BYTES, end, 'payload');
  return {
    type: 'sctp',
    srcPort: view.getUint16(at),
    dstPort: view.getUint16(at + 2),
    verificationTag: view.getUint32(at + 4),
    checksum: view.getUint32(at + 8),
  };
}

export function encodeSctp(layer: SctpInput, out: PacketWriter, around: Around): void {
  const at = out.prepend(HEADER_BYTES);
  const { view } = out;
  view.setUint16(at, fits(layer.srcPort, 0xffff, 'srcPort'));
  view.setUint16(at + 2, fits(layer.dstPort, 0xffff, 'dstPort'));
  view.setUint32(at + 4, fits(layer.verificationTag, 0xffffffff, 'verification tag'));
  const sum = deriveWhole(around, layer.checksum, 'a checksum', () =>
    byteSwapped(crc32c(out.bytes, out.start, out.end)),
  );
  view.setUint32(at + 8, fits(sum, 0xffffffff, 'checksum'));
}

const byteSwapped = (value: number): number =>
  ((value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0;

export interface SctpChunk {
  /** 0 DATA, 1 INIT, 2 INIT ACK, 3 SACK, ... */
  readonly chunkType: number;
  readonly flags: number;
  readonly value: Uint8Array;
}

/** A packet holds at most 65,535 bytes, a chunk at least 4. */
export const SCTP_CHUNKS_MAX = 16_384;

/** The chunks of an SCTP payload (RFC 9260 3.2). Throws PacketError when their lengths lie. */
export function sctpChunks(payload: Uint8Array): readonly SctpChunk[] {
  const view = viewOf(payload);
  const chunks: SctpChunk[] = [];
  let at = 0;
  while (at < payload.length) {
    if (payload.length - at < 4 || chunks.length >= SCTP_CHUNKS_MAX) {
      throw new PacketError('sctp', 'not a chunk', at);
    }
    const length = view.getUint16(at + 2);
    if (length < 4 || at + length > payload.length)
      throw new PacketError('sctp', `chunk of ${length} bytes`, at);
    const [chunkType, flags] = [view.getUint8(at), view.getUint8(at + 1)];
    chunks.push({ chunkType, flags, value: payload.subarray(at + 4, at + length) });
    at += (length + 3) & ~3;
  }
  return chunks;
}
