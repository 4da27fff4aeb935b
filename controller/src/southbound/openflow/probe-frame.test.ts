import type { Dpid, PortNo } from '@sluice/topology';
import { describe, expect, it } from 'vitest';
import { decodeLldp, encodeClassificationFrame, encodeLldp, type LldpClaim } from './probe-frame.ts';

const key = new Uint8Array(32).fill(7);
const claim: LldpClaim = {
  from: { dpid: '00000000000000a1' as Dpid, portNo: 3 as PortNo },
  epoch: 5,
  nonce: 0x1122334455667788n,
};

describe('LLDP of ours', () => {
  const frame = encodeLldp(claim, key);

  it('is a frame that any LLDP reader understands', () => {
    const hex = Buffer.from(frame).toString('hex');
    expect(hex.slice(0, 28)).toBe('0180c200000e' + '0a536c756963' + '88cc');
    // Chassis id and port id, locally assigned; TTL 2 s.
    expect(hex.slice(28, 66)).toBe(`0211${'07'}${Buffer.from('00000000000000a1').toString('hex')}`);
    expect(hex.slice(66, 82)).toBe('04020733' + '06020002');
    expect(hex.endsWith('0000')).toBe(true);
  });

  it('says which port it left by', () => {
    expect(decodeLldp(frame, key)).toEqual(claim);
    const padded = new Uint8Array(200);
    padded.set(frame);
    expect(decodeLldp(padded, key)).toEqual(claim);
  });

  it('is refused when any byte that it proves is changed', () => {
    for (let at = 14; at < frame.length - 2; at++) {
      const forged = Uint8Array.from(frame);
      forged[at] = (forged[at] ?? 0) ^ 1;
      const found = decodeLldp(forged, key);
      // The TTL is not part of the proof.
      if (found) expect(found).toEqual(claim);
    }
    expect(decodeLldp(frame, new Uint8Array(32))).toBeNull();
  });

  it('is refused when cut anywhere, without throwing', () => {
    for (let length = 0; length < frame.length - 2; length++)
      expect(decodeLldp(frame.subarray(0, length), key)).toBeNull();
  });
});

describe('classification frame', () => {
  it('is a UDP packet of the length asked for, with DSCP, TTL 1 and a checksum that adds up', () => {
    const frame = Buffer.from(encodeClassificationFrame({ dscp: 43, length: 100 }));
    expect(frame.length).toBe(100);
    expect(frame.toString('hex', 12, 24)).toBe('0800' + '45ac' + '0056' + '00000000' + '0111');
    let sum = 0;
    for (let offset = 14; offset < 34; offset += 2) sum += frame.readUInt16BE(offset);
    expect((sum & 0xffff) + (sum >>> 16)).toBe(0xffff);
    expect(frame.readUInt16BE(38)).toBe(66);
  });

  it('cannot be shorter than its headers', () => {
    expect(() => encodeClassificationFrame({ dscp: 0, length: 41 })).toThrow(RangeError);
  });
});
