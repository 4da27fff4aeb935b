/**
 * From a layout to random values of it, for property tests: whatever the schema can say has to come back from its
 * bytes. What has a custom field is left out unless `custom` knows values of it.
 */
import fc, { type Arbitrary } from 'fast-check';
import type { Field, MessageSchema, StructSchema, UnionMember, UnionSchema } from './dsl.ts';
import type { VersionSchema } from './index.ts';
import { wireVersion } from './versions.ts';

type Properties = Record<string, unknown>;
/** Values of custom fields by the name of their codec. */
export type CustomValues = Readonly<Record<string, Arbitrary<unknown>>>;

const LIST_MAX = 3;
const u8 = fc.nat(0xff);
const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffffffff);
const u64 = fc.bigInt(0n, 0xffffffffffffffffn);
const hex = (digits: number) =>
  fc.bigInt(0n, 16n ** BigInt(digits) - 1n).map((value) => value.toString(16).padStart(digits, '0'));
const mac = hex(12).map((digits) => digits.replaceAll(/(..)(?=.)/g, '$1:'));
const ipv4 = fc.array(u8, { minLength: 4, maxLength: 4 }).map((bytes) => bytes.join('.'));
const oxmId = fc.constantFrom(
  'in_port',
  'eth_dst',
  'eth_dst/mask',
  'metadata',
  'ipv6_src/mask',
  '0x00020002',
);
/** In front of a value, so of 8 bytes for an experimenter's. */
const oxmHeader = fc.oneof(oxmId, fc.constant('onf_tcp_flags'));
const time = fc.record({ sec: u32, nsec: u32 });

const SCALARS = {
  u8,
  u16,
  u32,
  u64,
  mac,
  dpid: hex(16),
  ipv4,
  ipv6: fc.constantFrom('::', '::1', 'fe80::1', '2001:db8::7', '1:0:0:2::3', 'ffff:ffff::'),
  oxm_id: oxmId,
  bit_range: fc.record({ offset: fc.nat(1023), bits: fc.integer({ min: 1, max: 64 }) }),
} as const;
const BYTES = {
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  mac: 6,
  dpid: 8,
  ipv4: 4,
  ipv6: 16,
  oxm_id: 4,
  bit_range: 2,
} as const;

const some = (record: Record<string, Arbitrary<unknown>>) => fc.record(record, { requiredKeys: [] });
/** Few fields only: what a match can hold has tests of its own. */
const MATCHES = {
  oxm: some({
    in_port: u32,
    metadata: fc.oneof(u64, fc.record({ value: u64, mask: u64 })),
    eth_dst: mac,
    '0x00020003': fc.uint8Array({ minLength: 3, maxLength: 3 }),
  }),
  nxm: some({ metadata: u64, eth_dst: mac }),
  of10: some({ in_port: fc.integer({ min: 1, max: 0xfeff }), eth_src: mac, eth_dst: mac }),
  of11: some({ in_port: fc.integer({ min: 1, max: 0xfeff }), eth_src: mac, eth_dst: mac }),
};
const STATS = some({
  duration: time,
  idle_time: time,
  flow_count: u32,
  packet_count: u64,
  byte_count: u64,
  '0x80020402': fc.uint8Array({ minLength: 2, maxLength: 2 }),
});

/** Thrown for a layout of which no values can be made. */
class NoValues extends Error {}

export class Arbitraries {
  /** Elements that are being made: those inside themselves (actions that hold actions) end with empty lists. */
  private readonly making: string[] = [];
  private readonly elements = new Map<string, Arbitrary<unknown>>();

  constructor(
    private readonly schema: VersionSchema,
    private readonly custom: CustomValues,
  ) {}

  /** Any message of this layout; undefined when values of one of its fields are not known. */
  message({ type, fields, multipart }: MessageSchema): Arbitrary<Properties> | undefined {
    const flags = multipart === undefined ? {} : { flags: u16 };
    return made(() => fc.record({ type: fc.constant(type), ...flags, ...this.record(fields, 0, 1) }));
  }

  /** `before` bytes stand before the fields; a rest makes the whole a multiple of `align`. */
  private record(
    fields: readonly Field[],
    before: number,
    align: number,
  ): Record<string, Arbitrary<unknown>> {
    const record: Record<string, Arbitrary<unknown>> = {};
    let at = before;
    for (const field of fields) {
      if (field.kind === 'oxm') Object.assign(record, { field: fc.constant('eth_dst'), value: mac });
      else if ('name' in field) record[field.name] = this.value(field, at, align);
      at += sizeOf(field);
    }
    return record;
  }

