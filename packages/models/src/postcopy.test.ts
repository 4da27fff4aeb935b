import { bitsPerSec, bytes, bytesPerSec, millis } from '@sluice/units';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atRoundTrip, energyCost, LIU_RECOLLECTED, linearEnergy, serverEnergy } from './energy.ts';
import { hybrid, postcopy } from './postcopy.ts';
import { precopy } from './precopy.ts';
import { flat } from './rate-policies/rate-policy.ts';
import { fixedRounds } from './stop-policies/threshold.ts';

const mbit = (value: number) => bitsPerSec(value * 1e6);
const phase = {
  rate: mbit(80),
  deviceState: bytes(1e6),
  commit: millis(20),
  activation: millis(30),
  energy: { k0: 1e-3, alpha: 2 },
};
const vm = {
  memory: bytes(100e6),
  dirtyRate: bytesPerSec(2.5e6),
  workingSet: bytes(100e6),
  free: mbit(80),
  ratePolicy: flat(mbit(80)),
};

describe('post-copy', () => {
  it('stands still for the device state alone and sends each page once', () => {
    expect(postcopy({ ...phase, memory: bytes(100e6) })).toEqual({
      downtime: 150,
      downtimeParts: { deviceState: 100, commit: 20, activation: 30 },
      pullTime: 10_000,
      totalTime: 10_150,
      sent: 101e6,
      remoteFaults: null,
      stalled: null,
      energy: expect.closeTo(6.4 * 10.1, 9),
    });
  });

  it('waits a round trip and a page for each fault, and never for more pages than there are', () => {
    const faults = { touchedPagesPerSec: 100, roundTrip: millis(2) };
    const result = postcopy({ ...phase, memory: bytes(100e6), faults });
    expect(result.remoteFaults).toBe(500);
    expect(result.stalled).toBeCloseTo(500 * (2 + (4096 * 8) / 80e3), 9);
    const busy = postcopy({ ...phase, memory: bytes(100e6), faults: { ...faults, touchedPagesPerSec: 1e9 } });
    expect(busy.remoteFaults).toBe(100e6 / 4096);
  });

  it('never stands still longer than pre-copy of the same VM with at least the device state left', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 79, noNaN: true }), (w) => {
        const plan = { ...vm, dirtyRate: bytesPerSec((w * 1e6) / 8) };
        const pre = precopy({ ...plan, stopPolicy: fixedRounds(0), switchoverRate: phase.rate });
        const post = postcopy({ ...phase, memory: vm.memory, deviceState: bytes(0) });
        expect(post.downtimeParts.deviceState).toBeLessThanOrEqual(pre.stopAndCopyTime);
        expect(post.sent).toBeLessThanOrEqual(pre.sent);
      }),
    );
  });
});

describe('hybrid', () => {
  it('leaves to post-copy what the last round dirtied', () => {
    const result = hybrid({ ...vm, rounds: 1 }, phase);
    expect(result.rounds.map((round) => round.sent)).toEqual([100e6, 25e6]);
    expect(result).toMatchObject({ downtime: 150, pullTime: 625, totalTime: 10_000 + 2500 + 150 + 625 });
    expect(result.sent).toBe(100e6 + 25e6 + 6.25e6 + 1e6);
    expect(result.energy).toBeCloseTo(6.4 * (10 + 2.5 + 0.625 + 0.1), 9);
  });
});

describe('energy and cost', () => {
  it('couples K0 to the round-trip time by the same exponent as the rate', () => {
    const model = atRoundTrip({ k0: 1e-6, alpha: 2 }, { now: millis(40), reference: millis(10) });
    expect(model).toEqual({ k0: expect.closeTo(16e-6, 15), alpha: 2 });
  });

  it('is linear in the bytes by the other model, which alpha = 1 is up to its constant', () => {
    expect(linearEnergy(bytes(1000e6), LIU_RECOLLECTED)).toBeCloseTo(532.165, 9);
    const perMegabit = LIU_RECOLLECTED.joulePerMegabyte / 8;
    const plan = { ...vm, stopPolicy: fixedRounds(2), energy: { k0: perMegabit, alpha: 1 } };
    const slow = precopy({ ...plan, switchoverRate: mbit(80) });
    expect(Number(slow.energy) + LIU_RECOLLECTED.joule).toBeCloseTo(
      linearEnergy(slow.sent, LIU_RECOLLECTED),
      9,
    );
  });

  it('has both servers at work for the whole time, at a price per kilowatt-hour', () => {
    const energy = serverEnergy(millis(60_000), { sourceWatt: 20, destinationWatt: 15, vmWatt: 5 });
    expect(energy).toBe(2400);
    expect(energyCost(energy, 0.3)).toBeCloseTo(0.0002, 12);
  });
});
