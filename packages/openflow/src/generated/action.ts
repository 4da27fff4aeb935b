// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { bytesOf, exactly, need, u16, u32, u8 } from '../runtime/bounds.ts';
import { ELEMENT, type ElementKind } from '../runtime/list.ts';
import { decodeSetField, encodeSetField } from '../runtime/match.ts';
import type { Writer } from '../runtime/writer.ts';
import type { OxmValues } from './match-types.ts';

/** Send out of a port; maxLen limits what goes to the controller. */
export interface OutputAction {
  readonly type: 'output';
  /** port or OFPP_* */
  readonly port: number;
  /** bytes, OFPCML_NO_BUFFER for all */
  readonly maxLen: number;
}

/** Copy the TTL outwards. */
export interface CopyTtlOutAction {
  readonly type: 'copy_ttl_out';
}

/** Copy the TTL inwards. */
export interface CopyTtlInAction {
  readonly type: 'copy_ttl_in';
}

/** Set the MPLS TTL. */
export interface SetMplsTtlAction {
  readonly type: 'set_mpls_ttl';
  readonly ttl: number;
}

/** Decrement the MPLS TTL. */
export interface DecMplsTtlAction {
  readonly type: 'dec_mpls_ttl';
}

/** Push a VLAN tag. */
export interface PushVlanAction {
  readonly type: 'push_vlan';
  readonly ethertype: number;
}

/** Pop the outer VLAN tag. */
export interface PopVlanAction {
  readonly type: 'pop_vlan';
}

/** Push an MPLS label. */
export interface PushMplsAction {
  readonly type: 'push_mpls';
  readonly ethertype: number;
}

/** Pop the outer MPLS label. */
export interface PopMplsAction {
  readonly type: 'pop_mpls';
  readonly ethertype: number;
}

/** Choose the queue of later outputs. */
export interface SetQueueAction {
  readonly type: 'set_queue';
  readonly queueId: number;
}

/** Go through a group. */
export interface GroupAction {
  readonly type: 'group';
  readonly groupId: number;
}

/** Set the IP TTL. */
export interface SetNwTtlAction {
  readonly type: 'set_nw_ttl';
  readonly ttl: number;
}

/** Decrement the IP TTL. */
export interface DecNwTtlAction {
  readonly type: 'dec_nw_ttl';
}

/** Set a header field. A field that this version does not name stands under its OXM header, with its bytes. */
export type SetFieldAction =
  | { readonly [F in keyof OxmValues]: { readonly type: 'set_field'; readonly field: F; readonly value: OxmValues[F] } }[keyof OxmValues]
  | { readonly type: 'set_field'; readonly field: `0x${string}`; readonly value: Uint8Array };

/** Push a PBB tag. */
export interface PushPbbAction {
  readonly type: 'push_pbb';
  readonly ethertype: number;
}

/** Pop the PBB tag. */
export interface PopPbbAction {
  readonly type: 'pop_pbb';
}

/** An action of somebody else, kept as bytes. */
export interface ExperimenterAction {
  readonly type: 'experimenter';
  readonly experimenter: number;
  readonly data: Uint8Array;
}

/** An element whose type this version does not name: kept as bytes, encoded unchanged. */
export interface UnknownAction {
  readonly type: 'unknown';
  readonly code: number;
  /** What follows type and length. */
  readonly data: Uint8Array;
}

/** What happens to a packet. OpenFlow 1.3.0 §A.2.5. */
export type Action =
  | OutputAction
  | CopyTtlOutAction
  | CopyTtlInAction
  | SetMplsTtlAction
  | DecMplsTtlAction
  | PushVlanAction
  | PopVlanAction
  | PushMplsAction
  | PopMplsAction
  | SetQueueAction
  | GroupAction
  | SetNwTtlAction
  | DecNwTtlAction
  | SetFieldAction
  | PushPbbAction
  | PopPbbAction
  | ExperimenterAction
  | UnknownAction;

