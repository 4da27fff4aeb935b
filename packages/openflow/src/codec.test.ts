/**
 * Five claims about every message, on bytes recorded from Open vSwitch: it encodes to the fixture, decodes from
 * it, refuses every truncation, re-encodes what it decoded, and survives random bytes.
 */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { samples } from './codec.samples.ts';
import { decodeMessage, encodeMessage, MESSAGE_CODES, type Message, ProtocolError } from './index.ts';
import { type Fixture, readFixtures } from './testing/fixture-files.ts';

const fixtures = readFixtures();
const byName = new Map(fixtures.map((fixture) => [fixture.name, fixture]));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The decoded message, or the ProtocolError; anything else that is thrown fails the test. */
function attempt(bytes: Uint8Array): Message | ProtocolError {
  try {
    return decodeMessage(bytes).message;
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

function roundTrips(bytes: Uint8Array): boolean {
  const decoded = attempt(bytes);
  if (decoded instanceof ProtocolError) return true;
  const { xid } = decodeMessage(bytes);
  return hex(normalised(encodeMessage(decoded, xid))) === hex(normalised(bytes));
}

/** Every size from `least` to one less than all bytes; of long messages every 7th, which meets every field. */
function sizes(least: number, bytes: Uint8Array): readonly number[] {
  const stride = bytes.length > 1000 ? 7 : 1;
  const count = Math.max(0, Math.ceil((bytes.length - least) / stride));
  return Array.from({ length: count }, (_, index) => least + index * stride);
}

/** Padding after hello elements may be missing at the very end. */
const normalised = (bytes: Uint8Array): Uint8Array => (bytes[1] === 0 ? bytes.slice(8, 16) : bytes);

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

    it('has a fixture for every message but those that Open vSwitch does not send', () => {
      const recorded = new Set(fixtures.map(({ type }) => type));
      const missing = Object.keys(MESSAGE_CODES).filter((type) => !recorded.has(type));
      expect(missing).toEqual(['experimenter_multipart_reply']);
    });

    it('survives random bodies of every type', () => {
      const multipart = fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0xffff);
      fc.assert(
        fc.property(fc.nat(31), multipart, fc.uint8Array({ maxLength: 200 }), (code, kind, body) => {
          const bytes = new Uint8Array(8 + body.length);
          bytes.set(body, 8);
          const view = new DataView(bytes.buffer);
          view.setUint8(0, 4);
          view.setUint8(1, code);
          view.setUint16(2, bytes.length);
          if ((code === 18 || code === 19) && body.length >= 2) view.setUint16(8, kind);
          attempt(bytes);
        }),
        { numRuns: 20_000 },
      );
    });
  },
);

const hasOvsOfctl = spawnSync('ovs-ofctl', ['--version']).status === 0;

describe.skipIf(!hasOvsOfctl)('ovs-ofctl (when it is installed)', () => {
  it('understands what we encode', () => {
    const asked = samples.filter(([name]) => !name.endsWith('.unknown'));
    for (const [name, message] of asked) {
      const { stdout, stderr } = spawnSync('ovs-ofctl', ['ofp-print', hex(encodeMessage(message, 1))], {
        encoding: 'utf8',
      });
      expect(`${stdout}${stderr}`, name).not.toMatch(/decode error|\*\*\*/);
    }
  });
});
