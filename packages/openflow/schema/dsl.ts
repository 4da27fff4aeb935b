/**
 * The words in which a wire layout is written down. A layout is data: the generator reads it to write typed
 * code, and the fixture annotator reads it to explain bytes. Fields stand in wire order.
 *
 * One file a message, structure or union. What differs between versions of the protocol stands side by side in
 * that file: `messages(...)` and `structs(...)` take one layout for each range of versions, members of a union name
 * theirs.
 */
import { VERSIONS, type Version } from './versions.ts';

/**
 * `oxm_id` is the header of an OXM field without its value, as text (see OxmId); `bit_range` is Nicira's u16 of
 * offset and length in bits ({ offset, bits }).
 */
export type ScalarWire =
  | 'u8'
  | 'u16'
  | 'u32'
  | 'u64'
  | 'mac'
  | 'dpid'
  | 'ipv4'
  | 'ipv6'
  | 'oxm_id'
  | 'bit_range';
export type Initial = number | bigint | string;

/** A number or an address of fixed width. With `initial` the builder lets it be left out. */
export interface ScalarField {
  readonly kind: 'scalar';
  readonly wire: ScalarWire;
  readonly name: string;
  readonly note?: string;
  readonly initial?: Initial;
}
/** Zero bytes; written as zero, ignored when read. */
export interface PadField {
  readonly kind: 'pad';
  readonly size: number;
  /** OFPET_* and code of the answer when the bytes are not zero (see runtime/error-numbers.ts); else they are ignored. */
  readonly nonZero?: readonly [number, number];
}
/** ASCII text in a field of fixed size, ended by NUL when shorter. */
export interface TextField {
  readonly kind: 'text';
  readonly name: string;
  readonly size: number;
}
/** The length in bytes of the list, match or custom field `of`, which comes later in the same layout. */
export interface LengthField {
  readonly kind: 'length_of';
  readonly of: string;
}
/** How many numbers the `numbers` field `of` has, as u16; that one comes later in the same layout. */
export interface CountField {
  readonly kind: 'count_of';
  readonly of: string;
}
/** The length in bytes of the structure itself. */
export interface SelfLengthField {
  readonly kind: 'self_length';
}
/**
 * The match of a flow entry, always of the type Match:
 * `oxm` type, length, OXM fields, padding to 8 bytes (from 1.2);
 * `of10` the fixed 40 bytes of 1.0; `of11` the fixed 88 bytes of 1.1;
 * `nxm` bare fields, as many bytes as a `length_of` field says, then padding to 8 bytes (Nicira).
 */
export interface MatchField {
  readonly kind: 'match';
  readonly form: 'oxm' | 'of10' | 'of11' | 'nxm';
  readonly name: string;
  /** Text of the value that builders put in when it is left out; an empty match unless told. */
  readonly initial?: string;
}
/** The counters of 1.5: reserved, length, OXS fields, padding to 8 bytes; of the type Stats. */
export interface StatsField {
  readonly kind: 'stats';
  readonly name: string;
}
/** One OXM header, value and perhaps mask, up to the end (set_field). It gives two properties: field and value. */
export interface OxmField {
  readonly kind: 'oxm';
}
/** Elements up to the end of the enclosing structure, or as many bytes as a `length_of` field says. */
export interface ListField {
  readonly kind: 'list';
  readonly name: string;
  readonly of: string;
  /** When there are elements, zeros come first up to a multiple of this many bytes of the message. */
  readonly alignBefore?: number;
}
/** Numbers of one width up to the end; `oxm_id` takes 4 bytes, or 8 with an experimenter. */
export interface NumbersField {
  readonly kind: 'numbers';
  readonly name: string;
  readonly wire: 'u8' | 'u16' | 'u32' | 'oxm_id';
  readonly note?: string;
}
/** One OXM header without value: 4 bytes, or 8 with an experimenter. */
export interface OxmHeaderField {
  readonly kind: 'oxm_header';
  readonly name: string;
}
/** The padding after a field that varies: fewer than 8 bytes, which the element writes itself. */
export interface PadEndField {
  readonly kind: 'pad_end';
  readonly nonZero?: readonly [number, number];
}
/** One structure of fixed size. */
export interface InlineField {
  readonly kind: 'inline';
  readonly name: string;
  readonly of: string;
}
/** u32 words up to the end, of which bit n of word w stands for the number 32 w + n. */
export interface BitmapField {
  readonly kind: 'bitmap';
  readonly name: string;
}
/** Bytes up to the end, or as many as a `length_of` field says. */
export interface RestField {
  readonly kind: 'rest';
  readonly name: string;
}
/** A whole message with its header (bundles, request forwarding), of the type Envelope. */
export interface EmbeddedField {
  readonly kind: 'embedded';
  readonly name: string;
}
/**
 * What no other word describes, up to the end or as many bytes as a `length_of` field says. The file
 * src/runtime/custom/<codec in kebab case>.ts exports `decode<Codec>(view, from, end): T`,
 * `encode<Codec>(writer, value): void` and the type `T` by the name `type`.
 */