/** Builders for Action. */
export const action = {
  output: (fields: { port: number; maxLen?: number }): OutputAction => ({ type: 'output', maxLen: 0xffff, ...fields }),
  copyTtlOut: (): CopyTtlOutAction => ({ type: 'copy_ttl_out' }),
  copyTtlIn: (): CopyTtlInAction => ({ type: 'copy_ttl_in' }),
  setMplsTtl: (ttl: number): SetMplsTtlAction => ({ type: 'set_mpls_ttl', ttl }),
  decMplsTtl: (): DecMplsTtlAction => ({ type: 'dec_mpls_ttl' }),
  pushVlan: (ethertype: number = 0x8100): PushVlanAction => ({ type: 'push_vlan', ethertype }),
  popVlan: (): PopVlanAction => ({ type: 'pop_vlan' }),
  pushMpls: (ethertype: number = 0x8847): PushMplsAction => ({ type: 'push_mpls', ethertype }),
  popMpls: (ethertype: number): PopMplsAction => ({ type: 'pop_mpls', ethertype }),
  setQueue: (queueId: number): SetQueueAction => ({ type: 'set_queue', queueId }),
  group: (groupId: number): GroupAction => ({ type: 'group', groupId }),
  setNwTtl: (ttl: number): SetNwTtlAction => ({ type: 'set_nw_ttl', ttl }),
  decNwTtl: (): DecNwTtlAction => ({ type: 'dec_nw_ttl' }),
  setField: <F extends keyof OxmValues>(field: F, value: OxmValues[F]): SetFieldAction =>
    ({ type: 'set_field', field, value }) as SetFieldAction,
  pushPbb: (ethertype: number = 0x88e7): PushPbbAction => ({ type: 'push_pbb', ethertype }),
  popPbb: (): PopPbbAction => ({ type: 'pop_pbb' }),
  experimenter: (fields: { experimenter: number; data?: Uint8Array }): ExperimenterAction => ({ type: 'experimenter', data: new Uint8Array(0), ...fields }),
};

