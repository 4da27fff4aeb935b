/**
 * VXLAN (RFC 7348 5). An Ethernet frame follows.
 *
 *   u8 flags (0x08: the identifier is valid)  u24 reserved  u24 vni  u8 reserved
 */
import { fits } from '../runtime/oxm-numbers.ts';
import type { Derived } from './around.ts';
import type { Cursor } from './cursor.ts';
import type { PacketWriter } from './packet-writer.ts';

export interface Vxlan {
  readonly type: 'vxlan';
  readonly flags: number;
  /** 24 bits. */
  readonly vni: number;
  /** The first reserved field << 8 and the second; absent when 0. */
  readonly reserved?: number;
}

export type VxlanInput = Derived<Vxlan, 'flags'>;

const HEADER_BYTES = 8;
const HAS_VNI = 0x08;

export function decodeVxlan(cursor: Cursor): Vxlan {
  const { view, at, end } = cursor;
  cursor.need(at, HEADER_BYTES, 'vxlan');
  const low = view.getUint32(at + 4);
  const reserved = ((view.getUint32(at) << 8) | (low & 255)) >>> 0;
  cursor.leave(at + HEADER_BYTES, end, 'ethernet');
  return {
    type: 'vxlan',
    flags: view.getUint8(at),
    vni: low >>> 8,
    ...(reserved === 0 ? {} : { reserved }),
  };
}

export function encodeVxlan(layer: VxlanInput, out: PacketWriter): void {
  const { flags = HAS_VNI, reserved = 0 } = layer;
  const at = out.prepend(HEADER_BYTES);
  out.view.setUint32(at, fits(reserved, 0xffffffff, 'reserved') >>> 8);
  out.view.setUint8(at, fits(flags, 255, 'flags'));
  out.view.setUint32(at + 4, fits(layer.vni, 0xffffff, 'vni') * 256 + (reserved & 255));
}
