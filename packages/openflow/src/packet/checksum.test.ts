/** Checksums against published examples, and against sums made here by hand. */
import { describe, expect, it } from 'vitest';
import { crc32c, decodePacket, EncodeError, encodePacket, type LayerInput } from '../index.ts';
import { checksum, wordSum } from './checksum.ts';
import { sctpChunks } from './sctp.ts';

const ipv4: LayerInput = { type: 'ipv4', src: '10.0.0.1', dst: '10.0.0.2' };
const ipv6: LayerInput = { type: 'ipv6', src: '2001:db8::1', dst: '2001:db8::2' };
const udp: LayerInput = { type: 'udp', srcPort: 1, dstPort: 2 };
const data = Uint8Array.of(1, 2, 3, 4, 5);
const payload: LayerInput = { type: 'payload', data };

/** 0 when the bytes, of which the checksum is part, are whole. */
const rest = (bytes: Uint8Array, ...pseudo: readonly number[]): number =>
  checksum(wordSum(bytes, 0, bytes.length, wordSum(Uint8Array.from(pseudo), 0, pseudo.length)));
const address6 = (last: number): readonly number[] => [
  0x20,
  1,
  0x0d,
  0xb8,
  ...new Array<number>(11).fill(0),
  last,
];

describe('a checksum', () => {
  it('is that of the example in RFC 1071 section 3', () => {
    const bytes = Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7);
    expect(checksum(wordSum(bytes, 0, 8))).toBe(~0xddf2 & 0xffff);
  });

  it('of CRC-32C is that of the examples in RFC 3720 B.4', () => {
    expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  });

  it('of SCTP stands with its least significant byte first', () => {
    const chunk = Uint8Array.of(0, 3, 0, 20, 0, 0, 0, 1, 0, 2, 0, 3, 0, 0, 0, 0, 1, 2, 3, 4);
    const layers: readonly LayerInput[] = [
      { type: 'sctp', srcPort: 1, dstPort: 2, verificationTag: 3 },
      { type: 'payload', data: chunk },
    ];
    const bytes = encodePacket(layers);
    expect([...bytes.subarray(8, 12)]).toEqual([0xa7, 0x4c, 0xdb, 0x51]);
    expect(sctpChunks(chunk)).toEqual([{ chunkType: 0, flags: 3, value: chunk.subarray(4) }]);
  });

  it('behind extension headers is under the protocol of the transport and the end of the route', () => {
    const toThird = new Uint8Array(20);
    toThird.set(address6(3), 4);
    const bytes = encodePacket([
      ipv6,
      { type: 'hop_by_hop', options: Uint8Array.of(5, 2, 0, 0, 1, 0) },
      { type: 'routing', routingType: 0, segmentsLeft: 1, data: toThird },
      udp,
      payload,
    ]);
    const datagram = bytes.subarray(40 + 8 + 24);
    expect(rest(datagram, ...address6(1), ...address6(3), 0, 0, 0, 13, 0, 0, 0, 17)).toBe(0);
    const plain = encodePacket([ipv6, udp, payload]).subarray(40);
    expect(rest(plain, ...address6(1), ...address6(2), 0, 0, 0, 13, 0, 0, 0, 17)).toBe(0);
  });

  it('of GRE, ICMP and IGMP covers header and payload', () => {
    const checked: readonly LayerInput[] = [
      { type: 'gre', checksum: 'compute', key: 9, protocol: 0x9999 },
      { type: 'icmp', icmpType: 8, body: { kind: 'echo', identifier: 1, sequence: 2 } },
      { type: 'igmp', igmpType: 0x16, body: { kind: 'group', group: '239.1.2.3' } },
    ];
    for (const layer of checked) {
      const bytes = encodePacket([ipv4, layer, payload]);
      expect(rest(bytes.subarray(0, 20))).toBe(0);
      expect(rest(bytes.subarray(20))).toBe(0);
    }
  });

  it('of zero is sent as all ones by UDP, where zero means that there is none', () => {
    // The word makes the sum of everything 0xffff.
    const fill = encodePacket([ipv4, udp, { type: 'payload', data: new Uint8Array(2) }]);
    const bytes = encodePacket([ipv4, udp, { type: 'payload', data: fill.slice(26, 28) }]);
    expect(decodePacket(bytes, 'ipv4').udp?.checksum).toBe(0xffff);
  });

  it('that is stated is kept when asked, and made anew otherwise', () => {
    const layers: readonly LayerInput[] = [
      ipv4,
      { type: 'udp', srcPort: 1, dstPort: 2, checksum: 0 },
      payload,
    ];
    expect(decodePacket(encodePacket(layers, { keepStated: true }), 'ipv4').udp?.checksum).toBe(0);
    expect(encodePacket(layers)).toEqual(encodePacket([ipv4, udp, payload]));
  });

  it('of a datagram that is cut in fragments must be stated', () => {
    const first: LayerInput = { type: 'ipv4', src: '10.0.0.1', dst: '10.0.0.2', flags: 1 };
    expect(() => encodePacket([first, udp, payload])).toThrow(EncodeError);
    const stated: LayerInput = { type: 'udp', srcPort: 1, dstPort: 2, length: 3000, checksum: 77 };
    expect(decodePacket(encodePacket([first, stated, payload]), 'ipv4').udp).toEqual(stated);
  });

  it('is right when the packet outgrows the arena', () => {
    const large: LayerInput = { type: 'payload', data: new Uint8Array(65_000).fill(7) };
    const bytes = encodePacket([ipv4, udp, large]);
    expect(rest(bytes.subarray(0, 20))).toBe(0);
    expect(
      rest(bytes.subarray(20), 10, 0, 0, 1, 10, 0, 0, 2, 0, 17, (65_008 >>> 8) & 255, 65_008 & 255),
    ).toBe(0);
    expect(() => encodePacket([{ type: 'payload', data: new Uint8Array(80_000) }])).toThrow(EncodeError);
  });
});

