/**
 * pcapng (draft-ietf-opsawg-pcapng): sections of either byte order, interfaces with their link type and clock,
 * enhanced and simple packets. Blocks of other types are passed over.
 *
 *   block       u32 type  u32 length  body  u32 length again
 *   section     (0x0a0d0d0a) u32 0x1a2b3c4d in the section's byte order  ...
 *   interface   (1) u16 link type  u16 0  u32 most bytes a packet, 0 any  options
 *   enhanced    (6) u32 interface  u32 time high  u32 time low  u32 captured  u32 original  data  options
 *   simple      (3) u32 original  data
 *   option      u16 code  u16 length  value  filled to 4 bytes
 */
import { PacketError, viewOf } from './packet-error.ts';
import { CAPTURED_BYTES_MAX, type CapturedPacket } from './pcap.ts';

/** The type of a section block, the same in both byte orders. */
export const PCAPNG_MAGIC = 0x0a0d0d0a;
/** Interfaces of one section. */
export const INTERFACES_MAX = 65_536;
/** A section or an interface block has few and short options. */
export const BLOCK_BYTES_MAX = 16 * 1024 * 1024;

const BYTE_ORDER = 0x1a2b3c4d;
const BLOCK = { INTERFACE: 1, SIMPLE: 3, ENHANCED: 6 } as const;
const OPTION = { TIME_RESOLUTION: 9, TIME_OFFSET: 14 } as const;
const BLOCK_FRAME_BYTES = 12;
const NS_PER_SEC = 1_000_000_000n;

interface Interface {
  readonly linkType: number;
  /** 0: any length. */
  readonly snapBytes: number;
  readonly ticksPerSec: bigint;
  readonly offsetSec: bigint;
}

interface Block {
  readonly type: number;
  /** The body without the lengths. */
  readonly at: number;
  readonly end: number;
}

export function* readPcapng(file: Uint8Array): Generator<CapturedPacket, void, undefined> {
  const view = viewOf(file);
  let isLittle = false;
  let interfaces: Interface[] = [];
  for (let at = 0; at < file.length; ) {
    if (file.length - at >= BLOCK_FRAME_BYTES && view.getUint32(at) === PCAPNG_MAGIC) {
      isLittle = byteOrder(view, at + 8);
      interfaces = [];
    }
    const block = blockAt(view, at, isLittle);
    if (block.type === BLOCK.INTERFACE) {
      if (interfaces.length >= INTERFACES_MAX) throw new PacketError('pcapng', 'too many interfaces', at);
      interfaces.push(interfaceOf(view, block, isLittle));
    } else if (block.type === BLOCK.ENHANCED) {
      yield enhanced(file, view, block, isLittle, interfaces);
    } else if (block.type === BLOCK.SIMPLE) {
      yield simple(file, view, block, isLittle, interfaces);
    }
    at = block.end + 4;
  }
}

function byteOrder(view: DataView, at: number): boolean {
  if (view.getUint32(at) === BYTE_ORDER) return false;
  if (view.getUint32(at, true) === BYTE_ORDER) return true;
  throw new PacketError('pcapng', 'a section of no byte order', at);
}

function blockAt(view: DataView, at: number, isLittle: boolean): Block {
  const left = view.byteLength - at;
  if (left < BLOCK_FRAME_BYTES) throw new PacketError('pcapng', 'a block is cut short', at);
  const length = view.getUint32(at + 4, isLittle);
  if (length < BLOCK_FRAME_BYTES || length % 4 !== 0 || length > BLOCK_BYTES_MAX) {
    throw new PacketError('pcapng', `a block of ${length} bytes`, at + 4);
  }
  if (length > left) throw new PacketError('pcapng', `a block of ${length} bytes is cut to ${left}`, at);
  const end = at + length - 4;
  if (view.getUint32(end, isLittle) !== length) {
    throw new PacketError('pcapng', 'the two lengths of a block differ', end);
  }
  return { type: view.getUint32(at, isLittle), at: at + 8, end };
}

function need({ at, end }: Block, size: number): void {
  if (end - at < size)
    throw new PacketError('pcapng', `a block body of ${end - at} bytes, needed ${size}`, at);
}

function interfaceOf(view: DataView, block: Block, isLittle: boolean): Interface {
  need(block, 8);
  let ticksPerSec = 1_000_000n;
  let offsetSec = 0n;
  for (let at = block.at + 8; block.end - at >= 4; ) {
    const [code, length] = [view.getUint16(at, isLittle), view.getUint16(at + 2, isLittle)];
    if (code === 0) break;
    if (length > block.end - at - 4) throw new PacketError('pcapng', `option ${code} of ${length} bytes`, at);
    if (code === OPTION.TIME_RESOLUTION && length === 1) ticksPerSec = resolution(view.getUint8(at + 4), at);
    if (code === OPTION.TIME_OFFSET && length === 8) offsetSec = view.getBigInt64(at + 4, isLittle);
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return {
    linkType: view.getUint16(block.at, isLittle),
    snapBytes: view.getUint32(block.at + 4, isLittle),
    ticksPerSec,
    offsetSec,
  };
}

/** A negative power of 2 when the highest bit is set, otherwise of 10. */
function resolution(code: number, at: number): bigint {
  const power = code & 127;
  if (power > 63) throw new PacketError('pcapng', `a time resolution of ${code}`, at);
  return code < 128 ? 10n ** BigInt(power) : 2n ** BigInt(power);
}

function enhanced(
  file: Uint8Array,
  view: DataView,
  block: Block,
  isLittle: boolean,
  interfaces: readonly Interface[],
): CapturedPacket {
  need(block, 20);
  const { at } = block;
  const from = interfaces[view.getUint32(at, isLittle)];
  if (from === undefined) throw new PacketError('pcapng', 'a packet of no interface', at);
  const captured = view.getUint32(at + 12, isLittle);
  if (captured > CAPTURED_BYTES_MAX || captured > block.end - at - 20) {
    throw new PacketError('pcapng', `a packet of ${captured} bytes`, at + 12);
  }
  const ticks =
    BigInt(view.getUint32(at + 4, isLittle)) * 0x1_0000_0000n + BigInt(view.getUint32(at + 8, isLittle));
  return {
    timestampNs: (ticks * NS_PER_SEC) / from.ticksPerSec + from.offsetSec * NS_PER_SEC,
    linkType: from.linkType,
    data: file.subarray(at + 20, at + 20 + captured),
    originalLength: view.getUint32(at + 16, isLittle),
  };
}

function simple(
  file: Uint8Array,
  view: DataView,
  block: Block,
  isLittle: boolean,
  [from]: readonly Interface[],
): CapturedPacket {
  need(block, 4);
  if (from === undefined) throw new PacketError('pcapng', 'a packet of no interface', block.at);
  const originalLength = view.getUint32(block.at, isLittle);
  const most = from.snapBytes === 0 ? originalLength : Math.min(originalLength, from.snapBytes);
  if (most > CAPTURED_BYTES_MAX || most > block.end - block.at - 4) {
    throw new PacketError('pcapng', `a packet of ${most} bytes`, block.at);
  }
  const data = file.subarray(block.at + 4, block.at + 4 + most);
  return { timestampNs: 0n, linkType: from.linkType, data, originalLength };
}
