// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly } from '../runtime/bounds.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPT_GET_CONFIG_REQUEST: asks for fragment handling and packet-in length. OpenFlow 1.3.0 §A.3.2. */
export interface GetConfigRequest {
  readonly type: 'get_config_request';
}

export const getConfigRequest = (): GetConfigRequest => ({ type: 'get_config_request' });

export function decodeGetConfigRequest(_view: DataView, off: number, end: number): GetConfigRequest {
  exactly(off, end, 0, 'get_config_request');
  return { type: 'get_config_request' };
}

export function encodeGetConfigRequest(_writer: Writer, _value: GetConfigRequest): void {
}