describe('decoding', () => {
  it('goes no further in than asked: a lie inside hides nothing outside', () => {
    const bytes = encodePacket([
      { type: 'ethernet', dst: '02:00:00:00:00:02', src: '02:00:00:00:00:01' },
      ipv4,
      udp,
      payload,
    ]);
    bytes[14] = 0x43;
    const packet = decodePacket(bytes);
    expect(packet.ethernet.src).toBe('02:00:00:00:00:01');
    expect(packet.vlans).toEqual([]);
    expect(packet.arp).toBeUndefined();
    expect(() => packet.ipv4).toThrow('ipv4: header of 12 bytes at offset 14');
    expect(() => packet.udp).toThrow('ipv4: header of 12 bytes at offset 14');
  });

  it('of a fragment that is not the first finds no transport, whatever its bytes look like', () => {
    const later: LayerInput = {
      type: 'ipv4',
      src: '10.0.0.1',
      dst: '10.0.0.2',
      protocol: 6,
      fragmentOffset: 1480,
    };
    const packet = decodePacket(encodePacket([later, { type: 'payload', data: new Uint8Array(60) }]), 'ipv4');
    expect([packet.tcp, packet.udp, packet.layer('payload')?.data.length]).toEqual([
      undefined,
      undefined,
      60,
    ]);
    const later6 = decodePacket(
      encodePacket([
        ipv6,
        { type: 'fragment', identification: 1, fragmentOffset: 8, nextHeader: 6 },
        payload,
      ]),
      'ipv6',
    );
    expect([later6.tcp, later6.layer('fragment')?.fragmentOffset]).toEqual([undefined, 8]);
  });

  it('of a tunnel gives the outer packet and the inner one, each with its own layers', () => {
    const bytes = encodePacket([
      ipv4,
      { type: 'udp', srcPort: 9, dstPort: 4789 },
      { type: 'vxlan', vni: 42 },
      { type: 'ethernet', dst: '02:00:00:00:00:02', src: '02:00:00:00:00:01' },
      ipv6,
      { type: 'tcp', srcPort: 5, dstPort: 6, seq: 7, flags: 2 },
    ]);
    const packet = decodePacket(bytes, 'ipv4');
    expect([packet.vxlan?.vni, packet.tcp, packet.ipv6]).toEqual([42, undefined, undefined]);
    expect([packet.inner?.ethernet.dst, packet.inner?.tcp?.dstPort]).toEqual(['02:00:00:00:00:02', 6]);
    expect(packet.layers.length).toBe(6);
    expect([packet.tcp, packet.inner?.ipv6?.src, packet.inner?.inner]).toEqual([
      undefined,
      '2001:db8::1',
      undefined,
    ]);
  });

  it('of more tags than VLAN_TAGS_MAX is refused', () => {
    const tags = (count: number): readonly LayerInput[] =>
      Array.from({ length: count }, () => ({ type: 'vlan', vid: 1 }));
    const frame = (count: number) =>
      decodePacket(
        encodePacket([
          { type: 'ethernet', dst: '02:00:00:00:00:02', src: '02:00:00:00:00:01' },
          ...tags(count),
          ipv4,
          udp,
        ]),
      );
    expect(frame(8).vlans.length).toBe(8);
    expect(() => frame(9).vlans).toThrow('vlan: more than 8 in a row');
  });
});
