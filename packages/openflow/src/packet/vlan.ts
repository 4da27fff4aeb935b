/**
 * A VLAN tag (IEEE 802.1Q 9.6): 0x8100 customer tag, 0x88a8 service tag (QinQ, 802.1ad). One layer a tag, the
 * outermost first. The tag protocol identifier stands in the place of the outer header's ethertype.
 *
 *   u16 pcp << 13 | dei << 12 | vid   u16 etherType
 */
import { fits } from '../runtime/oxm-numbers.ts';
import type { Around, Derived } from './around.ts';
import type { Cursor } from './cursor.ts';
import { afterEtherType } from './dispatch.ts';
import { typeOrLength } from './ethernet.ts';
import type { PacketWriter } from './packet-writer.ts';

export interface Vlan {
  readonly type: 'vlan';
  /** 0x8100 (default) or 0x88a8. */
  readonly tpid: number;
  /** 0 to 4095; 0 carries a priority only. */
  readonly vid: number;
  /** 0 to 7. */
  readonly pcp: number;
  /** Drop eligible. */
  readonly dei: boolean;
  /** What follows the tag. */
  readonly etherType: number;
}

export type VlanInput = Derived<Vlan, 'tpid' | 'pcp' | 'dei' | 'etherType'>;

/** More tags than this in a row are an attack or an accident: networks use two. */
export const VLAN_TAGS_MAX = 8;
const TAG_BYTES = 4;

export function decodeVlan(cursor: Cursor): Vlan {
  const { view, at, end } = cursor;
  cursor.need(at, TAG_BYTES, 'vlan');
  cursor.repeat(VLAN_TAGS_MAX, 'vlan');
  const tag = view.getUint16(at);
  const etherType = view.getUint16(at + 2);
  // Only two bytes before the tag could have led here, so they are there.
  const tpid = view.getUint16(at - 2);
  cursor.leave(at + TAG_BYTES, end, afterEtherType(etherType, cursor, at + TAG_BYTES, end));
  return {
    type: 'vlan',
    tpid,
    vid: tag & 0xfff,
    pcp: tag >>> 13,
    dei: (tag & 0x1000) !== 0,
    etherType,
  };
}

export function encodeVlan(layer: VlanInput, out: PacketWriter, around: Around): void {
  const etherType = typeOrLength(layer.etherType, out, around);
  const { vid, pcp = 0, dei = false } = layer;
  const at = out.prepend(TAG_BYTES);
  out.view.setUint16(at, (fits(pcp, 7, 'pcp') << 13) | (dei ? 0x1000 : 0) | fits(vid, 0xfff, 'vid'));
  out.view.setUint16(at + 2, fits(etherType, 0xffff, 'etherType'));
}
