/**
 * GRE (RFC 2784) with key and sequence number (RFC 2890). Version 1 (PPTP) and source routes stay a payload.
 *
 *   u16 flags and version  u16 protocol (an ethertype)  [u16 checksum  u16 reserved]  [u32 key]  [u32 sequence]
 */
import { fits } from '../runtime/oxm-numbers.ts';
import { type Around, type Derived, deriveWhole, nextNumber } from './around.ts';
import { checksum, wordSum } from './checksum.ts';
import type { Cursor } from './cursor.ts';
import { afterEtherType } from './dispatch.ts';
import type { PacketWriter } from './packet-writer.ts';

export interface Gre {
  readonly type: 'gre';
  /** An ethertype; 0x6558 before an Ethernet frame. */
  readonly protocol: number;
  readonly checksum?: number;
  readonly key?: number;
  readonly sequence?: number;
  /** The unassigned flag bits << 16 and the field after the checksum; absent when 0. */
  readonly reserved?: number;
}

/** `checksum: 'compute'` (or any number) makes the header carry one. */
export type GreInput = Omit<Derived<Gre, 'protocol'>, 'checksum'> & {
  readonly checksum?: number | 'compute';
};

const [CHECKSUM, KEY, SEQUENCE] = [0x8000, 0x2000, 0x1000] as const;
const UNASSIGNED = 0x0ff8;

export function decodeGre(cursor: Cursor): Gre {
  const { view, at, end } = cursor;
  cursor.need(at, 4, 'gre');
  const flags = view.getUint16(at);
  const has = (flag: number): 0 | 4 => ((flags & flag) === 0 ? 0 : 4);
  const keyAt = at + 4 + has(CHECKSUM);
  const sequenceAt = keyAt + has(KEY);
  const next = sequenceAt + has(SEQUENCE);
  cursor.need(at, next - at, 'gre');
  const protocol = view.getUint16(at + 2);
  const reserved = (flags & UNASSIGNED) * 0x10000 + (has(CHECKSUM) ? view.getUint16(at + 6) : 0);
  cursor.leave(next, end, afterEtherType(protocol, cursor, next, end));
  // The bytes before an LLC header would have to be its length, and here they are not.
  if (cursor.next === 'llc' || cursor.next === 'vlan') cursor.next = 'payload';
  return {
    type: 'gre',
    protocol,
    ...(has(CHECKSUM) ? { checksum: view.getUint16(at + 4) } : {}),
    ...(has(KEY) ? { key: view.getUint32(keyAt) } : {}),
    ...(has(SEQUENCE) ? { sequence: view.getUint32(sequenceAt) } : {}),
    ...(reserved === 0 ? {} : { reserved }),
  };
}

export function encodeGre(layer: GreInput, out: PacketWriter, around: Around): void {
  const { key, sequence, reserved = 0 } = layer;
  const protocol = nextNumber(around, 'etherType', layer.protocol);
  if (sequence !== undefined) out.prependU32(fits(sequence, 0xffffffff, 'sequence'));
  if (key !== undefined) out.prependU32(fits(key, 0xffffffff, 'key'));
  if (layer.checksum !== undefined) out.prependU32(reserved & 0xffff);
  const at = out.prepend(4);
  const flags =
    (Math.floor(fits(reserved, UNASSIGNED * 0x10000 + 0xffff, 'reserved') / 0x10000) & UNASSIGNED) |
    (layer.checksum === undefined ? 0 : CHECKSUM) |
    (key === undefined ? 0 : KEY) |
    (sequence === undefined ? 0 : SEQUENCE);
  out.view.setUint16(at, flags);
  out.view.setUint16(at + 2, fits(protocol, 0xffff, 'protocol'));
  if (layer.checksum === undefined) return;
  const stated = layer.checksum === 'compute' ? undefined : layer.checksum;
  const sum = deriveWhole(around, stated, 'a checksum', () =>
    checksum(wordSum(out.bytes, out.start, out.end)),
  );
  out.view.setUint16(at + 4, fits(sum, 0xffff, 'checksum'));
}
