/**
 * The words in which a wire layout is written down. A layout is data: the generator reads it to write typed
 * code, and the fixture annotator reads it to explain bytes. Fields stand in wire order.
 */

export type ScalarWire = 'u8' | 'u16' | 'u32' | 'u64' | 'mac' | 'dpid';
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
}
/** ASCII text in a field of fixed size, ended by NUL when shorter. */
export interface TextField {
  readonly kind: 'text';
  readonly name: string;
  readonly size: number;
}
/** The length in bytes of the list `of`, which comes later in the same layout. */
export interface LengthField {
  readonly kind: 'length_of';
  readonly of: string;
}
/** The length in bytes of the structure itself. */
export interface SelfLengthField {
  readonly kind: 'self_length';
}
/** An ofp_match: type, length, OXM fields, padding to 8 bytes. */
export interface MatchField {
  readonly kind: 'match';
  readonly name: string;
}
/** One OXM header and value, padded to 8 bytes (set_field). It gives two properties: field and value. */
export interface OxmField {
  readonly kind: 'oxm';
}
/** Elements up to the end of the enclosing structure, or as many bytes as a `length_of` field says. */
export interface ListField {
  readonly kind: 'list';
  readonly name: string;
  readonly of: string;
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
/** Bytes up to the end. */
export interface RestField {
  readonly kind: 'rest';
  readonly name: string;
}

export type Field =
  | ScalarField
  | PadField
  | TextField
  | LengthField
  | SelfLengthField
  | MatchField
  | OxmField
  | ListField
  | InlineField
  | BitmapField
  | RestField;

export interface MessageSchema {
  readonly type: string;
  readonly section: string;
  readonly doc: string;
  /** OFPT_* number; for multiparts 18 (request) or 19 (reply). */
  readonly code: number;
  /** OFPMP_* number, for multiparts only. */
  readonly multipart?: number;
  /** The message that answers this one. */
  readonly reply?: string;
  readonly fields: readonly Field[];
}

/** A structure inside messages. With a `self_length` field its size varies; without, it is fixed. */
export interface StructSchema {
  readonly name: string;
  readonly section: string;
  readonly doc: string;
  readonly fields: readonly Field[];
}

export interface UnionMember {
  readonly type: string;
  readonly code: number;
  readonly doc: string;
  readonly fields: readonly Field[];
}

/** Elements that begin with u16 type and u16 length. Types that no member names are kept as `unknown`. */
export interface UnionSchema {
  readonly name: string;
  readonly section: string;
  readonly doc: string;
  /** Each element starts at a multiple of this many bytes. */
  readonly align: number;
  /** True when the length counts the padding (actions); false when padding follows it (hello elements). */
  readonly lengthIncludesPadding: boolean;
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
export const pad = (size: number): PadField => ({ kind: 'pad', size });
export const text = (name: string, size: number): TextField => ({ kind: 'text', name, size });
export const lengthOf = (of: string): LengthField => ({ kind: 'length_of', of });
export const selfLength = (): SelfLengthField => ({ kind: 'self_length' });
export const match = (name = 'match'): MatchField => ({ kind: 'match', name });
export const oxm = (): OxmField => ({ kind: 'oxm' });
export const list = (name: string, of: string): ListField => ({ kind: 'list', name, of });
export const inline = (name: string, of: string): InlineField => ({ kind: 'inline', name, of });
export const bitmap = (name: string): BitmapField => ({ kind: 'bitmap', name });
export const rest = (name: string): RestField => ({ kind: 'rest', name });
export const message = (schema: MessageSchema): MessageSchema => schema;
export const struct = (schema: StructSchema): StructSchema => schema;
export const union = (schema: UnionSchema): UnionSchema => schema;
