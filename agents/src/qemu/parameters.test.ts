import { describe, expect, it } from 'vitest';
import { featuresFrom, type QemuFeatures } from './features.ts';
import {
  capabilitiesFor,
  gateOpen,
  gateShut,
  mechanismParameters,
  rateParameters,
  throttleParameters,
} from './parameters.ts';

const qemu = (capabilities: readonly string[], parameters: readonly string[]): QemuFeatures =>
  featuresFrom({
    version: { major: 7, minor: 2, micro: 0 },
    commands: new Set(['migrate-start-postcopy']),
    capabilities: new Set(capabilities),
    parameters: new Set(parameters),
  });
const OLD = qemu(['events', 'postcopy-ram'], ['max-postcopy-bandwidth']);
const NEW = qemu(['events', 'postcopy-ram'], ['max-postcopy-bandwidth', 'avail-switchover-bandwidth']);

describe('what QEMU is told', () => {
  it('is a rate in whole bytes per second that is never above the cap, in pre-copy and in post-copy', () => {
    expect(rateParameters(80_000_007, OLD)).toEqual({
      ...{ 'max-bandwidth': 10_000_000, 'max-postcopy-bandwidth': 10_000_000 },
    });
    expect(rateParameters(1, qemu([], []))).toEqual({ 'max-bandwidth': 1 });
    expect(rateParameters(null, qemu([], []))).toEqual({ 'max-bandwidth': 125e9 });
  });

  it('shuts the gate, but never by a limit of 0, with which QEMU would stop looking', () => {
    expect(gateShut(OLD)).toEqual({ 'downtime-limit': 1 });
    expect(gateShut(NEW)).toEqual({ 'downtime-limit': 1, 'avail-switchover-bandwidth': 0 });
  });

  it('opens it to whatever remains, when there are no terms', () => {
    expect(gateOpen(OLD, null, 5e6)).toEqual({ 'downtime-limit': 2_000_000 });
  });

  it.each([
    // limit, reserved, measured: bytes/s
    [0.3, 12.5e6, 12.5e6, 300],
    [0.3, 50e6, 12.5e6, 1200],
    [0.3, 6.25e6, 12.5e6, 150],
    [0.3, 12.5e6, 0, 300],
    [1e-6, 1, 12.5e6, 1],
    [1e6, 12.5e6, 1, 2_000_000],
  ])(
    'stretches the limit of %d s by %d reserved over %d measured to %d ms',
    (limit, reserved, measured, ms) => {
      const terms = { rateBitsPerSec: reserved * 8, downtimeLimitSec: limit };
      expect(gateOpen(OLD, terms, measured)).toEqual({ 'downtime-limit': ms });
    },
  );

  it('is the reserved rate itself where QEMU takes it, whatever is measured', () => {
    const terms = { rateBitsPerSec: 100e6, downtimeLimitSec: 0.25 };
    expect(gateOpen(NEW, terms, 1)).toEqual({
      ...{ 'downtime-limit': 250, 'avail-switchover-bandwidth': 12.5e6 },
    });
  });

  it('is every capability it has, on or off, so that nothing is left from before', () => {
    expect(capabilitiesFor({}, OLD)).toEqual([
      { capability: 'events', state: true },
      { capability: 'postcopy-ram', state: false },
    ]);
    expect(capabilitiesFor({ postcopy: true }, OLD)[1]).toEqual({ capability: 'postcopy-ram', state: true });
  });

  it('is no announcement at all when there are to be none', () => {
    const announce = { initialMs: 50, maxMs: 550, rounds: 0, stepMs: 100 };
    expect(mechanismParameters({ announce }, OLD)).toEqual({
      ...{ 'announce-initial': 50, 'announce-max': 550, 'announce-rounds': 0, 'announce-step': 100 },
    });
  });

  it('is a throttle that sleeps until it is wanted', () => {
    expect(throttleParameters(0)).toMatchObject({ 'max-cpu-throttle': 1, 'throttle-trigger-threshold': 100 });
    expect(throttleParameters(0.5)).toMatchObject({
      'max-cpu-throttle': 50,
      'throttle-trigger-threshold': 1,
    });
    expect(throttleParameters(0.999)).toMatchObject({ 'max-cpu-throttle': 99 });
  });
});
