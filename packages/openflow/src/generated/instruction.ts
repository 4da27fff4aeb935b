// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { bytesOf, exactly, need, u16, u32, u64, u8 } from '../runtime/bounds.ts';
import { ELEMENT, type ElementKind, decodeList, encodeList } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';
import { type Action, actionKind } from './action.ts';

/** Go on in a later table. */
export interface GotoTableInstruction {
  readonly type: 'goto_table';
  readonly tableId: number;
}

/** Write bits of the metadata. */
export interface WriteMetadataInstruction {
  readonly type: 'write_metadata';
  readonly metadata: bigint;
  /** bits to write */
  readonly mask: bigint;
}

/** Add to the action set. */
export interface WriteActionsInstruction {
  readonly type: 'write_actions';
  readonly actions: readonly Action[];
}

/** Do at once, in order. */
export interface ApplyActionsInstruction {
  readonly type: 'apply_actions';
  readonly actions: readonly Action[];
}

/** Empty the action set. */
export interface ClearActionsInstruction {
  readonly type: 'clear_actions';
}

/** Pass through a meter first. */
export interface MeterInstruction {
  readonly type: 'meter';
  readonly meterId: number;
}

/** An instruction of somebody else, kept as bytes. */
export interface ExperimenterInstruction {
  readonly type: 'experimenter';
  readonly experimenter: number;
  readonly data: Uint8Array;
}

/** An element whose type this version does not name: kept as bytes, encoded unchanged. */
export interface UnknownInstruction {
  readonly type: 'unknown';
  readonly code: number;
  /** What follows type and length. */
  readonly data: Uint8Array;
}

/** What a flow entry does with a packet that it matches. OpenFlow 1.3.0 §A.2.4. */
export type Instruction =
  | GotoTableInstruction
  | WriteMetadataInstruction
  | WriteActionsInstruction
  | ApplyActionsInstruction
  | ClearActionsInstruction
  | MeterInstruction
  | ExperimenterInstruction
  | UnknownInstruction;

/** Builders for Instruction. */
export const instruction = {
  gotoTable: (tableId: number): GotoTableInstruction => ({ type: 'goto_table', tableId }),
  writeMetadata: (fields: { metadata: bigint; mask?: bigint }): WriteMetadataInstruction => ({ type: 'write_metadata', mask: 0xffffffffffffffffn, ...fields }),
  writeActions: (actions: readonly Action[]): WriteActionsInstruction => ({ type: 'write_actions', actions }),
  applyActions: (actions: readonly Action[]): ApplyActionsInstruction => ({ type: 'apply_actions', actions }),
  clearActions: (): ClearActionsInstruction => ({ type: 'clear_actions' }),
  meter: (meterId: number): MeterInstruction => ({ type: 'meter', meterId }),
  experimenter: (fields: { experimenter: number; data?: Uint8Array }): ExperimenterInstruction => ({ type: 'experimenter', data: new Uint8Array(0), ...fields }),
};

export function decodeInstruction(view: DataView, off: number, end: number): Instruction {
  switch (view.getUint16(off)) {
    case 1: {
      exactly(off, end, 8, ELEMENT);
      const tableId = view.getUint8(off + 4);
      return { type: 'goto_table', tableId };
    }
    case 2: {
      exactly(off, end, 24, ELEMENT);
      const metadata = view.getBigUint64(off + 8);
      const mask = view.getBigUint64(off + 16);
      return { type: 'write_metadata', metadata, mask };
    }
    case 3: {
      need(off, end, 8, ELEMENT);
      const actions = decodeList(view, off + 8, end, actionKind, 'actions');
      return { type: 'write_actions', actions };
    }
    case 4: {
      need(off, end, 8, ELEMENT);
      const actions = decodeList(view, off + 8, end, actionKind, 'actions');
      return { type: 'apply_actions', actions };
    }
    case 5: {
      exactly(off, end, 8, ELEMENT);
      return { type: 'clear_actions' };
    }
    case 6: {
      exactly(off, end, 8, ELEMENT);
      const meterId = view.getUint32(off + 4);
      return { type: 'meter', meterId };
    }
    case 0xffff: {
      need(off, end, 8, ELEMENT);
      const experimenter = view.getUint32(off + 4);
      const data = bytesOf(view, off + 8, end);
      return { type: 'experimenter', experimenter, data };
    }
    default:
      return { type: 'unknown', code: view.getUint16(off), data: bytesOf(view, off + 4, end) };
  }
}

export function encodeInstruction(writer: Writer, value: Instruction): void {
  switch (value.type) {
    case 'goto_table': {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint16(at, 1);
      view.setUint16(at + 2, 8);
      view.setUint8(at + 4, u8(value.tableId, 'tableId'));
      view.setUint16(at + 5, 0);
      view.setUint8(at + 7, 0);
      return;
    }
    case 'write_metadata': {
      const at = writer.claim(24);
      const view = writer.view;
      view.setUint16(at, 2);
      view.setUint16(at + 2, 24);
      view.setUint32(at + 4, 0);
      view.setBigUint64(at + 8, u64(value.metadata, 'metadata'));
      view.setBigUint64(at + 16, u64(value.mask, 'mask'));
      return;
    }
    case 'write_actions': {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint16(at, 3);
      view.setUint32(at + 4, 0);
      encodeList(writer, value.actions, actionKind);
      writer.padFrom(at, 8);
      writer.patchLength(at + 2, at, 'instruction');
      return;
    }
    case 'apply_actions': {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint16(at, 4);
      view.setUint32(at + 4, 0);
      encodeList(writer, value.actions, actionKind);
      writer.padFrom(at, 8);
      writer.patchLength(at + 2, at, 'instruction');
      return;
    }
    case 'clear_actions': {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint16(at, 5);
      view.setUint16(at + 2, 8);
      view.setUint32(at + 4, 0);
      return;
    }
    case 'meter': {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint16(at, 6);
      view.setUint16(at + 2, 8);
      view.setUint32(at + 4, u32(value.meterId, 'meterId'));
      return;
    }
    case 'experimenter': {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint16(at, 0xffff);
      view.setUint32(at + 4, u32(value.experimenter, 'experimenter'));
      writer.append(value.data);
      writer.padFrom(at, 8);
      writer.patchLength(at + 2, at, 'instruction');
      return;
    }
    case 'unknown': {
      const at = writer.claim(4);
      writer.view.setUint16(at, u16(value.code, 'code'));
      writer.append(value.data);
      writer.padFrom(at, 8);
      writer.patchLength(at + 2, at, 'instruction');
    }
  }
}

export const instructionKind: ElementKind<Instruction> = {
  lengthAt: 2,
  minimum: 8,
  align: 8,
  lengthIncludesPadding: true,
  badLength: [3, 7],
  decode: decodeInstruction,
  encode: encodeInstruction,
};
