/**
 * Lists of elements that carry their own length, or have a fixed one. Every element is decoded inside exactly its
 * own bytes, and every turn of the loop advances by at least `minimum` bytes, so no input can hang it.
 *
 * Nesting has a limit by construction: the layouts of 1.3 nest lists three deep (groups, buckets, actions),
 * and no structure contains itself. A message has at most 65,535 bytes, so a list has at most 16,383 elements.
 */
import { need } from './bounds.ts';
import { BAD_REQUEST_LEN, ProtocolError, protocolError } from './protocol-error.ts';
import type { Writer } from './writer.ts';

export interface ElementKind<T> {
  /** Offset of the u16 length inside the element; -1 when all elements have `minimum` bytes. */
  readonly lengthAt: number;
  readonly minimum: number;
  /** Elements begin at multiples of this. */
  readonly align: number;
  /** The length counts the padding. */
  readonly lengthIncludesPadding: boolean;
  /** OFPET_* and code for a bad length. */
  readonly badLength: readonly [number, number];
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
  while (at < end) {
    try {
      const size = elementSize(view, at, end, kind);
      elements.push(kind.decode(view, at, at + size));
      at += kind.lengthIncludesPadding ? size : Math.ceil(size / kind.align) * kind.align;
    } catch (error) {
      throw error instanceof ProtocolError
        ? placed(error, `${name}[${elements.length}]`, kind.badLength)
        : error;
    }
  }
  return elements;
}

/** Element decoders do not know their place, nor the error that answers a bad length of theirs; both are added here. */
function placed(error: ProtocolError, place: string, badLength: readonly [number, number]): ProtocolError {
  const { path, ofType, ofCode } = error.detail;
  if (path !== ELEMENT) return new ProtocolError(error.reason, { ...error.detail, path: `${place}.${path}` });
  const isLength = ofType === BAD_REQUEST_LEN[0] && ofCode === BAD_REQUEST_LEN[1];
  const [answerType, answerCode] = isLength ? badLength : [ofType, ofCode];
  return new ProtocolError(error.reason, {
    ...error.detail,
    ofType: answerType,
    ofCode: answerCode,
    path: place,
  });
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
  return size;
}

export function encodeList<T>(writer: Writer, elements: readonly T[], kind: ElementKind<T>): void {
  for (const element of elements) kind.encode(writer, element);
}
