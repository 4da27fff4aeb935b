/**
 * Ethernet II and 802.3 frames (IEEE 802.3 3.1.1), without preamble and frame check sequence.
 *
 *   mac dst  mac src  u16 etherType (below 0x0600: length of an 802.3 frame)
 */
import { writeMac } from '../runtime/addresses.ts';
import { fits } from '../runtime/oxm-numbers.ts';
import { macText } from './address-text.ts';
import { type Around, type Derived, derive, innerOf, nextNumber } from './around.ts';
import type { Cursor } from './cursor.ts';
import { afterEtherType } from './dispatch.ts';
import { ETHERTYPE_MIN } from './numbers.ts';
import type { PacketWriter } from './packet-writer.ts';

export const BROADCAST_MAC = 'ff:ff:ff:ff:ff:ff';
/** Frames shorter than this are padded with zeros by whoever sends them. */
export const ETHERNET_MIN_BYTES = 60;

export interface Ethernet {
  readonly type: 'ethernet';
  readonly dst: string;
  readonly src: string;
  /** What follows here: of a tagged frame the tag's, below 0x0600 a length. */
  readonly etherType: number;
}

export type EthernetInput = Derived<Ethernet, 'etherType'>;

const HEADER_BYTES = 14;

export function decodeEthernet(cursor: Cursor): Ethernet {
  const { view, at } = cursor;
  cursor.need(at, HEADER_BYTES, 'ethernet');
  const etherType = view.getUint16(at + 12);
  const layer: Ethernet = {
    type: 'ethernet',
    dst: macText(view, at),
    src: macText(view, at + 6),
    etherType,
  };
  const { end } = cursor;
  cursor.repeats = 0;
  cursor.leave(at + HEADER_BYTES, end, afterEtherType(etherType, cursor, at + HEADER_BYTES, end));
  return layer;
}

export function encodeEthernet(layer: EthernetInput, out: PacketWriter, around: Around): void {
  const etherType = typeOrLength(layer.etherType, out, around);
  const at = out.prepend(HEADER_BYTES);
  writeMac(out.view, at, layer.dst);
  writeMac(out.view, at + 6, layer.src);
  out.view.setUint16(at + 12, fits(etherType, 0xffff, 'etherType'));
}

/** The ethertype of what follows; the length before an LLC header. */
export function typeOrLength(stated: number | undefined, out: PacketWriter, around: Around): number {
  const inner = innerOf(around);
  if (inner?.type !== 'llc') return nextNumber(around, 'etherType', stated);
  return derive(around, stated, () =>
    fits(out.length - (inner.padding?.length ?? 0), ETHERTYPE_MIN - 1, 'length of an 802.3 frame'),
  );
}
