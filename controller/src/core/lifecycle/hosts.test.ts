/** What agents' reports mean for places, leases and forwarding. */
import type { HostId, Mac } from '@sluice/topology';
import { assert, describe, expect, it } from 'vitest';
import { initialEffects, type VmId } from '../index.ts';
import { profile, request, told, World } from '../testing/world.ts';

const at = (world: World, vmId: string) => world.state.vms.get(vmId as VmId)?.hostId;

describe('hosts', () => {
  it('begin with the forwarding of the inventory', () => {
    const world = new World();
    const [effect] = initialEffects(world.state);
    assert(effect?.kind === 'set_forwarding');
    expect([...effect.places]).toEqual(
      [1, 2, 3, 4].map((index) => [`02:00:00:00:00:0${index}`, `h${index}`]),
    );
    expect(effect.linksDown).toEqual([]);
  });

  it('place a VM where one reports it running, and tell the switches only when something moved', () => {
    const world = new World();
    expect(told(world.hostProfile('h1', [profile('web')]))).toEqual(['set_forwarding']);
    expect(world.heartbeat('h1')).toEqual([]);
    expect(at(world, 'web')).toBe('h1');
    expect(told(world.hostProfile('h1', []))).toEqual(['set_forwarding']);
    expect(told(world.hostProfile('h2', [profile('web')]))).toEqual(['set_forwarding']);
    expect(at(world, 'web')).toBe('h2');
  });

  it('lose a VM that they do not list any more, also where they list another one twice', () => {
    const world = new World();
    world.hostProfile('h1', [profile('web'), profile('mail')]);
    world.hostProfile('h1', [profile('web'), profile('web')]);
    expect([at(world, 'web'), at(world, 'mail')]).toEqual(['h1', undefined]);
    const many = Array.from({ length: 40 }, (_, index) => profile(`vm${index}`));
    world.hostProfile('h2', many);
    world.hostProfile('h2', [...many.slice(0, 39), profile('vm0')]);
    expect([at(world, 'vm0'), at(world, 'vm38'), at(world, 'vm39')]).toEqual(['h2', 'h2', undefined]);
  });

  it('do not take turns over a VM that two of them report', () => {
    const world = World.started();
    expect(told(world.hostProfile('h2', [profile('web')]))).toEqual(['announce report_ignored']);
    expect(at(world, 'web')).toBe('h1');
    world.wait(60_000);
    world.hostProfile('h2', [profile('web')]);
    expect(at(world, 'web')).toBe('h2');
  });

  it('know the newest profile of a VM, also while it migrates', () => {
    const world = World.started();
    world.begin(request('m1'));
    world.hostProfile('h1', [profile('web', { dirtyRateBytesPerSec: 7e6, state: 'paused' })]);
    world.hostProfile('h3', [profile('web', { state: 'incoming' })]);
    expect(world.state.vms.get('web' as VmId)).toMatchObject({ hostId: 'h1', dirtyRate: 7e6 });
    world.hostProfile('h1', []);
    expect(at(world, 'web')).toBe('h1');
  });

  it('let a VM settle at the destination after its migration', () => {
    const world = World.started();
    world.begin(request('m1'));
    world.stopped('m1');
    world.resumed('m1');
    world.hostProfile('h1', [profile('web', { state: 'paused' })]);
    expect(at(world, 'web')).toBe('h3');
    world.completed('m1');
    world.networkDone('m1', 'remove');
    expect(world.hostProfile('h1', [])).toEqual([]);
    expect(world.hostProfile('h3', [profile('web')])).toEqual([]);
    expect(world.state.places.get(profile('web').mac as Mac)).toBe('h3');
    expect(world.ask(request('m2', { destination: 'h2' as HostId })).length).toBeGreaterThan(2);
    expect(world.migration('m2').source).toBe('h3');
  });

  it('have loads per direction and a NIC that bounds every grant', () => {
    const world = World.started();
    const nic = { device: 'eth0', mac: '02:00:00:00:00:03', ip: '10.0.0.3', capacityBitsPerSec: 25e6 };
    world.report('h3', { kind: 'host_profile', nic, vms: [] });
    world.report('h3', { kind: 'nic_load', txBitsPerSec: 1e6, rxBitsPerSec: 2e6, intervalSec: 0.5, vms: [] });
    expect(world.state.hosts.get('h3' as HostId)).toMatchObject({ tx: 1e6, rx: 2e6, nicCapacity: 25e6 });
    world.ask(request('m1'));
    expect(world.migration('m1').roundRate).toBe(25e6);
  });
});
