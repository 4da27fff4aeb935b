/** What is asked for, in virsh's words or refused by its name. */
import { describe, expect, it } from 'vitest';
import type { Mechanism } from '../contract/index.ts';
import { capabilitiesOf, migrateArguments, requireMechanism } from './mechanism.ts';
import { openLimitMs } from './rates.ts';

const PLAIN = [
  ...['--live', '--p2p', '--abort-on-error', '--migrateuri', 'tcp://10.0.0.2:49300'],
  ...['--listen-address', '10.0.0.2'],
];
const argumentsOf = (mechanism: Mechanism, options: Partial<Parameters<typeof migrateArguments>[0]> = {}) =>
  migrateArguments({
    ...{ mechanism, rates: 'exact', rateCapBitsPerSec: null, isPersistent: false },
    destination: { ip: '10.0.0.2', port: 49_300 },
    ...options,
  });

describe('arguments of virsh migrate', () => {
  it.each<[string, Mechanism, readonly string[]]>([
    ['nothing beyond pre-copy', {}, []],
    ['post-copy', { postcopy: true }, ['--postcopy']],
    ['a throttle, which needs auto-converge', { throttle: true }, ['--auto-converge']],
    [
      'auto-converge',
      { autoConverge: { initialPercent: 30, incrementPercent: 15, maxPercent: 99 } },
      ['--auto-converge', '--auto-converge-initial', '30', '--auto-converge-increment', '15'],
    ],
    [
      'page differences',
      { xbzrle: { cacheBytes: 65_536 } },
      ['--compressed', '--comp-methods', 'xbzrle', '--comp-xbzrle-cache', '65536'],
    ],
    [
      'compression',
      { compress: { threads: 2, level: 1 } },
      [
        ...['--compressed', '--comp-methods', 'mt', '--comp-mt-level', '1'],
        ...['--comp-mt-threads', '2', '--comp-mt-dthreads', '2'],
      ],
    ],
    ['several connections', { multifd: { channels: 3 } }, ['--parallel', '--parallel-connections', '3']],
    ['zero pages as ever', { zeroPages: 'legacy' }, []],
  ])('say %s', (_, mechanism, more) => {
    requireMechanism(mechanism, 'exact');
    expect(argumentsOf(mechanism)).toEqual([...PLAIN, ...more]);
  });

  it('begin below the cap where the exact one follows', () => {
    expect(argumentsOf({ postcopy: true }, { rateCapBitsPerSec: 20e6 })).toEqual([
      ...[...PLAIN, '--bandwidth', '2', '--postcopy', '--postcopy-bandwidth', '2'],
    ]);
    expect(argumentsOf({}, { rateCapBitsPerSec: 1e6 })).toEqual([...PLAIN, '--bandwidth', '1']);
  });

  it('move the definition of a domain that has one', () => {
    expect(argumentsOf({}, { isPersistent: true })).toEqual([...PLAIN, '--persistent', '--undefinesource']);
  });

  it('take an interrupted post-copy up again, without what was asked at its begin', () => {
    const asked = { postcopy: true, xbzrle: { cacheBytes: 65_536 } };
    expect(argumentsOf(asked, { resumes: true, rateCapBitsPerSec: 20e6 })).toEqual([
      ...[...PLAIN, '--postcopy-resume', '--postcopy', '--postcopy-bandwidth', '2'],
    ]);
  });
});

describe('what libvirt cannot be asked for', () => {
  it.each<[string, Mechanism]>([
    ['announce', { announce: { initialMs: 50, maxMs: 550, rounds: 0, stepMs: 100 } }],
    ['dirtyLimit', { dirtyLimit: { mebibytesPerSec: 1 } }],
    ['zeroPages', { zeroPages: 'multifd' }],
    ['storage', { storage: true }],
  ])('is refused by its name: %s', (name, mechanism) => {
    expect(() => requireMechanism(mechanism, 'exact')).toThrow(new RegExp(`^${name}: `));
    expect([...capabilitiesOf('exact')]).not.toContain(name);
  });

  it('is more in its own words alone', () => {
    const gentle = { autoConverge: { initialPercent: 20, incrementPercent: 10, maxPercent: 50 } };
    expect(() => requireMechanism(gentle, 'mebibytes')).toThrow(/^autoConverge.maxPercent: /);
    expect(() => requireMechanism({ throttle: true }, 'mebibytes')).toThrow(/^throttle: /);
    expect(() => argumentsOf({}, { rates: 'mebibytes', rateCapBitsPerSec: 8e6 })).toThrow(/whole MiB\/s/);
    expect([...capabilitiesOf('mebibytes')]).not.toContain('throttle');
  });
});

describe('the downtime limit', () => {
  it('is the volume that passes at the reserved rate, told as time at the measured one', () => {
    const terms = { rateBitsPerSec: 40e6, downtimeLimitSec: 0.3 };
    expect(openLimitMs(terms, 10e6)).toBe(150);
    expect(openLimitMs(terms, 2.5e6)).toBe(600);
    expect(openLimitMs(terms, 0)).toBe(300);
    expect(openLimitMs({ ...terms, downtimeLimitSec: 1e-6 }, 10e6)).toBe(1);
    expect(openLimitMs(null, 10e6)).toBe(2_000_000);
  });
});
