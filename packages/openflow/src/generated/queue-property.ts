// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { bytesOf, exactly, need, u16, u32 } from '../runtime/bounds.ts';
import { ELEMENT, type ElementKind } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';

/** Guaranteed rate. */
export interface MinRateQueueProperty {
  readonly type: 'min_rate';
  readonly rate: number;
}

/** Greatest rate. */
export interface MaxRateQueueProperty {
  readonly type: 'max_rate';
  readonly rate: number;
}

/** A property of somebody else, kept as bytes. */
export interface ExperimenterQueueProperty {
  readonly type: 'experimenter';
  readonly experimenter: number;
  readonly data: Uint8Array;
}

/** An element whose type this version does not name: kept as bytes, encoded unchanged. */
export interface UnknownQueueProperty {
  readonly type: 'unknown';
  readonly code: number;
  /** What follows type and length. */
  readonly data: Uint8Array;
}

/** A property of a queue. Rates are tenths of a percent of the port rate; above 1000 means off. OpenFlow 1.3.0 §A.2.2. */
export type QueueProperty =
  | MinRateQueueProperty
  | MaxRateQueueProperty
  | ExperimenterQueueProperty
  | UnknownQueueProperty;

/** Builders for QueueProperty. */
export const queueProperty = {
  minRate: (rate: number): MinRateQueueProperty => ({ type: 'min_rate', rate }),
  maxRate: (rate: number): MaxRateQueueProperty => ({ type: 'max_rate', rate }),
  experimenter: (fields: { experimenter: number; data?: Uint8Array }): ExperimenterQueueProperty => ({ type: 'experimenter', data: new Uint8Array(0), ...fields }),
};

export function decodeQueueProperty(view: DataView, off: number, end: number): QueueProperty {
  switch (view.getUint16(off)) {
    case 1: {
      exactly(off, end, 16, ELEMENT);
      const rate = view.getUint16(off + 8);
      return { type: 'min_rate', rate };
    }
    case 2: {
      exactly(off, end, 16, ELEMENT);
      const rate = view.getUint16(off + 8);
      return { type: 'max_rate', rate };
    }
    case 0xffff: {
      need(off, end, 16, ELEMENT);
      const experimenter = view.getUint32(off + 8);
      const data = bytesOf(view, off + 16, end);
      return { type: 'experimenter', experimenter, data };
    }
    default:
      return { type: 'unknown', code: view.getUint16(off), data: bytesOf(view, off + 4, end) };
  }
}

export function encodeQueueProperty(writer: Writer, value: QueueProperty): void {
  switch (value.type) {
    case 'min_rate': {
      const at = writer.claim(16);
      const view = writer.view;
      view.setUint16(at, 1);
      view.setUint16(at + 2, 16);
      view.setUint32(at + 4, 0);
      view.setUint16(at + 8, u16(value.rate, 'rate'));
      view.setUint32(at + 10, 0);
      view.setUint16(at + 14, 0);
      return;
    }
    case 'max_rate': {
      const at = writer.claim(16);
      const view = writer.view;
      view.setUint16(at, 2);
      view.setUint16(at + 2, 16);
      view.setUint32(at + 4, 0);
      view.setUint16(at + 8, u16(value.rate, 'rate'));
      view.setUint32(at + 10, 0);
      view.setUint16(at + 14, 0);
      return;
    }
    case 'experimenter': {
      const at = writer.claim(16);
      const view = writer.view;
      view.setUint16(at, 0xffff);
      view.setUint32(at + 4, 0);
      view.setUint32(at + 8, u32(value.experimenter, 'experimenter'));
      view.setUint32(at + 12, 0);
      writer.append(value.data);
      writer.padFrom(at, 8);
      writer.patchLength(at + 2, at, 'queue_property');
      return;
    }
    case 'unknown': {
      const at = writer.claim(4);
      writer.view.setUint16(at, u16(value.code, 'code'));
      writer.append(value.data);
      writer.padFrom(at, 8);
      writer.patchLength(at + 2, at, 'queue_property');
    }
  }
}

export const queuePropertyKind: ElementKind<QueueProperty> = {
  lengthAt: 2,
  minimum: 8,
  align: 8,
  lengthIncludesPadding: true,
  badLength: [1, 6],
  decode: decodeQueueProperty,
  encode: encodeQueueProperty,
};