export interface CustomField {
  readonly kind: 'custom';
  readonly name: string;
  /** snake_case */
  readonly codec: string;
  /** The exported type, for example 'NatRange', or 'readonly LearnSpec[]'. */
  readonly type: string;
  /** Text of the value that builders put in when it is left out. */
  readonly initial?: string;
  /** Bytes on the wire; or `self`, then the file exports `endOf<Codec>(view, at, end): number` too. */
  readonly size?: number | 'self';
}

export type Field =
  | ScalarField
  | PadField
  | TextField
  | LengthField
  | CountField
  | SelfLengthField
  | MatchField
  | StatsField
  | OxmField
  | ListField
  | NumbersField
  | OxmHeaderField
  | PadEndField
  | InlineField
  | BitmapField
  | RestField
  | EmbeddedField
  | CustomField;

/** Who defined an extension, and which of theirs it is. */
export interface ExperimenterCode {
  readonly id: number;
  readonly subtype: number;
}
export const NICIRA = 0x00002320;
export const ONF = 0x4f4e4600;

export interface MessageSchema {
  readonly schema: 'message';
  readonly versions: readonly Version[];
  readonly type: string;
  readonly section: string;
  readonly doc: string;
  /** OFPT_* number; for multiparts that of the request or of the reply. */
  readonly code: number;
  /** OFPMP_* number (OFPST_* before 1.3), for multiparts only. 0xffff for those of an experimenter. */
  readonly multipart?: number;
  /** For code 4, or multipart 0xffff: u32 experimenter and u32 subtype stand before the fields. */
  readonly experimenter?: ExperimenterCode;
  /** The message that answers this one. */
  readonly reply?: string;
  /** The length of the message is a multiple of this many bytes, else it is answered with OFPBRC_BAD_LEN. */
  readonly multipleOf?: number;
  readonly fields: readonly Field[];
}

/** A structure inside messages. With a `self_length` field its size varies; without, it is fixed. */
export interface StructSchema {
  readonly schema: 'struct';
  readonly versions: readonly Version[];
  readonly name: string;
  readonly section: string;
  readonly doc: string;
  /** For structures that vary: each starts at a multiple of this many bytes; 8 unless told. */
  readonly align?: number;
  /** For structures that vary: whether the length counts the padding; yes unless told. */
  readonly lengthIncludesPadding?: boolean;
  /** OFPET_* and code of the answer to a bad length; OFPBRC_BAD_LEN unless told. */
  readonly badLength?: readonly [number, number];
  /** OFPET_* and code of the answer to whatever is wrong inside. */
  readonly badContent?: readonly [number, number];
  readonly fields: readonly Field[];
}

export interface UnionMember {
  readonly type: string;
  readonly code: number;
  /** The versions that have it; all versions of the union unless told. */
  readonly versions?: readonly Version[];
  /** For code 0xffff: u32 experimenter, then the subtype, stand before the fields. */
  readonly experimenter?: ExperimenterCode;
  readonly doc: string;
  readonly fields: readonly Field[];
}

/** Elements that begin with u16 type and u16 length. Types that no member names are kept as `unknown`. */
export interface UnionSchema {
  readonly schema: 'union';
  readonly versions: readonly Version[];
  readonly name: string;
  readonly section: string;
  readonly doc: string;
  /** Each element starts at a multiple of this many bytes. */
  readonly align: number;
  /** True when the length counts the padding (actions); false when padding follows it (hello elements). */
  readonly lengthIncludesPadding: boolean;
  /** The padding after the last element need not be there; it must, unless told. */
  readonly lastMayLackPadding?: boolean;
  /** `length_type`: the two numbers at the beginning are swapped (flow updates). */
  readonly header?: 'type_length' | 'length_type';
  /** Bytes of the subtype of an experimenter's element: 2 for actions of Nicira and ONF, 4 for properties. */
  readonly subtypeBytes?: 2 | 4;
  /** Smallest legal length. */
  readonly minimum: number;
  /** OFPET_* and code of the answer to a bad length. */
  readonly badLength: readonly [number, number];
  readonly members: readonly UnionMember[];
}

