// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { readDpid, writeDpid } from '../runtime/addresses.ts';
import { exactly, u32, u8 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPT_FEATURES_REPLY: identity and basic capabilities of the datapath. OpenFlow 1.3.0 §A.3.1. */
export interface FeaturesReply {
  readonly type: 'features_reply';
  /** 16 hexadecimal digits */
  readonly datapathId: string;
  /** packets the switch can hold */
  readonly nBuffers: number;
  /** number of flow tables */
  readonly nTables: number;
  /** 0 is the main connection */
  readonly auxiliaryId: number;
  /** OFPC_* */
  readonly capabilities: number;
  readonly reserved: number;
}

/** A FeaturesReply with the usual values where `fields` says nothing. */
export const featuresReply = (fields: Buildable<FeaturesReply, 'nBuffers' | 'nTables' | 'auxiliaryId' | 'capabilities' | 'reserved'>): FeaturesReply => ({
  type: 'features_reply',
  nBuffers: 0,
  nTables: 254,
  auxiliaryId: 0,
  capabilities: 0,
  reserved: 0,
  ...fields,
});

export function decodeFeaturesReply(view: DataView, off: number, end: number): FeaturesReply {
  exactly(off, end, 24, 'features_reply');
  const datapathId = readDpid(view, off);
  const nBuffers = view.getUint32(off + 8);
  const nTables = view.getUint8(off + 12);
  const auxiliaryId = view.getUint8(off + 13);
  const capabilities = view.getUint32(off + 16);
  const reserved = view.getUint32(off + 20);
  return { type: 'features_reply', datapathId, nBuffers, nTables, auxiliaryId, capabilities, reserved };
}

export function encodeFeaturesReply(writer: Writer, value: FeaturesReply): void {
  const at = writer.claim(24);
  const view = writer.view;
  writeDpid(view, at, value.datapathId);
  view.setUint32(at + 8, u32(value.nBuffers, 'nBuffers'));
  view.setUint8(at + 12, u8(value.nTables, 'nTables'));
  view.setUint8(at + 13, u8(value.auxiliaryId, 'auxiliaryId'));
  view.setUint16(at + 14, 0);
  view.setUint32(at + 16, u32(value.capabilities, 'capabilities'));
  view.setUint32(at + 20, u32(value.reserved, 'reserved'));
}
