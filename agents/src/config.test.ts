import { describe, expect, it } from 'vitest';
import { ConfigError, parseAgentConfig } from './config.ts';

const vm = {
  vmId: 'web',
  memoryBytes: 128 * 1024 * 1024,
  mac: '02:00:00:00:01:01',
  ip: '10.0.0.101',
  network: { namespace: 'vm-web', hostDevice: 'v-web' },
  dirty: { phases: [{ durationSec: 10, dirtyRateBytesPerSec: 2e6, workingSetBytes: 1024 * 1024 }] },
};
const config = {
  hostId: 'h1',
  redis: { socketPath: '/run/redis.sock' },
  nic: { device: 'h1-eth0', capacityBitsPerSec: 1e8, ip: '10.0.0.1' },
  stateDir: '/run/sluice/h1',
  networkNamespace: 'h1',
  vms: [vm],
};
const problems = (input: unknown): string[] => {
  try {
    parseAgentConfig(input);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ path }) => path);
    throw error;
  }
};

describe('the configuration of an agent', () => {
  it('has defaults for what is the same everywhere', () => {
    expect(parseAgentConfig(config)).toMatchObject({
      prefix: 'sluice',
      heartbeatMs: 500,
      nic: { bridge: 'br0', shaping: 'htb' },
      vms: [{ prefixLength: 24, guestPort: 5000, dirty: { repeat: false, burst: null } }],
      destroyVmsOnClose: false,
    });
  });

  it('tells all problems at once, each with its place', () => {
    const wrong = {
      ...config,
      hostId: '-rf',
      nic: { ...config.nic, capacityBitsPerSec: 0, device: 'a-name-that-is-too-long' },
      surplus: 1,
      vms: [{ ...vm, memoryBytes: 5000, mac: '03:00:00:00:00:01' }],
    };
    expect(problems(wrong)).toEqual(
      expect.arrayContaining([
        'hostId',
        'nic.capacityBitsPerSec',
        'nic.device',
        'vms.0.memoryBytes',
        'vms.0.mac',
        '',
      ]),
    );
  });

  it.each([
    ['a VM with a network on a host without a namespace name', { ...config, networkNamespace: null }],
    ['two VMs with one name', { ...config, vms: [vm, vm] }],
    ['a state directory too long for a unix socket', { ...config, stateDir: `/${'x'.repeat(60)}` }],
    ['a working set larger than the memory', { ...config, vms: [{ ...vm, memoryBytes: 4096 }] }],
  ])('refuses %s', (_, input) => {
    expect(problems(input)).toHaveLength(1);
  });

  it('knows QEMU guests by their directory, and describes none itself', () => {
    const hypervisor = { kind: 'qemu', guestsDir: '/run/guests' };
    expect(parseAgentConfig({ ...config, vms: [], hypervisor }).hypervisor).toEqual({
      ...hypervisor,
      ...{ launchIncoming: null, ports: { first: 49_152, last: 49_407 } },
      ...{ stallLimitMs: 5000, dirtyRatePeriodMs: 15_000 },
    });
    expect(problems({ ...config, hypervisor })).toEqual(['']);
    const wrong = { ...hypervisor, guestsDir: 'run', ports: { first: 80, last: 70_000 }, tap: 1 };
    expect(problems({ ...config, vms: [], hypervisor: wrong })).toEqual(
      expect.arrayContaining([
        'hypervisor.guestsDir',
        'hypervisor.ports.first',
        'hypervisor.ports.last',
        'hypervisor',
      ]),
    );
  });
});
