/** Laws of actions in every version: they come back as they were, and no bytes of them can do harm. */
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Action,
  action,
  decodeMessage,
  EncodeError,
  encodeMessage,
  flowMod,
  instruction,
  of10,
  of11,
  of12,
  of14,
  of15,
  ProtocolError,
  VERSIONS,
  type Version,
} from './index.ts';
import { NESTING_MAX } from './runtime/list.ts';

type AnyMessage = Parameters<typeof encodeMessage>[0];
type Element = { readonly type: string };

const RUNS = 60;
const XID = 0x51ce;
/** A clone or ct inside itself, as a test makes them; the limit has a test of its own. */
const DEPTH = 3;

const u8 = fc.nat(0xff);
const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffffffff);
const u64 = fc.bigInt(0n, 0xffffffffffffffffn);
const field = fc.constantFrom('reg0', 'xreg3', 'nxm_eth_src', 'vlan_tci', 'metadata', '0x00012345');
/** With headers of 8 bytes. */
const anyField = fc.oneof(field, fc.constantFrom('nsh_spi', 'nsh_c1', '0xffff0104:00c0ffee'));
const range = fc.record({ offset: fc.nat(1023), bits: fc.integer({ min: 1, max: 64 }) });
const ports = fc.array(u16, { maxLength: 9 });
/** Whole actions: those with bytes up to their end take a multiple of 8. */
const bytesAfter = (header: number) =>
  fc.nat(3).chain((words) => {
    const size = 8 - (header % 8) + words * 8;
    return fc.uint8Array({ minLength: size, maxLength: size });
  });
const of = (type: string, fields: Record<string, Arbitrary<unknown>> = {}): Arbitrary<Element> =>
  fc.record({ type: fc.constant(type), ...fields });

const place = fc.record({ field, offset: u16 });
const learnSpec = fc.oneof(
  fc.record({ type: fc.constant('match'), bits: u8, src: place, dst: place }),
  fc.record({
    type: fc.constant('load'),
    bits: fc.constant(20),
    src: fc.record({ value: fc.bigInt(0n, 0xfffffn) }),
    dst: place,
  }),
  fc.record({ type: fc.constant('output'), bits: u8.filter((bits) => bits > 0), src: place }),
);
const learned = {
  idleTimeout: u16,
  hardTimeout: u16,
  priority: u16,
  cookie: u64,
  tableId: u8,
  finIdleTimeout: u16,
  finHardTimeout: u16,
  specs: fc.array(
    learnSpec.filter(({ bits }) => bits > 0),
    { maxLength: 4 },
  ),
};
const controllerProperty = fc.oneof(
  of('max_len', { maxLen: u16 }),
  of('controller_id', { controllerId: u16 }),
  of('reason', { reason: u8 }),
  of('userdata', { data: fc.uint8Array({ maxLength: 20 }) }),
  of('pause'),
  of('meter_id', { meterId: u32 }),
);

/** Nicira's, which every version has. */
const nicira: Arbitrary<Element> = fc.oneof(
  of('nx_resubmit_table', { inPort: u16, tableId: u8 }),
  of('nx_multipath', {
    fields: u16,
    basis: u16,
    algorithm: u16,
    maxLink: u16,
    arg: u32,
    range,
    dst: field,
  }),
  of('nx_bundle', { algorithm: u16, fields: u16, basis: u16, memberType: field, members: ports }),
  of('nx_bundle_load', {
    algorithm: u16,
    fields: u16,
    basis: u16,
    memberType: field,
    range,
    dst: field,
    members: ports,
  }),
  of('nx_output_reg2', { range, maxLen: u16, src: anyField }),
  of('nx_stack_push', { offset: u16, field: anyField, bits: u16 }),
  of('nx_check_pkt_larger', { pktLen: u16, offset: u16, dst: anyField }),
  of('nx_delete_field', { field: anyField }),
  of('nx_dec_ttl_cnt_ids', { controllerIds: ports }),
  of('nx_note', { note: bytesAfter(10) }),
  of('nx_controller2', { properties: fc.array(controllerProperty, { maxLength: 4 }) }),
  of('nx_learn', { ...learned, flags: u16 }),
  of('nx_learn2', { ...learned, flags: fc.nat(3), limit: u32, result: fc.constant(undefined) }),
  of('nx_learn2', {
    ...learned,
    flags: fc.integer({ min: 4, max: 7 }),
    limit: u32,
    result: fc.record({ field: anyField, offset: u16 }),
  }),
  of('nx_nat', { flags: u16, range: fc.record({ ipv4Min: fc.constant('10.0.0.1'), protoMin: u16 }) }),
  of('nx_conjunction', { clause: u8, nClauses: u8, id: u32 }),
  of('experimenter', { experimenter: fc.constant(0x00c0ffee), data: bytesAfter(8) }),
);

