/**
 * ARP for IPv4 over Ethernet (RFC 826). RARP (RFC 903) has the same layout under another ethertype; hypervisors
 * broadcast it when a guest has moved. ARP for other links stays a payload.
 *
 *   u16 hardware (1)  u16 protocol (0x0800)  u8 6  u8 4  u16 operation
 *   mac senderMac  ipv4 senderIp  mac targetMac  ipv4 targetIp
 */
import { readIpv4, readMac, writeIpv4, writeMac } from '../runtime/addresses.ts';
import { fits } from '../runtime/oxm-numbers.ts';
import type { Cursor } from './cursor.ts';
import type { PacketWriter } from './packet-writer.ts';

export const ARP_OPERATION = { REQUEST: 1, REPLY: 2, REVERSE_REQUEST: 3, REVERSE_REPLY: 4 } as const;

export interface Arp {
  readonly type: 'arp' | 'rarp';
  /** ARP_OPERATION. */
  readonly operation: number;
  readonly senderMac: string;
  readonly senderIp: string;
  readonly targetMac: string;
  readonly targetIp: string;
  /** What Ethernet has added. */
  readonly padding?: Uint8Array;
}

const ARP_BYTES = 28;

export function decodeArp(cursor: Cursor, type: 'arp' | 'rarp'): Arp {
  const { view, at } = cursor;
  cursor.need(at, ARP_BYTES, type);
  const padding = cursor.slice(at + ARP_BYTES, cursor.end);
  cursor.leave(at + ARP_BYTES, at + ARP_BYTES, 'payload');
  return {
    type,
    operation: view.getUint16(at + 6),
    senderMac: readMac(view, at + 8),
    senderIp: readIpv4(view, at + 14),
    targetMac: readMac(view, at + 18),
    targetIp: readIpv4(view, at + 24),
    ...(padding.length === 0 ? {} : { padding }),
  };
}

export function encodeArp(layer: Arp, out: PacketWriter): void {
  out.append(layer.padding);
  const at = out.prepend(ARP_BYTES);
  const { view } = out;
  view.setUint32(at, 0x00010800);
  view.setUint16(at + 4, 0x0604);
  view.setUint16(at + 6, fits(layer.operation, 0xffff, 'operation'));
  writeMac(view, at + 8, layer.senderMac);
  writeIpv4(view, at + 14, layer.senderIp);
  writeMac(view, at + 18, layer.targetMac);
  writeIpv4(view, at + 24, layer.targetIp);
}
