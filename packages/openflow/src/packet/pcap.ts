/**
 * Captures: classic pcap (draft-ietf-opsawg-pcap) of either byte order, in micro- or nanoseconds, and pcapng. Reading
 * yields packets one by one and copies nothing; what is wrong with the file is a PacketError that names the offset,
 * thrown after all packets before it.
 *
 *   file     u32 magic  u16 major  u16 minor  u32 0  u32 0  u32 most bytes a packet  u32 link type
 *   packet   u32 seconds  u32 fraction  u32 captured bytes  u32 original bytes  data
 */
import { EncodeError } from '../runtime/protocol-error.ts';
import { PacketError, viewOf } from './packet-error.ts';
import { PCAPNG_MAGIC, readPcapng } from './pcapng.ts';

export interface CapturedPacket {
  /** Nanoseconds since 1970 (UTC); 0 where a pcapng simple packet has no time. */
  readonly timestampNs: bigint;
  /** LINK_TYPE: what `data` begins with. */
  readonly linkType: number;
  /** A view of the file's bytes. */
  readonly data: Uint8Array;
  /** Bytes on the wire; more than `data` when the capture was cut. */
  readonly originalLength: number;
}

/** As libpcap's greatest snapshot length. A longer packet means that the file is not what it seems. */
export const CAPTURED_BYTES_MAX = 262_144;

const MICRO_MAGIC = 0xa1b2c3d4;
const NANO_MAGIC = 0xa1b23c4d;
const FILE_HEADER_BYTES = 24;
const PACKET_HEADER_BYTES = 16;

/** Packets of a capture of any of the formats. Throws PacketError. */
export function* readPcap(file: Uint8Array): Generator<CapturedPacket, void, undefined> {
  if (file.length < 4) throw new PacketError('pcap', `a file of ${file.length} bytes`, 0);
  const view = viewOf(file);
  const magic = view.getUint32(0);
  if (magic === PCAPNG_MAGIC) return yield* readPcapng(file);
  const swapped = view.getUint32(0, true);
  if (magic === MICRO_MAGIC || magic === NANO_MAGIC) yield* readClassic(file, view, false, magic);
  else if (swapped === MICRO_MAGIC || swapped === NANO_MAGIC) yield* readClassic(file, view, true, swapped);
  else throw new PacketError('pcap', `no capture begins with 0x${magic.toString(16).padStart(8, '0')}`, 0);
}

function* readClassic(
  file: Uint8Array,
  view: DataView,
  isLittle: boolean,
  magic: number,
): Generator<CapturedPacket, void, undefined> {
  if (file.length < FILE_HEADER_BYTES)
    throw new PacketError('pcap', 'the file header is cut short', file.length);
  // The upper half may tell about frame check sequences.
  const linkType = view.getUint32(20, isLittle) & 0xffff;
  const fraction = magic === NANO_MAGIC ? 1n : 1000n;
  for (let at = FILE_HEADER_BYTES; at < file.length; ) {
    if (file.length - at < PACKET_HEADER_BYTES)
      throw new PacketError('pcap', 'a packet header is cut short', at);
    const captured = view.getUint32(at + 8, isLittle);
    const dataAt = at + PACKET_HEADER_BYTES;
    if (captured > CAPTURED_BYTES_MAX) throw new PacketError('pcap', `a packet of ${captured} bytes`, at + 8);
    if (captured > file.length - dataAt) {
      throw new PacketError('pcap', `a packet of ${captured} bytes is cut to ${file.length - dataAt}`, at);
    }
    const seconds = BigInt(view.getUint32(at, isLittle));
    yield {
      timestampNs: seconds * 1_000_000_000n + BigInt(view.getUint32(at + 4, isLittle)) * fraction,
      linkType,
      data: file.subarray(dataAt, dataAt + captured),
      originalLength: view.getUint32(at + 12, isLittle),
    };
    at = dataAt + captured;
  }
}

/** The header of a classic file, big-endian and in nanoseconds. Records of `pcapRecord` follow. */
export function pcapHeader(linkType: number): Uint8Array {
  const bytes = new Uint8Array(FILE_HEADER_BYTES);
  const view = viewOf(bytes);
  view.setUint32(0, NANO_MAGIC);
  view.setUint16(4, 2);
  view.setUint16(6, 4);
  view.setUint32(16, CAPTURED_BYTES_MAX);
  view.setUint32(20, linkType);
  return bytes;
}

/** One packet of a classic file. `originalLength` is that of the data unless it says otherwise. */
export function pcapRecord(
  packet: Pick<CapturedPacket, 'timestampNs' | 'data'> & Partial<Pick<CapturedPacket, 'originalLength'>>,
): Uint8Array {
  const { data, timestampNs, originalLength = data.length } = packet;
  const seconds = timestampNs / 1_000_000_000n;
  if (seconds < 0n || seconds > 0xffffffffn || data.length > CAPTURED_BYTES_MAX) {
    throw new EncodeError(`pcap: ${data.length} bytes at ${timestampNs} ns do not fit`);
  }
  const bytes = new Uint8Array(PACKET_HEADER_BYTES + data.length);
  const view = viewOf(bytes);
  view.setUint32(0, Number(seconds));
  view.setUint32(4, Number(timestampNs % 1_000_000_000n));
  view.setUint32(8, data.length);
  view.setUint32(12, originalLength);
  bytes.set(data, PACKET_HEADER_BYTES);
  return bytes;
}

/** A whole classic file. All packets must have the link type. */
export function writePcap(
  packets: Iterable<Parameters<typeof pcapRecord>[0]>,
  linkType: number = LINK_TYPE.ETHERNET,
): Uint8Array {
  const parts = [pcapHeader(linkType), ...Array.from(packets, pcapRecord)];
  const file = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

/** What the data of captured packets begin with (tcpdump.org link-layer header types). */
export const LINK_TYPE = {
  /** A family number in the byte order of the machine that captured, then IP. */
  NULL: 0,
  ETHERNET: 1,
  RAW: 101,
  /** As NULL, in network byte order. */
  LOOP: 108,
  LINUX_COOKED: 113,
  IPV4: 228,
  IPV6: 229,
  LINUX_COOKED_2: 276,
} as const;