/** What a version has beside them. */
const standard: Readonly<Record<Version, Arbitrary<Element>>> = {
  '1.0': fc.oneof(
    of('output', { port: u16, maxLen: u16 }),
    of('enqueue', { port: u16, queueId: u32 }),
    of('set_vlan_vid', { vlanVid: u16 }),
    of('set_nw_tos', { nwTos: u8 }),
    of('strip_vlan'),
    of('nx_set_mpls_label', { mplsLabel: u32 }),
    of('nx_reg_move', { bits: u16, srcOffset: u16, dstOffset: u16, src: anyField, dst: anyField }),
  ),
  '1.1': fc.oneof(
    of('output', { port: u32, maxLen: u16 }),
    of('set_dl_src', { dlAddr: fc.constant('02:00:00:00:00:01') }),
    of('set_nw_tos', { nwTos: u8 }),
    of('set_mpls_label', { mplsLabel: u32 }),
  ),
  '1.2': fc.oneof(
    of('set_field', { field: fc.constant('nsh_c1'), value: u32 }),
    of('nx_reg_load', { range, dst: field, value: u64 }),
  ),
  '1.3': fc.oneof(
    of('group', { groupId: u32 }),
    of('onf_copy_field', { bits: u16, srcOffset: u16, dstOffset: u16, src: anyField, dst: anyField }),
  ),
  '1.4': of('nx_reg_load2', { field: fc.constant('reg7'), value: u32, mask: u32 }),
  '1.5': fc.oneof(
    of('set_field', { field: fc.constant('eth_type'), value: u16, mask: u16 }),
    of('copy_field', { bits: u16, srcOffset: u16, dstOffset: u16, src: anyField, dst: anyField }),
    of('meter', { meterId: u32 }),
  ),
};

const inside = (any: Arbitrary<Element>, depth: number): Arbitrary<Element> => {
  if (depth === 0) return any;
  const actions = fc.array(inside(any, depth - 1), { maxLength: 3 });
  const nested = fc.oneof(
    of('nx_clone', { actions }),
    of('nx_ct', { flags: u16, zone: u16, tableId: u8, alg: u16, actions }),
  );
  return fc.oneof({ weight: 4, arbitrary: any }, { weight: 1, arbitrary: nested });
};
const anyActions = (version: Version): Arbitrary<readonly Element[]> =>
  fc.array(inside(fc.oneof(nicira, standard[version]), DEPTH), { maxLength: 5 });

/** A flow mod that does these actions; the arbitrary says what the generated types say. */
function doing(version: Version, given: readonly Element[]): AnyMessage {
  if (version === '1.0') return of10.flowMod({ command: 0, actions: given as readonly of10.Action[] });
  switch (version) {
    case '1.1':
      return of11.flowMod({
        command: 0,
        instructions: [of11.instruction.applyActions(given as readonly of11.Action[])],
      });
    case '1.2':
      return of12.flowMod({
        command: 0,
        instructions: [of12.instruction.applyActions(given as readonly of12.Action[])],
      });
    case '1.3':
      return flowMod({ command: 0, instructions: [instruction.applyActions(given as readonly Action[])] });
    case '1.4':
      return of14.flowMod({
        command: 0,
        instructions: [of14.instruction.applyActions(given as readonly of14.Action[])],
      });
    case '1.5':
      return of15.flowMod({
        command: 0,
        instructions: [of15.instruction.applyActions(given as readonly of15.Action[])],
      });
  }
}

