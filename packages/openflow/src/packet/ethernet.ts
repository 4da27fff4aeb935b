/** Ethernet II frames with at most one 802.1Q tag. The payload is a view, not a copy. */
import { readMac, writeMac } from '../runtime/addresses.ts';
import { EncodeError } from '../runtime/protocol-error.ts';
import { present, viewOf } from './packet-error.ts';

export const ETHERTYPE = {
  IPV4: 0x0800,
  ARP: 0x0806,
  RARP: 0x8035,
  VLAN: 0x8100,
  IPV6: 0x86dd,
  LLDP: 0x88cc,
} as const;

export const BROADCAST_MAC = 'ff:ff:ff:ff:ff:ff';
/** Frames shorter than this are padded with zeros by whoever sends them. */
export const ETHERNET_MIN_BYTES = 60;

export interface Vlan {
  /** 0 to 4095. */
  readonly vid: number;
  /** 0 to 7. */
  readonly pcp: number;
}

export interface Ethernet {
  readonly dst: string;
  readonly src: string;
  readonly vlan?: Vlan;
  /** After the tag. */
  readonly etherType: number;
  readonly payload: Uint8Array;
}

const HEADER = 14;
const TAG = 4;

/** Throws PacketError when the headers are cut short. */
export function decodeEthernet(bytes: Uint8Array): Ethernet {
  const view = viewOf(bytes);
  present(view, 0, HEADER, 'ethernet');
  const [dst, src, type] = [readMac(view, 0), readMac(view, 6), view.getUint16(12)];
  if (type !== ETHERTYPE.VLAN) return { dst, src, etherType: type, payload: bytes.subarray(HEADER) };
  present(view, HEADER, TAG, 'ethernet.vlan');
  const tag = view.getUint16(HEADER);
  const vlan = { vid: tag & 0xfff, pcp: tag >>> 13 };
  return { dst, src, vlan, etherType: view.getUint16(HEADER + 2), payload: bytes.subarray(HEADER + TAG) };
}

/** The frame without padding and without frame check sequence. */
export function encodeEthernet(frame: Ethernet): Uint8Array {
  const header = frame.vlan === undefined ? HEADER : HEADER + TAG;
  const bytes = new Uint8Array(header + frame.payload.length);
  const view = viewOf(bytes);
  writeMac(view, 0, frame.dst);
  writeMac(view, 6, frame.src);
  if (frame.vlan !== undefined) {
    const { vid, pcp } = frame.vlan;
    if (!(vid >= 0 && vid <= 0xfff && pcp >= 0 && pcp <= 7))
      throw new EncodeError(`vlan ${vid}, ${pcp} does not fit`);
    view.setUint16(12, ETHERTYPE.VLAN);
    view.setUint16(14, (pcp << 13) | vid);
  }
  view.setUint16(header - 2, frame.etherType);
  bytes.set(frame.payload, header);
  return bytes;
}
