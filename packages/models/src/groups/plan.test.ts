import { bitsPerSec, bytes, bytesPerSec, millis } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { precopy } from '../precopy.ts';
import { flat } from '../rate-policies/rate-policy.ts';
import { volumeThreshold } from '../stop-policies/threshold.ts';
import { lowerBound } from './bound.ts';
import { parallel, serial } from './callegati.ts';
import { costOf, flatProblem, type GroupProblem } from './first-group.ts';
import { type GroupVm, groupTimes, inGroupsOf, scheduleTimes, sharesOf } from './group.ts';
import { planGroups, planOfSize } from './plan.ts';

const MIB = 1024 ** 2;
const GIB = 1024 * MIB;
const rate = bitsPerSec(1e9);
const resume = millis(100);

/** A sequence that is the same in every run. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

const equalVm: GroupVm = {
  memory: bytes(GIB),
  dirtyRate: bytesPerSec(2500 * 4096),
  workingSet: bytes(GIB),
  threshold: bytes(100 * MIB),
  isCritical: true,
};
const equal = (count: number) => Array.from({ length: count }, () => equalVm);

function unequal(count: number, seed: number, dirty = 8e6): readonly GroupVm[] {
  const next = sequence(seed);
  return Array.from({ length: count }, () => {
    const memory = (0.25 + 3.75 * next()) * GIB;
    return {
      memory: bytes(memory),
      dirtyRate: bytesPerSec(dirty * (0.1 + 2 * next())),
      workingSet: bytes(memory * (0.1 + 0.9 * next())),
      threshold: bytes(100 * MIB),
      isCritical: next() < 0.8,
    };
  });
}

const problemOf = (vms: readonly GroupVm[], change: Partial<GroupProblem> = {}): GroupProblem => ({
  vms,
  rate,
  roundsMax: 8,
  rest: 'precopy',
  resumeSec: 0.1,
  weightTotal: 1,
  weightDowntime: 1,
  ...change,
});

/** Every way to split a set into groups. */
function partitions(items: readonly number[]): readonly (readonly (readonly number[])[])[] {
  const [head, ...tail] = items;
  if (head === undefined) return [[]];
  return partitions(tail).flatMap((groups) => [
    [[head], ...groups],
    ...groups.map((group, at) => groups.map((other, index) => (index === at ? [head, ...group] : other))),
  ]);
}

describe('groups of equal VMs', () => {
  const set = { vms: 8, rate, memory: bytes(GIB), threshold: bytes(100 * MIB), roundsMax: 8, resume };
  const of = { rate, roundsMax: 8, resume, rest: 'precopy' } as const;

  it('of one are the serial closed form, and of all the parallel one', () => {
    for (const [size, closed] of [
      [1, serial(set, 0.08192)],
      [8, parallel(set, 0.08192)],
    ] as const) {
      const times = scheduleTimes(inGroupsOf(equal(8), size), of);
      expect(times.totalTime).toBeCloseTo(closed.totalTime, 6);
      expect(times.downtime).toBeCloseTo(closed.downtime, 6);
      const planned = planOfSize(problemOf(equal(8)), size);
      expect(planned.totalTime).toBeCloseTo(closed.totalTime, 6);
    }
  });

  it('of g have λ_j = g·λ', () => {
    for (const size of [2, 4]) {
      const group = parallel({ ...set, vms: size }, 0.08192);
      const times = scheduleTimes(inGroupsOf(equal(8), size), of);
      expect(times.totalTime).toBeCloseTo((8 / size) * group.totalTime, 6);
      expect(times.downtime).toBeCloseTo((8 / size - 1) * group.totalTime + group.downtime, 6);
    }
  });

  it('sent once after the first are the improved serial form', () => {
    const times = scheduleTimes(inGroupsOf(equal(8), 1), { ...of, rest: 'stopped' });
    expect(times.totalTime / 1000).toBeCloseTo(69.423, 3);
    expect(times.downtime / 1000).toBeCloseTo(60.933, 3);
    const after = scheduleTimes(inGroupsOf(equal(8), 1), { ...of, rest: 'postcopy' });
    expect(after.totalTime).toBeCloseTo(times.totalTime, 9);
    expect(after.downtime / 1000).toBeCloseTo(0.8037, 4);
  });
});

