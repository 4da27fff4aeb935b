// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly, u16 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPT_SET_CONFIG: sets fragment handling and packet-in length. OpenFlow 1.3.0 §A.3.2. */
export interface SetConfig {
  readonly type: 'set_config';
  /** OFPC_FRAG_* */
  readonly flags: number;
  /** bytes */
  readonly missSendLen: number;
}

/** A SetConfig with the usual values where `fields` says nothing. */
export const setConfig = (fields: Buildable<SetConfig, 'flags' | 'missSendLen'> = {}): SetConfig => ({
  type: 'set_config',
  flags: 0,
  missSendLen: 128,
  ...fields,
});

export function decodeSetConfig(view: DataView, off: number, end: number): SetConfig {
  exactly(off, end, 4, 'set_config');
  const flags = view.getUint16(off);
  const missSendLen = view.getUint16(off + 2);
  return { type: 'set_config', flags, missSendLen };
}

export function encodeSetConfig(writer: Writer, value: SetConfig): void {
  const at = writer.claim(4);
  const view = writer.view;
  view.setUint16(at, u16(value.flags, 'flags'));
  view.setUint16(at + 2, u16(value.missSendLen, 'missSendLen'));
}
