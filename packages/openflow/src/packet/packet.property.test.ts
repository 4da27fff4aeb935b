/** Laws of the packet codec, over generated frames of every layer and over bytes that nobody meant. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePacket, encodePacket, type LayerInput, PacketError } from './index.ts';
import { frame } from './layer.samples.ts';

const frames = frame(2);
const keepStated = { keepStated: true };

/** Decodes all of it; a frame that lies gives undefined, anything but a PacketError is a failure. */
function layersOf(bytes: Uint8Array): readonly LayerInput[] | undefined {
  try {
    return decodePacket(bytes).layers;
  } catch (error) {
    if (error instanceof PacketError) return undefined;
    throw error;
  }
}

function staysAsItWas(bytes: Uint8Array): void {
  const layers = layersOf(bytes);
  if (layers !== undefined) expect(encodePacket(layers, keepStated)).toEqual(bytes);
}

describe('a generated frame', () => {
  it('decodes to what it was made of', () => {
    fc.assert(
      fc.property(frames, (layers) => {
        const found = decodePacket(encodePacket(layers)).layers;
        expect(found.map(({ type }) => type)).toEqual(layers.map(({ type }) => type));
        layers.forEach((layer, i) => {
          if ('checksum' in layer) return;
          if (layer.type === 'dhcp') expect(found[i]).toMatchObject({ ...layer, options: expect.anything() });
          else if (layer.type !== 'llc') expect(found[i]).toMatchObject(layer);
        });
      }),
      { numRuns: 1500 },
    );
  });

  it('encodes to the same bytes, with everything derived anew as with everything kept', () => {
    fc.assert(
      fc.property(frames, (layers) => {
        const bytes = encodePacket(layers);
        expect(encodePacket(decodePacket(bytes).layers)).toEqual(bytes);
        expect(encodePacket(decodePacket(bytes).layers, keepStated)).toEqual(bytes);
      }),
      { numRuns: 1500 },
    );
  });

  it('cut anywhere is refused with a PacketError or stays as it was', () => {
    fc.assert(
      fc.property(frames, (layers) => {
        const bytes = encodePacket(layers);
        for (let length = 0; length < bytes.length; length++) staysAsItWas(bytes.subarray(0, length));
      }),
      { numRuns: 60 },
    );
  });

  it('with a bit flipped is refused with a PacketError or stays as it was', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.nat(), { minLength: 1, maxLength: 40 }), (layers, places) => {
        for (const place of places) {
          const bytes = encodePacket(layers);
          const bit = place % (bytes.length * 8);
          bytes[bit >>> 3] = (bytes[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
          staysAsItWas(bytes);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('random bytes', () => {
  it('are refused with a PacketError or stay as they were, whatever they are taken for', () => {
    const begins = fc.constantFrom(
      ...(['ethernet', 'lldp', 'mpls', 'ipv4', 'ipv6', 'icmp', 'icmpv6', 'igmp', 'tcp', 'udp'] as const),
      ...(['sctp', 'gre', 'vxlan', 'dhcp', 'hop_by_hop', 'routing', 'fragment', 'authentication'] as const),
    );
    fc.assert(
      fc.property(begins, fc.uint8Array({ maxLength: 300 }), (type, bytes) => {
        try {
          const packet = decodePacket(bytes, type);
          void packet.inner?.layers;
          void packet.layers;
        } catch (error) {
          expect(error).toBeInstanceOf(PacketError);
        }
      }),
      { numRuns: 5000 },
    );
  });

  it('behind a header that names the next layer are refused or stay as they were', () => {
    const types = [0x0800, 0x0806, 0x8035, 0x8100, 0x88a8, 0x86dd, 0x8847, 0x88cc, 0x6558, 40, 0x0003];
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.nat(255),
        fc.uint8Array({ minLength: 54, maxLength: 200 }),
        (type, protocol, bytes) => {
          bytes.set([type >>> 8, type & 255], 12);
          if (type === 0x0800) bytes.set([0x45, 0, 0, bytes.length - 14], 14);
          if (type === 0x0800) bytes.set([0, 0, 64, protocol % 3 === 0 ? 17 : protocol], 20);
          if (type === 0x86dd) bytes.set([0x60, 0, 0, 0, 0, bytes.length - 54, protocol % 61], 14);
          staysAsItWas(bytes);
        },
      ),
      { numRuns: 5000 },
    );
  });
});