describe('groups of unequal VMs', () => {
  it('of one are what the pre-copy engine plays', () => {
    for (const vm of unequal(50, 3)) {
      const played = precopy({
        memory: vm.memory,
        dirtyRate: vm.dirtyRate,
        workingSet: vm.workingSet,
        free: rate,
        ratePolicy: flat(rate),
        // The engine counts the stop-and-copy as a transfer of its own.
        stopPolicy: volumeThreshold({ threshold: vm.threshold, roundsMax: 8 }),
        coldBelow: vm.threshold,
        switchoverRate: rate,
      });
      const alone = groupTimes([vm], { rate, roundsMax: 8 });
      expect(alone.totalTime).toBeCloseTo(played.totalTime, 6);
      expect(alone.stopAndCopy).toBeCloseTo(played.stopAndCopyTime, 6);
    }
  });

  it('never ask for more than the channel', () => {
    const next = sequence(5);
    for (let turn = 0; turn < 200; turn += 1) {
      const shares = sharesOf(
        Array.from({ length: 1 + (turn % 9) }, () => bytes(next() * GIB)),
        rate,
      );
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(rate * (1 + 1e-12));
    }
  });

  it('together last at least as long as their parts one after the other', () => {
    for (let seed = 1; seed < 100; seed += 1) {
      const vms = unequal(6, seed, 2e7);
      const channel = { rate, roundsMax: 8 };
      const parts =
        groupTimes(vms.slice(0, 3), channel).totalTime + groupTimes(vms.slice(3), channel).totalTime;
      expect(groupTimes(vms, channel).totalTime).toBeGreaterThanOrEqual(parts * (1 - 1e-12));
    }
  });
});

describe('the best plan', () => {
  const weights = [0, 0.1, 1, 10];
  const modes = ['precopy', 'stopped', 'postcopy'] as const;

  it('is not beaten by any partition into groups in any order', () => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const vms = unequal(6, seed, seed % 2 ? 8e6 : 3e7).map((vm) => ({ ...vm, isCritical: true }));
      const weightDowntime = weights[seed % 4] ?? 1;
      const problem = problemOf(vms, { weightDowntime });
      const plan = planGroups(problem);
      for (const groups of partitions([0, 1, 2, 3, 4, 5]))
        for (const first of groups) {
          const ordered = [first, ...groups.filter((group) => group !== first)];
          const times = scheduleTimes(
            ordered.map((group) => group.map((index) => vms[index] as GroupVm)),
            { ...problem, resume },
          );
          const cost = (times.totalTime + weightDowntime * times.downtime) / 1000;
          expect(plan.objective).toBeLessThanOrEqual(cost * (1 + 1e-9));
        }
    }
  });

  it('has a bound that no group goes below', () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const vms = unequal(9, seed, [5e5, 4e6, 3e7][seed % 3]);
      const problem = problemOf(
        vms.map((vm, index) => (index === 0 ? { ...vm, isCritical: true } : vm)),
        {
          weightDowntime: weights[seed % 4] ?? 1,
          rest: modes[seed % 3] ?? 'precopy',
        },
      );
      const flatForm = flatProblem(problem);
      const volumes = new Float64Array(9);
      const bound = lowerBound(flatForm, (chosen) => costOf(flatForm, chosen, volumes));
      const resumeCost = problem.weightDowntime * problem.resumeSec;
      expect(bound.value + resumeCost).toBeLessThanOrEqual(planGroups(problem).objective * (1 + 1e-9));
    }
  });

  it('of many VMs is at least as good as serial, parallel and every size of group, and above its bound', () => {
    for (const rest of modes) {
      const problem = problemOf(unequal(64, 7), { rest });
      const plan = planGroups(problem);
      expect(plan.exact).toBe(false);
      expect(plan.lowerBound).toBeLessThanOrEqual(plan.objective);
      expect([...plan.first, ...plan.rest].sort((a, b) => a - b)).toEqual(
        problem.vms.map((_, index) => index),
      );
      for (const size of [1, 2, 8, 64])
        expect(plan.objective).toBeLessThanOrEqual(planOfSize(problem, size).objective * (1 + 1e-9));
    }
  });

  it('wants a VM whose downtime counts', () => {
    expect(() => planGroups(problemOf([{ ...equalVm, isCritical: false }]))).toThrow(RangeError);
  });
});
