// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { bytesOf, exactly, need, u16, u32, u8 } from '../runtime/bounds.ts';
import { ELEMENT, type ElementKind } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';

/** Drop what is above the rate. */
export interface DropBand {
  readonly type: 'drop';
  /** kb/s or packets/s */
  readonly rate: number;
  /** kb or packets, with OFPMF_BURST */
  readonly burstSize: number;
}

/** Raise the drop precedence of what is above the rate. */
export interface DscpRemarkBand {
  readonly type: 'dscp_remark';
  /** kb/s or packets/s */
  readonly rate: number;
  /** kb or packets, with OFPMF_BURST */
  readonly burstSize: number;
  /** levels to add */
  readonly precLevel: number;
}

/** A band of somebody else, kept as bytes. */
export interface ExperimenterBand {
  readonly type: 'experimenter';
  readonly rate: number;
  readonly burstSize: number;
  readonly experimenter: number;
  readonly data: Uint8Array;
}

/** An element whose type this version does not name: kept as bytes, encoded unchanged. */
export interface UnknownBand {
  readonly type: 'unknown';
  readonly code: number;
  /** What follows type and length. */
  readonly data: Uint8Array;
}

/** One threshold of a meter. Rates are kb/s (1,000 bit/s), or packets/s with OFPMF_PKTPS. OpenFlow 1.3.0 §A.3.4.4. */
export type Band =
  | DropBand
  | DscpRemarkBand
  | ExperimenterBand
  | UnknownBand;

/** Builders for Band. */
export const band = {
  drop: (fields: { rate: number; burstSize?: number }): DropBand => ({ type: 'drop', burstSize: 0, ...fields }),
  dscpRemark: (fields: { rate: number; burstSize?: number; precLevel?: number }): DscpRemarkBand => ({ type: 'dscp_remark', burstSize: 0, precLevel: 1, ...fields }),
  experimenter: (fields: { rate: number; burstSize?: number; experimenter: number; data?: Uint8Array }): ExperimenterBand => ({ type: 'experimenter', burstSize: 0, data: new Uint8Array(0), ...fields }),
};

export function decodeBand(view: DataView, off: number, end: number): Band {
  switch (view.getUint16(off)) {
    case 1: {
      exactly(off, end, 16, ELEMENT);
      const rate = view.getUint32(off + 4);
      const burstSize = view.getUint32(off + 8);
      return { type: 'drop', rate, burstSize };
    }
    case 2: {
      exactly(off, end, 16, ELEMENT);
      const rate = view.getUint32(off + 4);
      const burstSize = view.getUint32(off + 8);
      const precLevel = view.getUint8(off + 12);
      return { type: 'dscp_remark', rate, burstSize, precLevel };
    }
    case 0xffff: {
      need(off, end, 16, ELEMENT);
      const rate = view.getUint32(off + 4);
      const burstSize = view.getUint32(off + 8);
      const experimenter = view.getUint32(off + 12);
      const data = bytesOf(view, off + 16, end);
      return { type: 'experimenter', rate, burstSize, experimenter, data };
    }
    default:
      return { type: 'unknown', code: view.getUint16(off), data: bytesOf(view, off + 4, end) };
  }
}

export function encodeBand(writer: Writer, value: Band): void {
  switch (value.type) {
    case 'drop': {
      const at = writer.claim(16);
      const view = writer.view;
      view.setUint16(at, 1);
      view.setUint16(at + 2, 16);
      view.setUint32(at + 4, u32(value.rate, 'rate'));
      view.setUint32(at + 8, u32(value.burstSize, 'burstSize'));
      view.setUint32(at + 12, 0);
      return;
    }
    case 'dscp_remark': {
      const at = writer.claim(16);
      const view = writer.view;
      view.setUint16(at, 2);
      view.setUint16(at + 2, 16);
      view.setUint32(at + 4, u32(value.rate, 'rate'));
      view.setUint32(at + 8, u32(value.burstSize, 'burstSize'));
      view.setUint8(at + 12, u8(value.precLevel, 'precLevel'));
      view.setUint16(at + 13, 0);
      view.setUint8(at + 15, 0);
      return;
    }
    case 'experimenter': {
      const at = writer.claim(16);
      const view = writer.view;
      view.setUint16(at, 0xffff);
      view.setUint32(at + 4, u32(value.rate, 'rate'));
      view.setUint32(at + 8, u32(value.burstSize, 'burstSize'));
      view.setUint32(at + 12, u32(value.experimenter, 'experimenter'));
      writer.append(value.data);
      writer.padFrom(at, 4);
      writer.patchLength(at + 2, at, 'band');
      return;
    }
    case 'unknown': {
      const at = writer.claim(4);
      writer.view.setUint16(at, u16(value.code, 'code'));
      writer.append(value.data);
      writer.padFrom(at, 4);
      writer.patchLength(at + 2, at, 'band');
    }
  }
}

export const bandKind: ElementKind<Band> = {
  lengthAt: 2,
  minimum: 12,
  align: 4,
  lengthIncludesPadding: true,
  badLength: [1, 6],
  decode: decodeBand,
  encode: encodeBand,
};
