/**
 * Lists of elements that carry their own length, or have a fixed one. Every element is decoded inside exactly its
 * own bytes, and every turn of the loop advances by at least `minimum` bytes, so no input can hang it.
 *
 * Actions contain actions (Nicira's clone and ct), so lists nest as deep as a peer likes; NESTING_MAX keeps the stack
 * safe. A message has at most 65,535 bytes, so a list has at most 16,383 elements.
 */
import { need } from './bounds.ts';
import {
  BAD_REQUEST_LEN,
  EncodeError,
  ProtocolError,
  protocolError,
  TOO_MANY_ACTIONS,
} from './protocol-error.ts';
import type { Writer } from './writer.ts';

export interface ElementKind<T> {
  /** Offset of the u16 length inside the element; -1 when all elements have `minimum` bytes. */
  readonly lengthAt: number;
  readonly minimum: number;
  /** Elements begin at multiples of this. */
  readonly align: number;
  /** The length counts the padding. */
  readonly lengthIncludesPadding: boolean;
  /** The padding after the last element need not be there, when the length does not count it. */
  readonly lastMayLackPadding?: boolean;
  /** OFPET_* and code for a bad length. */
  readonly badLength: readonly [number, number];
  /** OFPET_* and code for whatever is wrong inside an element, when that has one answer. */
  readonly badContent?: readonly [number, number];
  readonly decode: (view: DataView, at: number, end: number) => T;
  readonly encode: (writer: Writer, element: T) => void;
}

export function decodeList<T>(
  view: DataView,
  from: number,
  end: number,
  kind: ElementKind<T>,
  name: string,
): readonly T[] {
  const elements: T[] = [];
  let at = from;
  depth += 1;
  try {
    if (depth > NESTING_MAX) {
      throw protocolError(`lists are nested more than ${NESTING_MAX} deep`, TOO_MANY_ACTIONS, from, ELEMENT);
    }
    while (at < end) {
      const size = elementSize(view, at, end, kind);
      elements.push(kind.decode(view, at, at + size));
      at += kind.lengthIncludesPadding ? size : padded(size, kind);
    }
  } catch (error) {
    throw error instanceof ProtocolError ? placed(error, `${name}[${elements.length}]`, kind) : error;
  } finally {
    depth -= 1;
  }
  return elements;
}

/** Lists inside lists. Open vSwitch 3.1 reads as many levels of actions when they are written as text. */
export const NESTING_MAX = 100;
/** Codecs never wait, so one count serves every caller. */
let depth = 0;

type Answers = Pick<ElementKind<unknown>, 'badLength' | 'badContent'>;

/** Element decoders do not know their place, nor the error that answers a bad length of theirs; both are added here. */
function placed(error: ProtocolError, place: string, { badLength, badContent }: Answers): ProtocolError {
  const { path, ofType, ofCode } = error.detail;
  if (badContent !== undefined) {
    return error.answered(badContent, path === ELEMENT ? place : `${place}.${path}`);
  }
  if (path !== ELEMENT) return new ProtocolError(error.reason, { ...error.detail, path: `${place}.${path}` });
  const isLength = ofType === BAD_REQUEST_LEN[0] && ofCode === BAD_REQUEST_LEN[1];
  return error.answered(isLength ? badLength : [ofType, ofCode], place);
}

/** The path of an element that does not know its place yet. */
export const ELEMENT = 'element';

function elementSize<T>(view: DataView, at: number, end: number, kind: ElementKind<T>): number {
  need(at, end, kind.minimum, ELEMENT);
  if (kind.lengthAt < 0) return kind.minimum;
  const size = view.getUint16(at + kind.lengthAt);
  if (size < kind.minimum || size > end - at) {
    throw protocolError(
      `length ${size} is not between ${kind.minimum} and ${end - at}`,
      kind.badLength,
      at,
      ELEMENT,
    );
  }
  if (kind.lengthIncludesPadding && size % kind.align !== 0) {
    throw protocolError(`length ${size} is not a multiple of ${kind.align}`, kind.badLength, at, ELEMENT);
  }
  if (!kind.lengthIncludesPadding && !kind.lastMayLackPadding && padded(size, kind) > end - at) {
    throw protocolError(`the padding after ${size} bytes is not there`, kind.badLength, at, ELEMENT);
  }
  return size;
}

const padded = (size: number, { align }: { readonly align: number }): number =>
  Math.ceil(size / align) * align;

export function encodeList<T>(writer: Writer, elements: readonly T[], kind: ElementKind<T>): void {
  depth += 1;
  try {
    if (depth > NESTING_MAX) throw new EncodeError(`lists are nested more than ${NESTING_MAX} deep`);
    for (const element of elements) kind.encode(writer, element);
  } finally {
    depth -= 1;
  }
}

/** Where one element of its own length ends, padding included, that stands alone inside a structure. */
export function endOfElement<T>(
  view: DataView,
  at: number,
  end: number,
  kind: ElementKind<T>,
  name: string,
): number {
  try {
    const size = elementSize(view, at, end, kind);
    return at + (kind.lengthIncludesPadding ? size : padded(size, kind));
  } catch (error) {
    throw error instanceof ProtocolError ? placed(error, name, kind) : error;
  }
}
