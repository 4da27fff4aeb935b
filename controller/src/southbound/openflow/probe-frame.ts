/**
 * Frames of our own. LLDP (IEEE 802.1AB) that proves which port it left by, with an HMAC over port, epoch and
 * nonce, so that nobody can forge a link or play an old frame again. And small UDP frames that prove which queue
 * a port gives to marked traffic; their destination MAC is nobody's, so they die at the next switch.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Dpid, PortNo, SwitchPort } from '@sluice/topology';

const LLDP_DESTINATION = '0180c200000e';
/** Locally administered, so nobody's. */
const PROBE_SOURCE = '0a536c756963';
const PROBE_DESTINATION = '0a536c6f7374';
const ETHERTYPE_LLDP = '88cc';
const ETHERTYPE_IPV4 = '0800';
/** TEST-NET-1 and TEST-NET-2 (RFC 5737): never anybody's address. */
const PROBE_SOURCE_IP = [192, 0, 2, 1];
const PROBE_DESTINATION_IP = [198, 51, 100, 1];
/** Discard protocol. */
const PROBE_PORT = 9;

const TLV = { end: 0, chassisId: 1, portId: 2, ttl: 3, organisation: 127 } as const;
const SUBTYPE_LOCAL = 7;
/** Locally administered company id of the TLV that carries the proof. */
const ORGANISATION = Buffer.from('0a536c', 'hex');
const PROOF_SUBTYPE = 1;
const NONCE_BYTES = 8;
const MAC_BYTES = 32;
const LLDP_TTL_SEC = 2;
const ETHERNET_HEADER_BYTES = 14;
const IPV4_HEADER_BYTES = 20;
const UDP_HEADER_BYTES = 8;

export interface LldpClaim {
  /** The port by which it left. */
  readonly from: SwitchPort;
  readonly epoch: number;
  readonly nonce: bigint;
}

export function encodeLldp(claim: LldpClaim, key: Uint8Array): Uint8Array {
  const proof = Buffer.concat([
    ORGANISATION,
    Buffer.from([PROOF_SUBTYPE]),
    u64(BigInt(claim.epoch)),
    u64(claim.nonce),
    macOf(claim, key),
  ]);
  return Buffer.concat([
    Buffer.from(LLDP_DESTINATION + PROBE_SOURCE + ETHERTYPE_LLDP, 'hex'),
    tlv(TLV.chassisId, Buffer.concat([Buffer.from([SUBTYPE_LOCAL]), Buffer.from(claim.from.dpid)])),
    tlv(TLV.portId, Buffer.concat([Buffer.from([SUBTYPE_LOCAL]), Buffer.from(String(claim.from.portNo))])),
    tlv(TLV.ttl, Buffer.from([0, LLDP_TTL_SEC])),
    tlv(TLV.organisation, proof),
    tlv(TLV.end, Buffer.alloc(0)),
  ]);
}

/** What an authentic frame of ours claims; null for anybody else's, forged or broken. */
export function decodeLldp(frame: Uint8Array, key: Uint8Array): LldpClaim | null {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  if (bytes.length < ETHERNET_HEADER_BYTES || bytes.toString('hex', 12, 14) !== ETHERTYPE_LLDP) return null;
  const tlvs = readTlvs(bytes.subarray(ETHERNET_HEADER_BYTES));
  const dpid = tlvs?.get(TLV.chassisId)?.subarray(1).toString('latin1');
  const port = tlvs?.get(TLV.portId)?.subarray(1).toString('latin1');
  const proof = tlvs?.get(TLV.organisation);
  if (dpid === undefined || port === undefined || !proof) return null;
  if (!/^[0-9a-f]{16}$/.test(dpid) || !/^[1-9][0-9]{0,9}$/.test(port)) return null;
  if (proof.length !== ORGANISATION.length + 1 + 8 + NONCE_BYTES + MAC_BYTES) return null;
  if (!proof.subarray(0, 3).equals(ORGANISATION) || proof[3] !== PROOF_SUBTYPE) return null;
  const claim: LldpClaim = {
    from: { dpid: dpid as Dpid, portNo: Number(port) as PortNo },
    epoch: Number(proof.readBigUInt64BE(4)),
    nonce: proof.readBigUInt64BE(12),
  };
  return timingSafeEqual(proof.subarray(20), macOf(claim, key)) ? claim : null;
}

export const CLASSIFICATION_FRAME_BYTES_MIN = ETHERNET_HEADER_BYTES + IPV4_HEADER_BYTES + UDP_HEADER_BYTES;

/** A UDP frame of exactly `length` bytes with this DSCP and TTL 1. */
export function encodeClassificationFrame({ dscp, length }: { dscp: number; length: number }): Uint8Array {
  if (length < CLASSIFICATION_FRAME_BYTES_MIN || length > 1514)
    throw new RangeError(`a frame of ${length} bytes cannot be made`);
  const frame = Buffer.alloc(length);
  Buffer.from(PROBE_DESTINATION + PROBE_SOURCE + ETHERTYPE_IPV4, 'hex').copy(frame);
  const ip = frame.subarray(ETHERNET_HEADER_BYTES);
  ip[0] = 0x45;
  ip[1] = dscp << 2;
  ip.writeUInt16BE(length - ETHERNET_HEADER_BYTES, 2);
  ip[8] = 1;
  ip[9] = 17;
  ip.set(PROBE_SOURCE_IP, 12);
  ip.set(PROBE_DESTINATION_IP, 16);
  ip.writeUInt16BE(internetChecksum(ip.subarray(0, IPV4_HEADER_BYTES)), 10);
  const udp = ip.subarray(IPV4_HEADER_BYTES);
  udp.writeUInt16BE(PROBE_PORT, 0);
  udp.writeUInt16BE(PROBE_PORT, 2);
  // Checksum 0: none (RFC 768).
  udp.writeUInt16BE(length - ETHERNET_HEADER_BYTES - IPV4_HEADER_BYTES, 4);
  return frame;
}

/** RFC 1071. */
function internetChecksum(header: Buffer): number {
  let sum = 0;
  for (let offset = 0; offset < header.length; offset += 2) sum += header.readUInt16BE(offset);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function macOf({ from, epoch, nonce }: LldpClaim, key: Uint8Array): Buffer {
  const port = Buffer.alloc(4);
  port.writeUInt32BE(from.portNo);
  return createHmac('sha256', key)
    .update(from.dpid)
    .update(port)
    .update(u64(BigInt(epoch)))
    .update(u64(nonce))
    .digest();
}

/** Type 7 bits, length 9 bits, value. */
function tlv(type: number, value: Uint8Array): Buffer {
  const header = Buffer.alloc(2);
  header.writeUInt16BE((type << 9) | value.length);
  return Buffer.concat([header, value]);
}

/** The first of each type; null when a length runs past the end. */
function readTlvs(bytes: Buffer): ReadonlyMap<number, Buffer> | null {
  const found = new Map<number, Buffer>();
  let offset = 0;
  while (offset + 2 <= bytes.length) {
    const header = bytes.readUInt16BE(offset);
    const type = header >>> 9;
    const end = offset + 2 + (header & 0x1ff);
    if (end > bytes.length) return null;
    if (type === TLV.end) return found;
    if (!found.has(type)) found.set(type, bytes.subarray(offset + 2, end));
    offset = end;
  }
  return null;
}

function u64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}
