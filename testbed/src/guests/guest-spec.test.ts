import { describe, expect, it } from 'vitest';
import { GuestFailure } from './guest-failure.ts';
import { guestFiles } from './guest-files.ts';
import { kernelCommandLine, parseGuestSpec } from './guest-spec.ts';
import { tapName } from './launch.ts';
import { machineArguments } from './machine.ts';

const MIB = 1024 * 1024;
const WEB = {
  vmId: 'web',
  memoryBytes: 128 * MIB,
  mac: '52:54:00:aa:00:01',
  ip: '10.0.1.1',
  prefixLength: 16,
};

describe('a guest', () => {
  it('gets its address, memory and workload on the kernel command line', () => {
    const load = { pagesPerSec: 500, workingSetBytes: 8 * MIB, pattern: 'hot_cold' as const, writeBytes: 64 };
    const spec = parseGuestSpec({
      ...WEB,
      workloadBytes: 48 * MIB,
      fillBytes: 4096,
      gateway: '10.0.0.1',
      load,
    });
    expect(
      kernelCommandLine(spec)
        .split(' ')
        .filter((word) => word.startsWith('sluice.')),
    ).toEqual([
      'sluice.address=10.0.1.1/16',
      'sluice.gateway=10.0.0.1',
      'sluice.memory=50331648',
      'sluice.fill=4096',
      'sluice.rate=500',
      'sluice.set=8388608',
      'sluice.pattern=hot_cold',
      'sluice.write=64',
      'sluice.service=5000',
      'sluice.control=7000',
    ]);
  });

  it('with several problems is refused once, with all of them', () => {
    const bad = {
      ...WEB,
      mac: '53:54:00:aa:00:01',
      fillBytes: 1024 * MIB,
      load: { pagesPerSec: 10, workingSetBytes: 0 },
    };
    const refusal = () => parseGuestSpec(bad);
    expect(refusal).toThrow(GuestFailure);
    expect(refusal).toThrow('mac: a unicast address has an even first byte');
    const bigger = () => parseGuestSpec({ ...bad, mac: WEB.mac });
    expect(bigger).toThrow(/fillBytes: more than .*; load.workingSetBytes: a rate needs a working set/);
    expect(() => parseGuestSpec({ ...WEB, memoryBytes: 64 * MIB })).toThrow('ram_too_small');
  });

  it('is the same machine at both ends of a migration but for its files and that it waits', () => {
    const image = { kernelPath: '/k', initrdPath: '/i' };
    const spec = parseGuestSpec({ ...WEB, diskBytes: MIB });
    const at = (folder: string, incoming: boolean) =>
      machineArguments({ spec, image, files: guestFiles(folder, 'web'), netDevice: 'tap1', incoming });
    const source = at('/run/h1', false);
    const destination = at('/run/h2', true).map((word) => word.replaceAll('/run/h2', '/run/h1'));
    expect(
      destination.filter((word, index, all) => word !== '-incoming' && all[index - 1] !== '-incoming'),
    ).toEqual(source);
    expect(destination).toContain('defer');
    expect(source.join(' ')).toContain('-m 131064K');
    expect(source.join(' ')).toContain('node-name=drive0');
  });

  it('has a tap whose name the kernel takes and no other guest has', () => {
    const names = ['web', 'web2', 'a-guest-with-a-long-name'].map((name) => tapName(name, WEB.mac));
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name.length).toBeLessThanOrEqual(15);
  });
});
