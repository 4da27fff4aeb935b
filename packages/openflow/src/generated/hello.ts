// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import type { Buildable } from '../runtime/buildable.ts';
import { decodeList, encodeList } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';
import { type HelloElement, helloElementKind } from './hello-element.ts';

/** OFPT_HELLO: the first message of each side, with the versions it speaks. OpenFlow 1.3.0 §A.5.1. */
export interface Hello {
  readonly type: 'hello';
  readonly elements: readonly HelloElement[];
}

/** A Hello with the usual values where `fields` says nothing. */
export const hello = (fields: Buildable<Hello, 'elements'> = {}): Hello => ({
  type: 'hello',
  elements: [],
  ...fields,
});

export function decodeHello(view: DataView, off: number, end: number): Hello {
  const elements = decodeList(view, off, end, helloElementKind, 'elements');
  return { type: 'hello', elements };
}

export function encodeHello(writer: Writer, value: Hello): void {
  encodeList(writer, value.elements, helloElementKind);
}
