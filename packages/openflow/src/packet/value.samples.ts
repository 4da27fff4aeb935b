/** Generators of the values that packets are made of. */
import fc, { type Arbitrary } from 'fast-check';
import type { LayerInput } from './layer.ts';

export const u = (bits: number): Arbitrary<number> => fc.integer({ min: 0, max: 2 ** bits - 1 });
export const bytes = (minLength: number, maxLength = minLength): Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength, maxLength });
export const units = (first: number, unit: number, most: number): Arbitrary<Uint8Array> =>
  fc.integer({ min: 0, max: most }).chain((n) => bytes(first + n * unit));
export const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
export const mac = bytes(6).map((b) => [...b].map(hex).join(':'));
export const ipv4Address = bytes(4).map((b) => b.join('.'));
export const ipv6Address = fc
  .tuple(...Array.from({ length: 8 }, () => u(16)))
  .map((groups) => groups.map((group) => Math.max(group, 1).toString(16)).join(':'));

export type Layers = readonly LayerInput[];
export const one = <T extends LayerInput>(layer: Arbitrary<T>): Arbitrary<Layers> =>
  layer.map((value) => [value]);
export const inTurn = (...parts: readonly Arbitrary<Layers>[]): Arbitrary<Layers> =>
  fc.tuple(...parts).map((lists) => lists.flat());
export const nothing: Arbitrary<Layers> = fc.constant([]);
export const payload: Arbitrary<Layers> = fc.oneof(
  nothing,
  bytes(1, 40).map((data) => [{ type: 'payload', data } as const]),
);
export const record = <T>(model: { [K in keyof T]: Arbitrary<T[K]> }): Arbitrary<T> => fc.record(model);
export const absent = { requiredKeys: [] as [] };
