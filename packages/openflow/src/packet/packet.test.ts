import { describe, expect, it } from 'vitest';
import {
  ARP_OPERATION,
  BROADCAST_MAC,
  buildArpFrame,
  buildLldpFrame,
  buildTcpFrame,
  buildUdpFrame,
  decodePacket,
  ETHERTYPE,
  encodePacket,
  idText,
  LLDP_MAC,
  localId,
  TCP_FLAG,
} from '../index.ts';
import { checksum, wordSum } from './checksum.ts';

const link = { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' };
const ip = { src: '10.0.0.1', dst: '10.0.0.2', dscp: 43, identification: 7 };
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('a packet', () => {
  it('carries a DSCP and checksums that any receiver accepts', () => {
    const frame = buildUdpFrame(link, ip, {
      srcPort: 4000,
      dstPort: 5000,
      payload: new Uint8Array([1, 2, 3]),
    });
    expect(checksum(wordSum(frame, 14, 34))).toBe(0);
    const pseudo = new Uint8Array([10, 0, 0, 1, 10, 0, 0, 2, 0, 17, 0, 11]);
    expect(checksum(wordSum(frame, 34, frame.length, wordSum(pseudo, 0, 12)))).toBe(0);
    expect(decodePacket(frame).ipv4?.dscp).toBe(43);
    expect(decodePacket(frame).udp).toMatchObject({ srcPort: 4000, dstPort: 5000, length: 11 });
    expect(decodePacket(frame).layer('payload')?.data).toEqual(new Uint8Array([1, 2, 3]));
  });

  it('has the header checksum of a known example', () => {
    // The worked example of RFC 1071 in textbooks: 4500 0073 0000 4000 4011 .... c0a8 0001 c0a8 00c7 gives b861.
    const frame = buildUdpFrame(
      link,
      { src: '192.168.0.1', dst: '192.168.0.199' },
      { srcPort: 53, dstPort: 53, payload: new Uint8Array(0x73 - 28) },
    );
    expect(hex(frame.subarray(14, 34))).toBe('45000073000040004011b861c0a80001c0a800c7');
  });

  it('gives back a TCP segment', () => {
    const tcp = {
      srcPort: 1,
      dstPort: 2,
      seq: 0xffffffff,
      ack: 5,
      flags: TCP_FLAG.SYN | TCP_FLAG.ACK,
      window: 1000,
      payload: new Uint8Array([9]),
    };
    const frame = buildTcpFrame({ ...link, vlan: { vid: 100, pcp: 5 } }, ip, tcp);
    const packet = decodePacket(frame);
    const { payload, ...header } = tcp;
    expect(packet.tcp).toMatchObject(header);
    expect(packet.layer('payload')?.data).toEqual(payload);
    expect(packet.vlans).toEqual([
      { type: 'vlan', tpid: 0x8100, vid: 100, pcp: 5, dei: false, etherType: 0x0800 },
    ]);
    expect(packet.fields(3)).toMatchObject({
      in_port: 3,
      vlan_vid: 0x1064,
      vlan_pcp: 5,
      tcp_dst: 2,
      ip_dscp: 43,
    });
  });

  it('gives back ARP and RARP', () => {
    const arp = {
      operation: ARP_OPERATION.REQUEST,
      senderMac: link.src,
      senderIp: '10.0.0.1',
      targetMac: '00:00:00:00:00:00',
      targetIp: '10.0.0.2',
    };
    const request = decodePacket(buildArpFrame({ src: link.src, dst: BROADCAST_MAC }, arp));
    expect(request.arp).toEqual({ type: 'arp', ...arp });
    expect(request.rarp).toBeUndefined();
    const moved = decodePacket(
      encodePacket([
        { type: 'ethernet', dst: BROADCAST_MAC, src: link.src },
        { type: 'rarp', ...arp },
      ]),
    );
    expect(moved.rarp).toEqual({ type: 'rarp', ...arp });
    expect(moved.ethernet.etherType).toBe(ETHERTYPE.RARP);
  });

  it('gives back an LLDP unit with a TLV of an organisation', () => {
    const unit = {
      chassisId: localId('dpid:00000000000000a1'),
      portId: localId('3'),
      ttlSec: 120,
      tlvs: [
        { kind: 'organisation', oui: 0x0026e1, subtype: 0, value: new Uint8Array([1, 2, 3, 4]) },
        { kind: 'system_name', value: new TextEncoder().encode('s1') },
        { kind: 'capabilities', system: 20, enabled: 4 },
      ],
    } as const;
    const packet = decodePacket(buildLldpFrame(link.src, unit));
    expect(packet.ethernet.dst).toBe(LLDP_MAC);
    expect(packet.lldp).toEqual({ type: 'lldp', ...unit });
    expect(packet.lldp && idText(packet.lldp.chassisId)).toBe('dpid:00000000000000a1');
  });

  it('looks for ports only in the first fragment', () => {
    const frame = buildUdpFrame(link, ip, { srcPort: 1, dstPort: 2, payload: new Uint8Array(4) });
    frame[14 + 7] = 10;
    expect(decodePacket(frame).udp).toBeUndefined();
  });
});
