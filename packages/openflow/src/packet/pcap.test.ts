/** Captures: both classic byte orders and units, pcapng, and files that are not what they claim. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PacketError, pcapHeader, pcapRecord, readPcap, writePcap } from './index.ts';

const data = new Uint8Array([1, 2, 3, 4, 5]);

/** A file of u32 words (numbers) and bytes, in either byte order. */
function file(isLittle: boolean, ...parts: readonly (number | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => {
      if (typeof part !== 'number') return [...part];
      const word = new DataView(new ArrayBuffer(4));
      word.setUint32(0, part, isLittle);
      return [...new Uint8Array(word.buffer)];
    }),
  );
}

describe('a classic capture', () => {
  for (const isLittle of [false, true]) {
    for (const [magic, nanoseconds] of [
      [0xa1b2c3d4, 2_000_000_007_000n],
      [0xa1b23c4d, 2_000_000_000_007n],
    ] as const) {
      it(`is read ${isLittle ? 'little' : 'big'}-endian with magic ${magic.toString(16)}`, () => {
        const version = isLittle ? Uint8Array.of(2, 0, 4, 0) : Uint8Array.of(0, 2, 0, 4);
        const bytes = file(isLittle, magic, version, 0, 0, 65_535, 1, 2000, 7, data.length, 60, data);
        expect([...readPcap(bytes)]).toEqual([
          { timestampNs: nanoseconds, linkType: 1, data, originalLength: 60 },
        ]);
      });
    }
  }

  it('is read as it was written', () => {
    const packets = fc.array(
      fc.record({
        timestampNs: fc.bigInt({ min: 0n, max: 4_294_967_295_999_999_999n }),
        data: fc.uint8Array({ maxLength: 70 }),
        originalLength: fc.nat(100_000),
      }),
    );
    fc.assert(
      fc.property(packets, fc.nat(300), (list, linkType) => {
        expect([...readPcap(writePcap(list, linkType))]).toEqual(
          list.map((packet) => ({ ...packet, linkType })),
        );
      }),
    );
  });

  it('gives what comes before its cut end, then says where that is', () => {
    const record = pcapRecord({ timestampNs: 1n, data });
    const bytes = Uint8Array.from([...pcapHeader(1), ...record, ...record.subarray(0, 18)]);
    const reader = readPcap(bytes);
    expect(reader.next().value).toMatchObject({ data });
    expect(() => reader.next()).toThrow(
      expect.objectContaining({ name: 'PacketError', offset: 24 + record.length }),
    );
  });
});

describe('a pcapng capture', () => {
  const interfaceBlock = [
    1,
    32,
    Uint8Array.of(0, 113, 0, 0),
    4,
    Uint8Array.of(0, 9, 0, 1, 9, 0, 0, 0),
    0,
    32,
  ] as const;
  const bytes = file(
    false,
    ...[0x0a0d0d0a, 28, 0x1a2b3c4d, Uint8Array.of(0, 1, 0, 0), 0xffffffff, 0xffffffff, 28],
    ...interfaceBlock,
    // A block of another type, an enhanced and a simple packet.
    ...[0x0bad, 16, 0, 16],
    ...[6, 40, 0, 1, 5, data.length, 60, data, new Uint8Array(3), 40],
    ...[3, 20, 9, data.subarray(0, 4), 20],
  );

  it('gives its packets with the clock and the link type of their interface', () => {
    expect([...readPcap(bytes)]).toEqual([
      { timestampNs: 2n ** 32n + 5n, linkType: 113, data, originalLength: 60 },
      { timestampNs: 0n, linkType: 113, data: data.subarray(0, 4), originalLength: 9 },
    ]);
  });

  it('is read little-endian, in microseconds when the interface says nothing', () => {
    const little = file(
      true,
      ...[0x0a0d0d0a, 28, 0x1a2b3c4d, Uint8Array.of(1, 0, 0, 0), 0xffffffff, 0xffffffff, 28],
      ...[1, 20, Uint8Array.of(1, 0, 0, 0), 0, 20],
      ...[6, 40, 0, 0, 5, data.length, 5, data, new Uint8Array(3), 40],
    );
    expect([...readPcap(little)]).toEqual([{ timestampNs: 5000n, linkType: 1, data, originalLength: 5 }]);
  });

  it('that lies is refused with the offset', () => {
    const lies = Uint8Array.from(bytes);
    lies[28 + 7] = 36;
    expect(() => [...readPcap(lies)]).toThrow(expect.objectContaining({ name: 'PacketError' }));
  });

  it('with bytes changed or cut gives packets or a PacketError', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 6 }),
        fc.nat(bytes.length),
        (changes, cut) => {
          const changed = Uint8Array.from(bytes);
          for (const [at, value] of changes) changed[at] = value;
          try {
            for (const packet of readPcap(changed.subarray(0, cut)))
              expect(packet.data.length).toBeLessThan(100);
          } catch (error) {
            expect(error).toBeInstanceOf(PacketError);
          }
        },
      ),
      { numRuns: 5000 },
    );
  });
});

it('bytes of no capture are refused', () => {
  expect(() => [...readPcap(new Uint8Array(3))]).toThrow(PacketError);
  expect(() => [...readPcap(new Uint8Array(40))]).toThrow('no capture begins with 0x00000000');
});
