/**
 * ARP for IPv4 over Ethernet (RFC 826). RARP (RFC 903) has the same layout under another ethertype; hypervisors
 * broadcast it when a guest has moved.
 *
 *   u16 hardware (1)  u16 protocol (0x0800)  u8 6  u8 4  u16 operation
 *   mac senderMac  ipv4 senderIp  mac targetMac  ipv4 targetIp
 */
import { readIpv4, readMac, writeIpv4, writeMac } from '../runtime/addresses.ts';
import { PacketError, present, viewOf } from './packet-error.ts';

export const ARP_OPERATION = { REQUEST: 1, REPLY: 2, REVERSE_REQUEST: 3, REVERSE_REPLY: 4 } as const;

export interface Arp {
  readonly operation: number;
  readonly senderMac: string;
  readonly senderIp: string;
  readonly targetMac: string;
  readonly targetIp: string;
}

const ARP_BYTES = 28;
const ETHERNET_IPV4 = [1, 0x0800, 0x0604] as const;

export function decodeArp(payload: Uint8Array): Arp {
  const view = viewOf(payload);
  present(view, 0, ARP_BYTES, 'arp');
  if (ETHERNET_IPV4.some((value, index) => view.getUint16(index * 2) !== value)) {
    throw new PacketError('arp', 'not IPv4 over Ethernet');
  }
  return {
    operation: view.getUint16(6),
    senderMac: readMac(view, 8),
    senderIp: readIpv4(view, 14),
    targetMac: readMac(view, 18),
    targetIp: readIpv4(view, 24),
  };
}

export function encodeArp(arp: Arp): Uint8Array {
  const bytes = new Uint8Array(ARP_BYTES);
  const view = viewOf(bytes);
  ETHERNET_IPV4.forEach((value, index) => {
    view.setUint16(index * 2, value);
  });
  view.setUint16(6, arp.operation);
  writeMac(view, 8, arp.senderMac);
  writeIpv4(view, 14, arp.senderIp);
  writeMac(view, 18, arp.targetMac);
  writeIpv4(view, 24, arp.targetIp);
  return bytes;
}
