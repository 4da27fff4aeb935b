/** Which requests are refused, with which facts; and what is held for those that are not. */
import type { HostId, LinkId } from '@sluice/topology';
import { bitsPerSec, millis } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { heldOn, type MigrationRequest, type Refusal, type VmId } from '../index.ts';
import { profile, request, told, twoSites, World } from '../testing/world.ts';

function refusalOf(world: World, changes: Partial<MigrationRequest> = {}, id = 'm1'): Refusal | null {
  const before = world.state;
  const effects = world.ask(request(id, changes));
  const answer = effects.find((effect) => effect.kind === 'answer')?.answer;
  if (!answer || answer.ok) return null;
  expect(told(effects)).toEqual([`answer ${answer.refusal.kind}`, 'announce migration_refused']);
  expect(world.state).toEqual({ ...before, now: world.state.now });
  return answer.refusal;
}

describe('admission', () => {
  it('refuses what it does not know', () => {
    const world = World.started();
    expect(refusalOf(world, { vmId: 'mail' as VmId })).toEqual({ kind: 'unknown_vm', vmId: 'mail' });
    expect(refusalOf(world, { destination: 'h9' as HostId })).toEqual({ kind: 'unknown_host', hostId: 'h9' });
  });

  it('refuses a VM that is elsewhere, does not run, is there already or on its way', () => {
    const world = World.started({ h1: [profile('web'), profile('idle', { state: 'paused' })] });
    expect(refusalOf(world, { source: 'h2' as HostId })).toEqual({
      kind: 'wrong_source',
      hostId: 'h2',
      actual: 'h1',
    });
    expect(refusalOf(world, { destination: 'h1' as HostId })).toEqual({ kind: 'same_host', hostId: 'h1' });
    world.ask(request('m1', { rateMax: bitsPerSec(20e6) }));
    expect(refusalOf(world, {}, 'm2')).toEqual({ kind: 'vm_busy', vmId: 'web', migrationId: 'm1' });
    expect(refusalOf(world)).toEqual({ kind: 'migration_exists', migrationId: 'm1' });
  });

  it('refuses a paused VM', () => {
    const world = World.started();
    world.hostProfile('h1', [profile('web', { state: 'paused' })]);
    expect(refusalOf(world)).toEqual({ kind: 'vm_not_running', vmId: 'web', runState: 'paused' });
  });

  it('refuses hosts whose agents are silent', () => {
    const world = World.started();
    world.wait(60_000).heartbeat('h1');
    expect(refusalOf(world)).toEqual({ kind: 'host_unavailable', hostId: 'h3' });
  });

  it('refuses when no links that are up lead there', () => {
    const world = World.started();
    world.send({ kind: 'link_went_down', link: 's1:1>h1' as LinkId });
    expect(refusalOf(world)).toEqual({ kind: 'no_path', source: 'h1', destination: 'h3' });
  });

  it('names the link that has too little, and how much it has', () => {
    const world = World.started();
    expect(refusalOf(world, { rateMin: bitsPerSec(90e6) })).toEqual({
      kind: 'insufficient_capacity',
      link: 'h1>s1:1',
      wantedBitsPerSec: 90e6,
      freeBitsPerSec: 80e6,
    });
  });

  it('refuses a floor that the link cannot keep', () => {
    const world = World.started();
    expect(refusalOf(world, { applicationFloor: bitsPerSec(95e6) })).toMatchObject({
      kind: 'floor_infeasible',
      wantedBitsPerSec: 95e6,
      freeBitsPerSec: 90e6,
    });
    expect(refusalOf(world, { applicationFloor: bitsPerSec(90e6) })).toMatchObject({
      kind: 'insufficient_capacity',
      freeBitsPerSec: 0,
    });
  });

  it('says which rate would make a migration converge', () => {
    const world = World.started({ h1: [profile('web', { dirtyRateBytesPerSec: 15e6 })] });
    const refusal = refusalOf(world);
    expect(refusal).toMatchObject({
      kind: 'will_not_converge',
      dirtyRateBytesPerSec: 15e6,
      rateBitsPerSec: 80e6,
    });
    if (refusal?.kind !== 'will_not_converge') return;
    const wide = twoSites({ nic: 1e9, wide: 1e9 });
    const faster = World.started({ h1: [profile('web', { dirtyRateBytesPerSec: 15e6 })] }, wide);
    for (const host of ['h1', 'h3']) faster.send(nicOf(host, 1e9));
    expect(refusalOf(faster, { rateMax: bitsPerSec(refusal.rateNeededBitsPerSec * 0.98) })?.kind).toBe(
      'will_not_converge',
    );
    expect(
      refusalOf(faster, { rateMax: bitsPerSec(refusal.rateNeededBitsPerSec), roundsMax: 1000 }),
    ).toBeNull();
  });

  it('admits any dirty rate when the working set fits into the downtime limit', () => {
    const world = World.started({
      h1: [profile('web', { dirtyRateBytesPerSec: 50e6, workingSetBytes: 2e6 })],
    });
    expect(refusalOf(world)).toBeNull();
  });

  it('refuses a downtime limit or a deadline that even the largest rate misses', () => {
    const world = World.started();
    const downtime = refusalOf(world, { downtimeLimit: millis(40), roundsMax: 1 });
    expect(downtime).toMatchObject({
      kind: 'downtime_infeasible',
      downtimeLimitSec: 0.04,
      rateBitsPerSec: 80e6,
    });
    const late = refusalOf(world, { deadline: millis(5000) });
    expect(late).toMatchObject({ kind: 'deadline_infeasible', deadlineSec: 5, rateBitsPerSec: 80e6 });
    if (late?.kind !== 'deadline_infeasible') return;
    expect(late.smallestSec).toBeGreaterThan(100e6 / (80e6 * 0.94) / 8);
    expect(refusalOf(world, { deadline: millis(late.smallestSec * 1000 + 1) })).toBeNull();
  });

  it('takes no more migrations than it was told to', () => {
    const vms = { h1: [profile('web'), profile('mail')] };
    const world = World.started(vms, twoSites(), { migrationsMax: 1 });
    world.ask(request('m1', { rateMax: bitsPerSec(20e6) }));
    expect(refusalOf(world, { vmId: 'mail' as VmId }, 'm2')).toEqual({ kind: 'migrations_max', limit: 1 });
  });

  it('holds the first rate on every link, and three per cent of it on every way back', () => {
    const world = World.started();
    world.ask(request('m1', { rateMax: bitsPerSec(40e6) }));
    const { path, reversePath } = world.migration('m1');
    expect(path).toEqual(['h1>s1:1', 's1:3>s2:1', 's2:2>s4:3', 's4:1>h3']);
    expect(path.map((link) => heldOn(world.state, link))).toEqual([40e6, 40e6, 40e6, 40e6]);
    expect(reversePath.map((link) => heldOn(world.state, link))).toEqual([1.2e6, 1.2e6, 1.2e6, 1.2e6]);
  });

  it('sends the second migration over the way that has more left', () => {
    const world = World.started({ h1: [profile('web')], h2: [profile('mail')] });
    world.ask(request('m1', { rateMin: bitsPerSec(60e6), rateMax: bitsPerSec(60e6) }));
    world.ask(request('m2', { vmId: 'mail' as VmId, destination: 'h4' as HostId }));
    expect(world.migration('m2').path).toEqual(['h2>s1:2', 's1:4>s3:1', 's3:2>s4:4', 's4:2>h4']);
    expect(world.migration('m2').roundRate).toBe(40e6);
  });

  it('reserves nothing for an unmanaged migration and starts it uncapped', () => {
    const world = World.started({ h1: [profile('web', { dirtyRateBytesPerSec: 50e6 })] });
    expect(told(world.ask(request('m1', { policy: 'unmanaged' })))).toEqual([
      'save_migration',
      'answer ok',
      'prepare_incoming → h3',
      'announce migration_admitted',
    ]);
    expect(world.prepared('m1').at(-1)).toEqual({
      kind: 'send_command',
      hostId: 'h1',
      command: {
        kind: 'start_migration',
        migrationId: 'm1',
        vmId: 'web',
        destination: { ip: '10.0.0.3', port: 4444 },
        rateCapBitsPerSec: null,
        nicRateBitsPerSec: null,
      },
    });
    expect(heldOn(world.state, 's1:3>s2:1' as LinkId)).toBe(0);
  });

  it('keeps the floor that a request raises for as long as it is active', () => {
    const world = World.started({ h1: [profile('web')], h2: [profile('mail')] });
    world.ask(request('m1', { rateMin: bitsPerSec(20e6), applicationFloor: bitsPerSec(50e6) }));
    const second = { vmId: 'mail' as VmId, destination: 'h3' as HostId, rateMin: bitsPerSec(30e6) };
    expect(refusalOf(world, second, 'm2')).toMatchObject({
      kind: 'insufficient_capacity',
      link: 's4:1>h3',
      freeBitsPerSec: 20e6,
    });
    world.send({ kind: 'abort_requested', migrationId: world.migration('m1').id, reason: 'changed my mind' });
    expect(refusalOf(world, second, 'm2')).toBeNull();
  });
});

const nicOf = (hostId: string, capacityBitsPerSec: number) => ({
  kind: 'agent_reported' as const,
  hostId: hostId as HostId,
  report: {
    kind: 'host_profile' as const,
    nic: { device: 'eth0', mac: '02:00:00:00:00:01', ip: '10.0.0.1', capacityBitsPerSec },
    vms: hostId === 'h1' ? [profile('web', { dirtyRateBytesPerSec: 15e6 })] : [],
  },
});