export function decodeAction(view: DataView, off: number, end: number): Action {
  switch (view.getUint16(off)) {
    case 0: {
      exactly(off, end, 16, ELEMENT);
      const port = view.getUint32(off + 4);
      const maxLen = view.getUint16(off + 8);
      return { type: 'output', port, maxLen };
    }
    case 11: {
      exactly(off, end, 8, ELEMENT);
      return { type: 'copy_ttl_out' };
    }
    case 12: {
      exactly(off, end, 8, ELEMENT);
      return { type: 'copy_ttl_in' };
    }
    case 15: {
      exactly(off, end, 8, ELEMENT);
      const ttl = view.getUint8(off + 4);
      return { type: 'set_mpls_ttl', ttl };
    }
    case 16: {
      exactly(off, end, 8, ELEMENT);
      return { type: 'dec_mpls_ttl' };
    }
    case 17: {
      exactly(off, end, 8, ELEMENT);
      const ethertype = view.getUint16(off + 4);
      return { type: 'push_vlan', ethertype };
    }
    case 18: {
      exactly(off, end, 8, ELEMENT);
      return { type: 'pop_vlan' };
    }
    case 19: {
      exactly(off, end, 8, ELEMENT);
      const ethertype = view.getUint16(off + 4);
      return { type: 'push_mpls', ethertype };
    }
    case 20: {
      exactly(off, end, 8, ELEMENT);
      const ethertype = view.getUint16(off + 4);
      return { type: 'pop_mpls', ethertype };
    }
    case 21: {
      exactly(off, end, 8, ELEMENT);
      const queueId = view.getUint32(off + 4);
      return { type: 'set_queue', queueId };
    }
    case 22: {
      exactly(off, end, 8, ELEMENT);
      const groupId = view.getUint32(off + 4);
      return { type: 'group', groupId };
    }
    case 23: {
      exactly(off, end, 8, ELEMENT);
      const ttl = view.getUint8(off + 4);
      return { type: 'set_nw_ttl', ttl };
    }
    case 24: {
      exactly(off, end, 8, ELEMENT);
      return { type: 'dec_nw_ttl' };
    }
    case 25: {
      need(off, end, 4, ELEMENT);
      const setField = decodeSetField(view, off + 4, end);
      return setField;
    }
    case 26: {
      exactly(off, end, 8, ELEMENT);
      const ethertype = view.getUint16(off + 4);
      return { type: 'push_pbb', ethertype };
    }
    case 27: {
      exactly(off, end, 8, ELEMENT);
      return { type: 'pop_pbb' };
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

export function encodeAction(writer: Writer, value: Action): void {
  switch (value.type) {
    case 'output': {
      const at = writer.claim(16);
      const view = writer.view;
      view.setUint16(at, 0);
      view.setUint16(at + 2, 16);
      view.setUint32(at + 4, u32(value.port, 'port'));
      view.setUint16(at + 8, u16(value.maxLen, 'maxLen'));
      view.setUint32(at + 10, 0);
      view.setUint16(at + 14, 0);
      return;
    }
    case 'copy_ttl_out': {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint16(at, 11);
      view.setUint16(at + 2, 8);
      view.setUint32(at + 4, 0);
      return;
    }
    case 'copy_ttl_in': {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint16(at, 12);
      view.setUint16(at + 2, 8);
      view.setUint32(at + 4, 0);
      return;
    }
    case 'set_mpls_ttl': {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint16(at, 15);
      view.setUint16(at + 2, 8);
      view.setUint8(at + 4, u8(value.ttl, 'ttl'));
      view.setUint16(at + 5, 0);
      view.setUint8(at + 7, 0);
      return;
    }
    case 'dec_mpls_ttl': {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint16(at, 16);
      view.setUint16(at + 2, 8);
      view.setUint32(at + 4, 0);
      return;
    }
    case 'push_vlan': {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint16(at, 17);
      view.setUint16(at + 2, 8);
      view.setUint16(at + 4, u16(value.ethertype, 'ethertype'));
      view.setUint16(at + 6, 0);
      return;
    }
    case 'pop_vlan': {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint16(at, 18);
      view.setUint16(at + 2, 8);
      view.setUint32(at + 4, 0);
      return;
    }
    case 'push_mpls': {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint16(at, 19);
      view.setUint16(at + 2, 8);
      view.setUint16(at + 4, u16(value.ethertype, 'ethertype'));
      view.setUint16(at + 6, 0);
      return;
    }
    case 'pop_mpls': {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint16(at, 20);
      view.setUint16(at + 2, 8);
      view.setUint16(at + 4, u16(value.ethertype, 'ethertype'));
      view.setUint16(at + 6, 0);
      return;
    }
    case 'set_queue': {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint16(at, 21);
      view.setUint16(at + 2, 8);
      view.setUint32(at + 4, u32(value.queueId, 'queueId'));
      return;
    }
    case 'group': {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint16(at, 22);
      view.setUint16(at + 2, 8);
      view.setUint32(at + 4, u32(value.groupId, 'groupId'));
      return;
    }
    case 'set_nw_ttl': {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint16(at, 23);
      view.setUint16(at + 2, 8);
      view.setUint8(at + 4, u8(value.ttl, 'ttl'));
      view.setUint16(at + 5, 0);
      view.setUint8(at + 7, 0);
      return;
    }
    case 'dec_nw_ttl': {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint16(at, 24);
      view.setUint16(at + 2, 8);
      view.setUint32(at + 4, 0);
      return;
    }
    case 'set_field': {
      const at = writer.claim(4);
      const view = writer.view;
      view.setUint16(at, 25);
      encodeSetField(writer, value.field, value.value);
      writer.padFrom(at, 8);
      writer.patchLength(at + 2, at, 'action');
      return;
    }
    case 'push_pbb': {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint16(at, 26);
      view.setUint16(at + 2, 8);
      view.setUint16(at + 4, u16(value.ethertype, 'ethertype'));
      view.setUint16(at + 6, 0);
      return;
    }
    case 'pop_pbb': {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint16(at, 27);
      view.setUint16(at + 2, 8);
      view.setUint32(at + 4, 0);
      return;
    }
    case 'experimenter': {
      const at = writer.claim(8);
      const view = writer.view;
      view.setUint16(at, 0xffff);
      view.setUint32(at + 4, u32(value.experimenter, 'experimenter'));
      writer.append(value.data);
      writer.padFrom(at, 8);
      writer.patchLength(at + 2, at, 'action');
      return;
    }
    case 'unknown': {
      const at = writer.claim(4);
      writer.view.setUint16(at, u16(value.code, 'code'));
      writer.append(value.data);
      writer.padFrom(at, 8);
      writer.patchLength(at + 2, at, 'action');
    }
  }
}

export const actionKind: ElementKind<Action> = {
  lengthAt: 2,
  minimum: 8,
  align: 8,
  lengthIncludesPadding: true,
  badLength: [2, 1],
  decode: decodeAction,
  encode: encodeAction,
};
