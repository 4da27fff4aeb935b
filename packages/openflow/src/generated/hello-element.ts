// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { decodeBitmap, encodeBitmap } from '../runtime/bitmap.ts';
import { bytesOf, need, u16 } from '../runtime/bounds.ts';
import { ELEMENT, type ElementKind } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';

/** The wire versions that the sender speaks. */
export interface VersionBitmapHelloElement {
  readonly type: 'version_bitmap';
  readonly versions: readonly number[];
}

/** An element whose type this version does not name: kept as bytes, encoded unchanged. */
export interface UnknownHelloElement {
  readonly type: 'unknown';
  readonly code: number;
  /** What follows type and length. */
  readonly data: Uint8Array;
}

/** An element of the hello message. OpenFlow 1.3.0 §A.5.1. */
export type HelloElement =
  | VersionBitmapHelloElement
  | UnknownHelloElement;

/** Builders for HelloElement. */
export const helloElement = {
  versionBitmap: (versions: readonly number[]): VersionBitmapHelloElement => ({ type: 'version_bitmap', versions }),
};

export function decodeHelloElement(view: DataView, off: number, end: number): HelloElement {
  switch (view.getUint16(off)) {
    case 1: {
      need(off, end, 4, ELEMENT);
      const versions = decodeBitmap(view, off + 4, end);
      return { type: 'version_bitmap', versions };
    }
    default:
      return { type: 'unknown', code: view.getUint16(off), data: bytesOf(view, off + 4, end) };
  }
}

export function encodeHelloElement(writer: Writer, value: HelloElement): void {
  switch (value.type) {
    case 'version_bitmap': {
      const at = writer.claim(4);
      const view = writer.view;
      view.setUint16(at, 1);
      encodeBitmap(writer, value.versions);
      writer.patchLength(at + 2, at, 'hello_element');
      writer.padFrom(at, 8);
      return;
    }
    case 'unknown': {
      const at = writer.claim(4);
      writer.view.setUint16(at, u16(value.code, 'code'));
      writer.append(value.data);
      writer.patchLength(at + 2, at, 'hello_element');
      writer.padFrom(at, 8);
    }
  }
}

export const helloElementKind: ElementKind<HelloElement> = {
  lengthAt: 2,
  minimum: 4,
  align: 8,
  lengthIncludesPadding: false,
  badLength: [1, 6],
  decode: decodeHelloElement,
  encode: encodeHelloElement,
};