/** Undefined for a refusal; anything but a ProtocolError is a fault. */
function decodeOrRefuse(data: Uint8Array): ReturnType<typeof decodeMessage> | undefined {
  try {
    return decodeMessage(data);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

describe.each(VERSIONS)('actions of %s', (version) => {
  const any = anyActions(version).map((given) => doing(version, given));
  const withLength = (data: Uint8Array): Uint8Array => {
    new DataView(data.buffer).setUint16(2, data.length);
    return data;
  };

  it('come back from their bytes as they were', () => {
    fc.assert(
      fc.property(any, (message) => {
        const encoded = encodeMessage(message, XID, version);
        expect(decodeMessage(encoded).message).toEqual(message);
        expect(encoded.length % 8).toBe(0);
      }),
      { numRuns: RUNS * 3 },
    );
  });

  it('cut off anywhere are refused, or mean what they encode to', () => {
    fc.assert(
      fc.property(any, u16, (message, at) => {
        const whole = encodeMessage(message, XID, version);
        const cut = withLength(whole.slice(0, 8 + (at % (whole.length - 8))));
        const decoded = decodeOrRefuse(cut);
        if (decoded !== undefined) expect(encodeMessage(decoded.message, XID, version)).toEqual(cut);
      }),
      { numRuns: RUNS * 2 },
    );
  });

  it('with changed bits are refused, or encode to as many bytes and mean the same again', () => {
    const flips = fc.array(fc.tuple(u16, fc.nat(7)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(any, flips, (message, changes) => {
        const data = encodeMessage(message, XID, version).slice();
        for (const [at, bit] of changes) {
          const index = 8 + (at % (data.length - 8));
          data[index] = (data[index] ?? 0) ^ (1 << bit);
        }
        const decoded = decodeOrRefuse(data);
        if (decoded === undefined) return;
        const again = encodeMessage(decoded.message, XID, version);
        expect(again.length).toBe(data.length);
        expect(decodeMessage(again).message).toEqual(decoded.message);
      }),
      { numRuns: RUNS * 5 },
    );
  });
});

describe('nested actions', () => {
  const nested = (depth: number): Action =>
    depth === 0 ? action.popVlan() : { type: 'nx_clone', actions: [nested(depth - 1)] };
  /** The list of instructions and that of actions are levels too. */
  const deepest = NESTING_MAX - 2;

  it('are read and written down to the limit', () => {
    const message = doing('1.3', [nested(deepest)]);
    expect(decodeMessage(encodeMessage(message, XID)).message).toEqual(message);
  });

  it('deeper than that are neither written nor read, and leave nothing behind', () => {
    expect(() => encodeMessage(doing('1.3', [nested(deepest + 1)]), XID)).toThrow(EncodeError);
    expect(refusalOf(bomb(deepest + 1))).toMatchObject({ ofType: 2, ofCode: 7 });
    const message = doing('1.3', [nested(deepest)]);
    expect(decodeMessage(encodeMessage(message, XID)).message).toEqual(message);
  });

  it('as deep as a message is long are refused, not followed', () => {
    expect(refusalOf(bomb(4085))).toMatchObject({ ofType: 2, ofCode: 7 });
  });

  /** A flow mod of clones inside clones, each of 16 bytes and what it holds, without our encoder. */
  function bomb(depth: number): Uint8Array {
    const empty = encodeMessage(doing('1.3', []), XID);
    const data = new Uint8Array(empty.length + depth * 16);
    data.set(empty);
    const view = new DataView(data.buffer);
    view.setUint16(2, data.length);
    view.setUint16(empty.length - 6, 8 + depth * 16);
    for (let level = 0; level < depth; level++) {
      const at = empty.length + level * 16;
      view.setUint16(at, 0xffff);
      view.setUint16(at + 2, (depth - level) * 16);
      view.setUint32(at + 4, 0x00002320);
      view.setUint16(at + 8, 42);
    }
    return data;
  }

  function refusalOf(data: Uint8Array): unknown {
    try {
      decodeMessage(data);
    } catch (error) {
      if (error instanceof ProtocolError) return error.detail;
      throw error;
    }
    return undefined;
  }
});
