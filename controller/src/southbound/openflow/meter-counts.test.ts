import type { Dpid } from '@sluice/topology';
import { expect, it } from 'vitest';
import { MeterCounts } from './meter-counts.ts';

const S1 = '00000000000000a1' as Dpid;
const S2 = '00000000000000a2' as Dpid;

it('counts on over modifications, after which the switch begins at 0', () => {
  const counts = new MeterCounts();
  expect(counts.total(S1, 7, 500n)).toBe(500n);
  counts.carry(S1, 7, 500n);
  expect(counts.total(S1, 7, 20n)).toBe(520n);
  counts.carry(S1, 7, 30n);
  expect(counts.total(S1, 7, 0n)).toBe(530n);
});

it('keeps meters and switches apart, and a number that is used again begins at 0', () => {
  const counts = new MeterCounts();
  counts.carry(S1, 7, 500n);
  expect(counts.total(S1, 8, 1n)).toBe(1n);
  expect(counts.total(S2, 7, 1n)).toBe(1n);
  counts.forget(S1, 7);
  expect(counts.total(S1, 7, 1n)).toBe(1n);
});
