// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly } from '../runtime/bounds.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPT_FEATURES_REQUEST: asks for identity and basic capabilities. OpenFlow 1.3.0 §A.3.1. */
export interface FeaturesRequest {
  readonly type: 'features_request';
}

export const featuresRequest = (): FeaturesRequest => ({ type: 'features_request' });

export function decodeFeaturesRequest(_view: DataView, off: number, end: number): FeaturesRequest {
  exactly(off, end, 0, 'features_request');
  return { type: 'features_request' };
}

export function encodeFeaturesRequest(_writer: Writer, _value: FeaturesRequest): void {
}
