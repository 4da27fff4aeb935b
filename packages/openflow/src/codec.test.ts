/**
 * Five claims about every message, on bytes recorded from Open vSwitch: it encodes to the fixture, decodes from
 * it, refuses every truncation, re-encodes what it decoded, and survives random bytes.
 */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { samples } from './codec.samples.ts';
import { decodeMessage, encodeMessage, type Message, ProtocolError } from './index.ts';
import { type Fixture, readFixtures } from './testing/fixture-files.ts';

const fixtures = readFixtures();
const byName = new Map(fixtures.map((fixture) => [fixture.name, fixture]));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The decoded message, or the ProtocolError; anything else that is thrown fails the test. */
function attempt(bytes: Uint8Array): Message | ProtocolError {
  try {
    return decodeMessage(bytes, '1.3').message;
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}

/** The same message cut to `size` bytes, with a header that says so. */
function cut(bytes: Uint8Array, size: number): Uint8Array {
  const part = bytes.slice(0, size);
  new DataView(part.buffer).setUint16(2, size);
  return part;
}

/** What decodes must encode to the same bytes; only the padding after a hello element may be missing. */
function roundTrips(bytes: Uint8Array): boolean {
  const decoded = attempt(bytes);
  if (decoded instanceof ProtocolError || decoded.type === 'hello') return true;
  return hex(encodeMessage(decoded, decodeMessage(bytes).xid)) === hex(bytes);
}

/** How many truncations of one message are tried; longer messages repeat their elements. */
const TRUNCATIONS_MAX = 200;

/** Sizes from `least` to one less than all bytes; every one when the message is short. */
function sizes(least: number, bytes: Uint8Array): readonly number[] {
  const count = Math.max(0, bytes.length - least);
  const stride = Math.ceil(count / TRUNCATIONS_MAX);
  return Array.from({ length: Math.ceil(count / Math.max(1, stride)) }, (_, index) => least + index * stride);
}

describe.each(fixtures.map((fixture) => [fixture.name, fixture] as const))(
  '%s',
  (_, { type, bytes }: Fixture) => {
    it('decodes', () => {
      expect(decodeMessage(bytes).message.type).toBe(type);
    });

    it('re-encodes what it decoded, byte for byte', () => {
      const { message, xid } = decodeMessage(bytes);
      expect(hex(encodeMessage(message, xid))).toBe(hex(bytes));
    });

    it('refuses every truncation', () => {
      const accepted = sizes(0, bytes).filter(
        (size) => !(attempt(bytes.subarray(0, size)) instanceof ProtocolError),
      );
      expect(accepted).toEqual([]);
    });

    it('makes nothing up when the header agrees with the truncation', () => {
      expect(sizes(8, bytes).filter((size) => !roundTrips(cut(bytes, size)))).toEqual([]);
    });

    it('survives damaged bytes', () => {
      const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 6 });
      fc.assert(
        fc.property(damage, (changes) => {
          const damaged = Uint8Array.from(bytes);
          // The length stays, so that the damage reaches the body.
          for (const [at, value] of changes) if (at !== 2 && at !== 3) damaged[at] = value;
          attempt(damaged);
        }),
        { numRuns: 40 },
      );
    });
  },
);

describe('the codec', () => {
  it.each(samples)('encodes %s to the fixture', (name, message) => {
    const fixture = byName.get(name);
    if (fixture === undefined) throw new Error(`there is no fixture ${name}`);
    const { xid } = decodeMessage(fixture.bytes);
    expect(hex(encodeMessage(message, xid))).toBe(hex(fixture.bytes));
    expect(decodeMessage(fixture.bytes).message).toEqual(message);
  });

  it('survives random bodies of every type', () => {
    const multipart = fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0xffff);
    fc.assert(
      fc.property(fc.nat(31), multipart, fc.uint8Array({ maxLength: 120 }), (code, kind, body) => {
        const bytes = new Uint8Array(8 + body.length);
        bytes.set(body, 8);
        const view = new DataView(bytes.buffer);
        view.setUint8(0, 4);
        view.setUint8(1, code);
        view.setUint16(2, bytes.length);
        if ((code === 18 || code === 19) && body.length >= 2) view.setUint16(8, kind);
        attempt(bytes);
      }),
      { numRuns: 4_000 },
    );
  });
});

const hasOvsOfctl = spawnSync('ovs-ofctl', ['--version']).status === 0;

describe.skipIf(!hasOvsOfctl)('ovs-ofctl (when it is installed)', () => {
  it('understands what we encode', () => {
    const asked = samples.filter(([name]) => !name.endsWith('.unknown'));
    const input = Buffer.concat(asked.map(([, message]) => encodeMessage(message, 1)));
    const { stdout } = spawnSync('ovs-ofctl', ['ofp-parse', '-'], { input, encoding: 'utf8' });
    expect(stdout.match(/\(OF1\.3\) \(xid=0x1\)/g)?.length).toBe(asked.length);
    expect(stdout).not.toMatch(/decode error|\*\*\*/);
  });
});
