/** IPv4 (RFC 791), UDP (RFC 768) and TCP (RFC 9293) headers, enough to build and to recognise probes. */
import { parseIpv4, readIpv4, writeIpv4 } from '../runtime/addresses.ts';
import { fits } from '../runtime/oxm-numbers.ts';
import { checksum, wordSum } from './checksum.ts';
import { PacketError, present, viewOf } from './packet-error.ts';

export const IP_PROTOCOL = { ICMP: 1, TCP: 6, UDP: 17 } as const;
export const TCP_FLAG = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16 } as const;

export interface Ipv4 {
  readonly src: string;
  readonly dst: string;
  readonly protocol: number;
  /** 0 to 63. */
  readonly dscp: number;
  /** 0 to 3. */
  readonly ecn: number;
  readonly ttl: number;
  readonly identification: number;
  /** Flags and offset as they stand in the header; not 0 and not 0x4000 means a fragment. */
  readonly fragment: number;
  /** Up to the length that the header says, so without Ethernet's padding. */
  readonly payload: Uint8Array;
}

export interface Udp {
  readonly srcPort: number;
  readonly dstPort: number;
  readonly payload: Uint8Array;
}

export interface Tcp {
  readonly srcPort: number;
  readonly dstPort: number;
  readonly seq: number;
  readonly ack: number;
  /** TCP_FLAG bits. */
  readonly flags: number;
  readonly window: number;
  readonly payload: Uint8Array;
}

const IPV4_HEADER = 20;
const UDP_HEADER = 8;
const TCP_HEADER = 20;
const DONT_FRAGMENT = 0x4000;

export function decodeIpv4(bytes: Uint8Array): Ipv4 {
  const view = viewOf(bytes);
  present(view, 0, IPV4_HEADER, 'ipv4');
  const header = (view.getUint8(0) & 15) * 4;
  const total = view.getUint16(2);
  if (view.getUint8(0) >>> 4 !== 4) throw new PacketError('ipv4', `version ${view.getUint8(0) >>> 4}`);
  if (header < IPV4_HEADER || total < header || total > bytes.length) {
    throw new PacketError('ipv4', `header ${header}, total ${total} in ${bytes.length} bytes`);
  }
  const tos = view.getUint8(1);
  return {
    src: readIpv4(view, 12),
    dst: readIpv4(view, 16),
    protocol: view.getUint8(9),
    dscp: tos >>> 2,
    ecn: tos & 3,
    ttl: view.getUint8(8),
    identification: view.getUint16(4),
    fragment: view.getUint16(6),
    payload: bytes.subarray(header, total),
  };
}

/** True when UDP or TCP headers may stand at the beginning of the payload. */
export const isFirstFragment = (ip: Ipv4): boolean => (ip.fragment & 0x1fff) === 0;

export type Ipv4Fields = Pick<Ipv4, 'src' | 'dst' | 'protocol'> &
  Partial<Pick<Ipv4, 'dscp' | 'ecn' | 'ttl' | 'identification'>>;

export function encodeIpv4(fields: Ipv4Fields, payload: Uint8Array): Uint8Array {
  const { dscp = 0, ecn = 0, ttl = 64, identification = 0 } = fields;
  const bytes = new Uint8Array(IPV4_HEADER + payload.length);
  const view = viewOf(bytes);
  view.setUint8(0, 0x45);
  view.setUint8(1, (fits(dscp, 63, 'dscp') << 2) | fits(ecn, 3, 'ecn'));
  view.setUint16(2, fits(bytes.length, 0xffff, 'total length'));
  view.setUint16(4, fits(identification, 0xffff, 'identification'));
  view.setUint16(6, DONT_FRAGMENT);
  view.setUint8(8, fits(ttl, 255, 'ttl'));
  view.setUint8(9, fits(fields.protocol, 255, 'protocol'));
  writeIpv4(view, 12, fields.src);
  writeIpv4(view, 16, fields.dst);
  view.setUint16(10, checksum(wordSum(bytes.subarray(0, IPV4_HEADER))));
  bytes.set(payload, IPV4_HEADER);
  return bytes;
}

export function decodeUdp(bytes: Uint8Array): Udp {
  const view = viewOf(bytes);
  present(view, 0, UDP_HEADER, 'udp');
  const length = view.getUint16(4);
  if (length < UDP_HEADER || length > bytes.length)
    throw new PacketError('udp', `length ${length} of ${bytes.length}`);
  return {
    srcPort: view.getUint16(0),
    dstPort: view.getUint16(2),
    payload: bytes.subarray(UDP_HEADER, length),
  };
}

export function encodeUdp(udp: Udp, ends: { readonly src: string; readonly dst: string }): Uint8Array {
  const bytes = new Uint8Array(UDP_HEADER + udp.payload.length);
  const view = viewOf(bytes);
  view.setUint16(0, fits(udp.srcPort, 0xffff, 'srcPort'));
  view.setUint16(2, fits(udp.dstPort, 0xffff, 'dstPort'));
  view.setUint16(4, fits(bytes.length, 0xffff, 'udp length'));
  bytes.set(udp.payload, UDP_HEADER);
  // A sum of zero is sent as all ones: zero means that there is none.
  view.setUint16(6, overPseudoHeader(bytes, ends, IP_PROTOCOL.UDP) || 0xffff);
  return bytes;
}

export function decodeTcp(bytes: Uint8Array): Tcp {
  const view = viewOf(bytes);
  present(view, 0, TCP_HEADER, 'tcp');
  const header = (view.getUint8(12) >>> 4) * 4;
  if (header < TCP_HEADER || header > bytes.length)
    throw new PacketError('tcp', `header ${header} of ${bytes.length}`);
  return {
    srcPort: view.getUint16(0),
    dstPort: view.getUint16(2),
    seq: view.getUint32(4),
    ack: view.getUint32(8),
    flags: view.getUint8(13),
    window: view.getUint16(14),
    payload: bytes.subarray(header),
  };
}

export function encodeTcp(tcp: Tcp, ends: { readonly src: string; readonly dst: string }): Uint8Array {
  const bytes = new Uint8Array(TCP_HEADER + tcp.payload.length);
  const view = viewOf(bytes);
  view.setUint16(0, fits(tcp.srcPort, 0xffff, 'srcPort'));
  view.setUint16(2, fits(tcp.dstPort, 0xffff, 'dstPort'));
  view.setUint32(4, fits(tcp.seq, 0xffffffff, 'seq'));
  view.setUint32(8, fits(tcp.ack, 0xffffffff, 'ack'));
  view.setUint8(12, (TCP_HEADER / 4) << 4);
  view.setUint8(13, fits(tcp.flags, 255, 'flags'));
  view.setUint16(14, fits(tcp.window, 0xffff, 'window'));
  bytes.set(tcp.payload, TCP_HEADER);
  view.setUint16(16, overPseudoHeader(bytes, ends, IP_PROTOCOL.TCP));
  return bytes;
}

function overPseudoHeader(
  segment: Uint8Array,
  { src, dst }: { readonly src: string; readonly dst: string },
  protocol: number,
): number {
  const addresses = [parseIpv4(src), parseIpv4(dst)].reduce(
    (sum, ip) => sum + (ip >>> 16) + (ip & 0xffff),
    0,
  );
  return checksum(wordSum(segment, addresses + protocol + segment.length));
}
