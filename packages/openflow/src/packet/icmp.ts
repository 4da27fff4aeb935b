/**
 * ICMP (RFC 792; next-hop MTU RFC 1191). Of an error message, the datagram that caused it is the payload; look into
 * it with `decodePacket(data, 'ipv4')`: it is usually cut short.
 *
 *   u8 icmpType  u8 code  u16 checksum  4 bytes by type
 */
import { readIpv4, writeIpv4 } from '../runtime/addresses.ts';
import { fits } from '../runtime/oxm-numbers.ts';
import { type Around, type Derived, deriveWhole } from './around.ts';
import { checksum, wordSum } from './checksum.ts';
import type { Cursor } from './cursor.ts';
import type { PacketWriter } from './packet-writer.ts';

export const ICMP_TYPE = {
  ECHO_REPLY: 0,
  UNREACHABLE: 3,
  REDIRECT: 5,
  ECHO_REQUEST: 8,
  TIME_EXCEEDED: 11,
  PARAMETER_PROBLEM: 12,
  TIMESTAMP_REQUEST: 13,
  TIMESTAMP_REPLY: 14,
} as const;

/** Code of UNREACHABLE whose body is the MTU. */
export const ICMP_FRAGMENTATION_NEEDED = 4;

export type IcmpBody =
  | { readonly kind: 'echo'; readonly identifier: number; readonly sequence: number }
  | { readonly kind: 'redirect'; readonly gateway: string }
  /** The MTU is in bytes; `unused` is absent when 0. */
  | { readonly kind: 'fragmentation_needed'; readonly mtu: number; readonly unused?: number }
  | { readonly kind: 'other'; readonly word: number };

export interface Icmp {
  readonly type: 'icmp';
  /** ICMP_TYPE. */
  readonly icmpType: number;
  readonly code: number;
  readonly checksum: number;
  readonly body: IcmpBody;
}

export type IcmpInput = Derived<Icmp, 'code' | 'checksum'>;

const HEADER_BYTES = 8;
const ECHO_LIKE: readonly number[] = [
  ICMP_TYPE.ECHO_REPLY,
  ICMP_TYPE.ECHO_REQUEST,
  ICMP_TYPE.TIMESTAMP_REQUEST,
  ICMP_TYPE.TIMESTAMP_REPLY,
];

export function decodeIcmp(cursor: Cursor): Icmp {
  const { view, at } = cursor;
  cursor.need(at, HEADER_BYTES, 'icmp');
  cursor.leave(at + HEADER_BYTES, cursor.end, 'payload');
  const [icmpType, code] = [view.getUint8(at), view.getUint8(at + 1)];
  const body = bodyOf(view, at + 4, icmpType, code);
  return { type: 'icmp', icmpType, code, checksum: view.getUint16(at + 2), body };
}

function bodyOf(view: DataView, at: number, icmpType: number, code: number): IcmpBody {
  if (ECHO_LIKE.includes(icmpType)) {
    return { kind: 'echo', identifier: view.getUint16(at), sequence: view.getUint16(at + 2) };
  }
  if (icmpType === ICMP_TYPE.REDIRECT) return { kind: 'redirect', gateway: readIpv4(view, at) };
  if (icmpType === ICMP_TYPE.UNREACHABLE && code === ICMP_FRAGMENTATION_NEEDED) {
    const [unused, mtu] = [view.getUint16(at), view.getUint16(at + 2)];
    return { kind: 'fragmentation_needed', mtu, ...(unused === 0 ? {} : { unused }) };
  }
  return { kind: 'other', word: view.getUint32(at) };
}

export function encodeIcmp(layer: IcmpInput, out: PacketWriter, around: Around): void {
  const at = out.prepend(HEADER_BYTES);
  out.view.setUint8(at, fits(layer.icmpType, 255, 'icmp type'));
  out.view.setUint8(at + 1, fits(layer.code ?? 0, 255, 'icmp code'));
  writeBody(out.view, at + 4, layer.body);
  const sum = deriveWhole(around, layer.checksum, 'a checksum', () =>
    checksum(wordSum(out.bytes, out.start, out.end)),
  );
  out.view.setUint16(at + 2, fits(sum, 0xffff, 'checksum'));
}

function writeBody(view: DataView, at: number, body: IcmpBody): void {
  switch (body.kind) {
    case 'echo':
      view.setUint16(at, fits(body.identifier, 0xffff, 'identifier'));
      view.setUint16(at + 2, fits(body.sequence, 0xffff, 'sequence'));
      return;
    case 'redirect':
      writeIpv4(view, at, body.gateway);
      return;
    case 'fragmentation_needed':
      view.setUint16(at, fits(body.unused ?? 0, 0xffff, 'unused'));
      view.setUint16(at + 2, fits(body.mtu, 0xffff, 'mtu'));
      return;
    case 'other':
      view.setUint32(at, fits(body.word, 0xffffffff, 'word'));
  }
}
