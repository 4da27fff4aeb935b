/** Laws of multiparts in every version: what can be built comes back from its bytes, and bytes cannot do harm. */
import { decodeMessage, encodeMessage, ProtocolError, wireVersion } from '@oflib/openflow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Arbitraries, type CustomValues } from './arbitrary.ts';
import { versions } from './index.ts';

const RUNS = 25;
const XID = 0x51ce;
const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffffffff);
const bytes = fc.uint8Array({ minLength: 1, maxLength: 9 });
const u64 = fc.bigInt(0n, 0xffffffffffffffffn);

const custom: CustomValues = {
  type_ids: fc.array(
    fc.oneof(
      fc.record({ code: fc.nat(0xfffe), data: bytes }, { requiredKeys: ['code'] }),
      fc.record(
        { code: fc.constant(0xffff), experimenter: u32, data: bytes },
        { requiredKeys: ['code', 'experimenter'] },
      ),
    ),
    { maxLength: 5 },
  ),
  packet_types: fc.array(fc.record({ namespace: u16, nsType: u16 }), { maxLength: 4 }),
  port_counters: fc.array(fc.record({ name: fc.stringMatching(/^[a-z_0-9]{0,20}$/), value: u64 }), {
    maxLength: 4,
  }),
  meter_feature_flags: fc.oneof(fc.constant(undefined), u32),
  flow_monitors: fc.array(
    fc.record({
      monitorId: u32,
      outPort: u32,
      outGroup: u32,
      flags: u16,
      tableId: fc.nat(0xff),
      command: fc.nat(0xff),
      match: fc.record({ in_port: u32, metadata: u64 }, { requiredKeys: [] }),
    }),
    { maxLength: 3 },
  ),
};

describe.each(versions)('OpenFlow $version', (schema) => {
  const arbitraries = new Arbitraries(schema, custom);
  const multiparts = schema.messages.filter(({ multipart }) => multipart !== undefined);
  const wire = wireVersion(schema.version);

  it.each(multiparts.map((layout) => [layout.type, layout] as const))(
    '%s comes back as it was',
    (_type, layout) => {
      fc.assert(
        fc.property(arbitraries.message(layout), (given) => {
          // The schema says what the generated types say.
          const message = given as unknown as Parameters<typeof encodeMessage>[0];
          const encoded = encodeMessage(message, XID, schema.version);
          expect(decodeMessage(encoded)).toEqual({ version: wire, xid: XID, message: given });
        }),
        { numRuns: RUNS },
      );
    },
  );

  it.each(multiparts.map((layout) => [layout.type, layout] as const))(
    '%s with a changed byte, or cut off, is refused or still means what it encodes to',
    (_type, layout) => {
      const change = fc.record({ at: u16, to: fc.nat(0xff), size: fc.option(u16, { nil: undefined }) });
      fc.assert(
        fc.property(arbitraries.message(layout), change, (given, { at, to, size }) => {
          const message = given as unknown as Parameters<typeof encodeMessage>[0];
          const whole = encodeMessage(message, XID, schema.version);
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