  private value(field: Field & { readonly name: string }, at: number, align: number): Arbitrary<unknown> {
    switch (field.kind) {
      case 'scalar':
        return SCALARS[field.wire];
      case 'text':
        return fc.string({ maxLength: field.size }).filter((text) => /^[\x20-\x7e]*$/.test(text));
      case 'match':
        return MATCHES[field.form];
      case 'stats':
        return STATS;
      case 'list':
        if (this.making.includes(field.of)) return fc.constant([]);
        return fc.array(this.element(field.of), { maxLength: LIST_MAX });
      case 'inline':
        return this.element(field.of);
      case 'numbers':
        return fc.array<unknown>(SCALARS[field.wire], { maxLength: 9 });
      case 'oxm_header':
        return oxmHeader;
      case 'bitmap':
        return fc.uniqueArray(u8, { maxLength: 9 }).map((numbers) => numbers.toSorted((a, b) => a - b));
      case 'rest':
        return rest(at, align);
      case 'embedded':
        return this.embedded();
      case 'custom':
        return this.custom[field.codec] ?? missing(field.codec);
      default:
        return missing(field.kind);
    }
  }

  /** A whole message of the same version; what it says does not matter here. */
  private embedded(): Arbitrary<unknown> {
    const data = fc.uint8Array({ maxLength: 9 });
    const message = fc.oneof(
      fc.record({ type: fc.constant('echo_request'), data }),
      fc.record({ type: fc.constant('barrier_request') }),
    );
    return fc.record({ version: fc.constant(wireVersion(this.schema.version)), xid: u32, message });
  }

  private element(name: string): Arbitrary<unknown> {
    const known = this.elements.get(name);
    if (known !== undefined) return known;
    this.making.push(name);
    try {
      const any = this.makeElement(name);
      // What stands inside another of its kind is poorer, so it is made again elsewhere.
      if (this.making.length === 1) this.elements.set(name, any);
      return any;
    } finally {
      this.making.pop();
    }
  }

  private makeElement(name: string): Arbitrary<unknown> {
    const struct = this.schema.structs.find((candidate) => candidate.name === name);
    if (struct !== undefined) return this.struct(struct);
    const union = this.schema.unions.find((candidate) => candidate.name === name);
    if (union === undefined) throw new Error(`${this.schema.version} has no ${name}`);
    return this.union(union);
  }

  private struct({ fields }: StructSchema): Arbitrary<unknown> {
    return fc.record(this.record(fields, 0, 8));
  }

  private union(union: UnionSchema): Arbitrary<unknown> {
    const align = union.lengthIncludesPadding ? union.align : 1;
    const unknown = fc.record({
      type: fc.constant('unknown'),
      code: fc.constantFrom(0x7001, 0x7ffe),
      data: rest(4, align, union.minimum - 4),
    });
    const members = union.members.flatMap((member) => made(() => this.member(union, member, align)) ?? []);
    return fc.oneof(...members, unknown);
  }

  private member(union: UnionSchema, member: UnionMember, align: number): Arbitrary<unknown> {
    const before = member.experimenter === undefined ? 4 : 8 + (union.subtypeBytes ?? 2);
    return fc.record({ type: fc.constant(member.type), ...this.record(member.fields, before, align) });
  }
}

function missing(what: string): never {
  throw new NoValues(what);
}

function made<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof NoValues) return undefined;
    throw error;
  }
}

/** At least `least` bytes that make the whole a multiple of `align`, so that no padding follows them. */
const rest = (before: number, align: number, least = 0): Arbitrary<Uint8Array> =>
  fc.nat(4).chain((count) => {
    const step = align === 1 ? 3 : align;
    const size = Math.ceil((before + least) / align) * align - before + count * step;
    return fc.uint8Array({ minLength: size, maxLength: size });
  });

/** Bytes of a field of fixed size; the others end a layout where it matters. */
function sizeOf(field: Field): number {
  switch (field.kind) {
    case 'scalar':
      return BYTES[field.wire];
    case 'pad':
    case 'text':
      return field.size;
    case 'length_of':
    case 'count_of':
    case 'self_length':
      return 2;
    default:
      return 0;
  }
}
