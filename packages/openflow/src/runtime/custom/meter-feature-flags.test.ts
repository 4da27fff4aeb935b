import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../protocol-error.ts';
import { Writer } from '../writer.ts';
import {
  decodeMeterFeatureFlags,
  encodeMeterFeatureFlags,
  type MeterFeatureFlags,
} from './meter-feature-flags.ts';

const encode = (flags: MeterFeatureFlags): Uint8Array => {
  const writer = new Writer();
  encodeMeterFeatureFlags(writer, flags);
  return writer.take();
};
const decode = (bytes: Uint8Array): MeterFeatureFlags =>
  decodeMeterFeatureFlags(new DataView(bytes.buffer), 0, bytes.length);

describe('the end of a meter_features_reply of 1.5', () => {
  it('survives both ways', () => {
    const bytes = Uint8Array.of(0, 0, 0, 5, 0, 0, 0, 0);
    expect(decode(bytes)).toBe(5);
    expect(encode(5)).toEqual(bytes);
  });

  it('may be missing', () => {
    expect(decode(new Uint8Array(0))).toBeUndefined();
    expect(encode(undefined)).toEqual(new Uint8Array(0));
  });

  it.each([1, 4, 7, 9, 16])('of %i bytes is refused', (size) => {
    expect(() => decode(new Uint8Array(size))).toThrow(ProtocolError);
  });
});
