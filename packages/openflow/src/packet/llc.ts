/**
 * LLC in an 802.3 frame (IEEE 802.2 3.2), with SNAP (IEEE 802 10.3) where it is used. The length stands in the place
 * of the outer header's ethertype.
 *
 *   u8 dsap  u8 ssap  u8 or u16 control (u8 when its two lowest bits are set)
 *   SNAP (dsap and ssap 0xaa, control 3): u24 oui  u16 protocol
 */
import { fits, readU24, writeU24 } from '../runtime/oxm-numbers.ts';
import { type Around, innerOf } from './around.ts';
import type { Cursor } from './cursor.ts';
import { afterEtherType, numbersOf } from './dispatch.ts';
import type { LayerType } from './layer.ts';
import { ETHERTYPE_MIN } from './numbers.ts';
import type { PacketWriter } from './packet-writer.ts';

export interface Llc {
  readonly type: 'llc';
  readonly dsap: number;
  readonly ssap: number;
  /** 8 bits when its two lowest are set (unnumbered), otherwise 16; the first byte is the low one. */
  readonly control: number;
  readonly snap?: Snap;
  /** What stands after the length that the frame states. */
  readonly padding?: Uint8Array;
}

export interface Snap {
  /** 24 bits; 0 means that `protocol` is an ethertype. */
  readonly oui: number;
  readonly protocol: number;
}

const SNAP_SAP = 0xaa;
const UNNUMBERED = 3;
const SNAP_BYTES = 5;

export function decodeLlc(cursor: Cursor): Llc {
  const { view, at } = cursor;
  // The bytes before say how long the frame is; a captured one may be cut shorter.
  const end = Math.min(cursor.end, at + view.getUint16(at - 2));
  cursor.need(at, 3, 'llc');
  const [dsap, ssap] = [view.getUint8(at), view.getUint8(at + 1)];
  const isUnnumbered = (view.getUint8(at + 2) & UNNUMBERED) === UNNUMBERED;
  let next = at + (isUnnumbered ? 3 : 4);
  cursor.need(next, 0, 'llc');
  const control = isUnnumbered ? view.getUint8(at + 2) : view.getUint16(at + 2, true);
  const hasSnap =
    dsap === SNAP_SAP && ssap === SNAP_SAP && control === UNNUMBERED && end - next >= SNAP_BYTES;
  const snap = hasSnap ? { oui: readU24(view, next), protocol: view.getUint16(next + 3) } : undefined;
  if (hasSnap) next += SNAP_BYTES;
  const stop = Math.max(next, end);
  const padding = cursor.slice(stop, cursor.end);
  const kind: LayerType =
    snap?.oui === 0 && snap.protocol >= ETHERTYPE_MIN
      ? afterEtherType(snap.protocol, cursor, next, stop)
      : 'payload';
  cursor.leave(next, stop, kind);
  return {
    type: 'llc',
    dsap,
    ssap,
    control,
    ...(snap === undefined ? {} : { snap }),
    ...(padding.length === 0 ? {} : { padding }),
  };
}

export function encodeLlc(layer: Llc, out: PacketWriter, around: Around): void {
  out.append(layer.padding);
  const { snap, control } = layer;
  if (snap !== undefined) {
    const at = out.prepend(SNAP_BYTES);
    const named = snap.oui === 0 && !around.keepStated ? numbersOf('etherType', innerOf(around)) : [];
    const protocol = named.includes(snap.protocol) ? snap.protocol : (named[0] ?? snap.protocol);
    writeU24(out.view, at, fits(snap.oui, 0xffffff, 'oui'));
    out.view.setUint16(at + 3, fits(protocol, 0xffff, 'protocol'));
  }
  const isUnnumbered = (control & UNNUMBERED) === UNNUMBERED;
  const at = out.prepend(isUnnumbered ? 3 : 4);
  out.view.setUint8(at, fits(layer.dsap, 255, 'dsap'));
  out.view.setUint8(at + 1, fits(layer.ssap, 255, 'ssap'));
  if (isUnnumbered) out.view.setUint8(at + 2, fits(control, 255, 'control'));
  else out.view.setUint16(at + 2, fits(control, 0xffff, 'control'), true);
}
