// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly, u16 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPT_GET_CONFIG_REPLY: fragment handling and packet-in length. OpenFlow 1.3.0 §A.3.2. */
export interface GetConfigReply {
  readonly type: 'get_config_reply';
  /** OFPC_FRAG_* */
  readonly flags: number;
  /** bytes */
  readonly missSendLen: number;
}

/** A GetConfigReply with the usual values where `fields` says nothing. */
export const getConfigReply = (fields: Buildable<GetConfigReply, 'flags' | 'missSendLen'> = {}): GetConfigReply => ({
  type: 'get_config_reply',
  flags: 0,
  missSendLen: 128,
  ...fields,
});

export function decodeGetConfigReply(view: DataView, off: number, end: number): GetConfigReply {
  exactly(off, end, 4, 'get_config_reply');
  const flags = view.getUint16(off);
  const missSendLen = view.getUint16(off + 2);
  return { type: 'get_config_reply', flags, missSendLen };
}

export function encodeGetConfigReply(writer: Writer, value: GetConfigReply): void {
  const at = writer.claim(4);
  const view = writer.view;
  view.setUint16(at, u16(value.flags, 'flags'));
  view.setUint16(at + 2, u16(value.missSendLen, 'missSendLen'));
}