const scalar =
  (wire: ScalarWire) =>
  (name: string, note?: string, initial?: Initial): ScalarField => ({
    kind: 'scalar',
    wire,
    name,
    ...(note === undefined ? {} : { note }),
    ...(initial === undefined ? {} : { initial }),
  });

export const u8 = scalar('u8');
export const u16 = scalar('u16');
export const u32 = scalar('u32');
export const u64 = scalar('u64');
export const mac = scalar('mac');
export const dpid = scalar('dpid');
export const ipv4 = scalar('ipv4');
export const ipv6 = scalar('ipv6');
export const oxmId = scalar('oxm_id');
export const bitRange = scalar('bit_range');
export const pad = (size: number, nonZero?: readonly [number, number]): PadField => ({
  kind: 'pad',
  size,
  ...(nonZero === undefined ? {} : { nonZero }),
});
export const text = (name: string, size: number): TextField => ({ kind: 'text', name, size });
export const lengthOf = (of: string): LengthField => ({ kind: 'length_of', of });
export const countOf = (of: string): CountField => ({ kind: 'count_of', of });
export const selfLength = (): SelfLengthField => ({ kind: 'self_length' });
export const match = (name = 'match', initial?: string): MatchField => ({
  kind: 'match',
  form: 'oxm',
  name,
  ...(initial === undefined ? {} : { initial }),
});
export const match10 = (name = 'match'): MatchField => ({ kind: 'match', form: 'of10', name });
export const match11 = (name = 'match'): MatchField => ({ kind: 'match', form: 'of11', name });
export const nxMatch = (name = 'match'): MatchField => ({ kind: 'match', form: 'nxm', name });
export const stats = (name = 'stats'): StatsField => ({ kind: 'stats', name });
export const oxm = (): OxmField => ({ kind: 'oxm' });
export const list = (name: string, of: string, alignBefore?: number): ListField => ({
  kind: 'list',
  name,
  of,
  ...(alignBefore === undefined ? {} : { alignBefore }),
});
export const numbers = (name: string, wire: NumbersField['wire'], note?: string): NumbersField => ({
  kind: 'numbers',
  name,
  wire,
  ...(note === undefined ? {} : { note }),
});
export const oxmHeader = (name: string): OxmHeaderField => ({ kind: 'oxm_header', name });
export const padEnd = (nonZero?: readonly [number, number]): PadEndField => ({
  kind: 'pad_end',
  ...(nonZero === undefined ? {} : { nonZero }),
});
export const embedded = (name: string): EmbeddedField => ({ kind: 'embedded', name });
export const custom = (
  name: string,
  codec: string,
  type: string,
  initial?: string,
  size?: number | 'self',
): CustomField => ({
  kind: 'custom',
  name,
  codec,
  type,
  ...(initial === undefined ? {} : { initial }),
  ...(size === undefined ? {} : { size }),
});
export const inline = (name: string, of: string): InlineField => ({ kind: 'inline', name, of });
export const bitmap = (name: string): BitmapField => ({ kind: 'bitmap', name });
export const rest = (name: string): RestField => ({ kind: 'rest', name });

/** What all versions of a message have in common. */
type MessageHead = Pick<MessageSchema, 'type' | 'doc' | 'reply'>;
type MessageVariant = Omit<MessageSchema, 'schema' | 'type' | 'doc' | 'reply'> & Partial<MessageHead>;

/** A message that looks the same in all versions that have it. */
export const message = (schema: Omit<MessageSchema, 'schema'>): MessageSchema => ({
  schema: 'message',
  ...schema,
});
/** A message that versions lay out differently, one variant for each range of them. */
export const messages = (head: MessageHead, variants: readonly MessageVariant[]): readonly MessageSchema[] =>
  variants.map((variant) => ({ schema: 'message', ...head, ...variant }));

type StructHead = Pick<StructSchema, 'name' | 'doc'>;
type StructVariant = Omit<StructSchema, 'schema' | 'name' | 'doc'> & Partial<StructHead>;

export const struct = (schema: Omit<StructSchema, 'schema'>): StructSchema => ({
  schema: 'struct',
  ...schema,
});
export const structs = (head: StructHead, variants: readonly StructVariant[]): readonly StructSchema[] =>
  variants.map((variant) => ({ schema: 'struct', ...head, ...variant }));

type UnionInput = Omit<UnionSchema, 'schema' | 'versions'> & { readonly versions?: readonly Version[] };
/** Elements told apart by a number; in every version unless `versions` says so. */
export const union = (schema: UnionInput): UnionSchema => ({
  schema: 'union',
  versions: VERSIONS,
  ...schema,
});
