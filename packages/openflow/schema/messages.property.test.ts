/** Laws of every message in every version: what can be built comes back from its bytes, and bytes cannot do harm. */
import { decodeMessage, encodeMessage, ProtocolError, wireVersion } from '@oflib/openflow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Arbitraries } from './arbitrary.ts';
import { customValues } from './custom-values.ts';
import { versions } from './index.ts';

const RUNS = 25;
const XID = 0x51ce;
const u16 = fc.nat(0xffff);
type Message = Parameters<typeof encodeMessage>[0];

describe.each(versions)('OpenFlow $version', (schema) => {
  const arbitraries = new Arbitraries(schema, customValues);
  const wire = wireVersion(schema.version);
  const messages = schema.messages.flatMap((layout) => {
    const message = arbitraries.message(layout);
    return message === undefined ? [] : [[layout.type, message] as const];
  });

  it.each(messages)('%s comes back as it was', (_, any) => {
    fc.assert(
      fc.property(any, (given) => {
        // The schema says what the generated types say.
        const message = given as unknown as Message;
        const encoded = encodeMessage(message, XID, schema.version);
        expect(decodeMessage(encoded)).toEqual({ version: wire, xid: XID, message: given });
      }),
      { numRuns: RUNS },
    );
  });

  it.each(messages)(
    '%s with a changed byte, or cut off, is refused or still means what it encodes to',
    (_, any) => {
      const change = fc.record({ at: u16, to: fc.nat(0xff), size: fc.option(u16, { nil: undefined }) });
      fc.assert(
        fc.property(any, change, (given, { at, to, size }) => {
          const whole = encodeMessage(given as unknown as Message, XID, schema.version);
          const broken = whole.slice(0, size === undefined ? whole.length : 8 + (size % (whole.length - 7)));
          // The header stays: version, type and length are not what this is about.
          if (broken.length > 8) broken[8 + (at % (broken.length - 8))] = to;
          new DataView(broken.buffer).setUint16(2, broken.length);
          const decoded = decodeOrRefuse(broken);
          if (decoded === undefined) return;
          const again = encodeMessage(decoded.message, XID, schema.version);
          expect(decodeMessage(again).message).toEqual(decoded.message);
        }),
        { numRuns: RUNS * 2 },
      );
    },
  );
});

/** Undefined for a refusal; anything but a ProtocolError is a fault. */
function decodeOrRefuse(data: Uint8Array): ReturnType<typeof decodeMessage> | undefined {
  try {
    return decodeMessage(data);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
