/** Rates that change in the middle of a round: who is told first, and what the links hold meanwhile. */
import type { AgentCommand } from '@sluice/agents/contract';
import type { HostId, LinkId } from '@sluice/topology';
import { bitsPerSec, millis } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { type Effect, heldOn, type VmId } from '../index.ts';
import { profile, request, told, World } from '../testing/world.ts';

const SHARED = 's4:1>h3' as LinkId;
const commandsIn = (effects: readonly Effect[]): readonly AgentCommand[] =>
  effects.flatMap((effect) => (effect.kind === 'send_command' ? [effect.command] : []));
const second = { vmId: 'mail' as VmId, destination: 'h3' as HostId };

/** m1 has all 80 Mbit/s towards h3 and copies; m2 has been admitted beside it. */
function two(config = {}): World {
  const world = World.started({ h1: [profile('web')], h2: [profile('mail')] }, undefined, config);
  world.begin(request('m1'));
  world.ask(request('m2', second));
  return world;
}

/** Both copy, with what they should have. */
function sharing(): World {
  const world = two();
  world.capApplied('m1');
  world.prepared('m2');
  world.networkDone('m1', 'resize');
  world.networkDone('m2', 'install');
  world.counters('m2', 0, 0);
  world.migrationStarted('m2');
  return world;
}

const rate = (world: World, id: string) => Number(world.migration(id).roundRate);

describe('a second migration where the first has everything', () => {
  it('is admitted, and the first sender is asked to go down before any switch is', () => {
    const world = World.started({ h1: [profile('web')], h2: [profile('mail')] });
    world.begin(request('m1'));
    const effects = world.ask(request('m2', second));
    expect(told(effects)).toEqual([
      'save_migration',
      'save_reservation',
      'answer ok',
      'prepare_incoming → h3',
      'announce migration_admitted',
      'announce reallocated',
      'set_rate_cap → h1',
    ]);
    expect(rate(world, 'm2')).toBe(0);
    expect(heldOn(world.state, SHARED)).toBe(80e6);
    // Its destination listens, but there is nothing to install yet.
    expect(told(world.prepared('m2'))).toEqual(['save_migration', 'announce waiting_for_room']);
  });

  it('is installed as soon as the network has followed the sender down', () => {
    const world = two();
    world.prepared('m2');
    expect(told(world.capApplied('m1'))).toEqual([
      'save_migration',
      'save_reservation',
      'resize_reservation',
    ]);
    expect(heldOn(world.state, SHARED)).toBe(80e6);
    expect(told(world.networkDone('m1', 'resize'))).toEqual([
      'save_migration',
      'announce rate_changed',
      'save_migration',
      'save_reservation',
      'install_reservation',
    ]);
    // Whole bit/s that round down.
    expect(heldOn(world.state, SHARED)).toBeGreaterThanOrEqual(80e6 - 3);
    expect(heldOn(world.state, SHARED)).toBe(rate(world, 'm1') + rate(world, 'm2'));
  });

  it('does not wait for a sender that says nothing: the switches are lowered all the same', () => {
    const world = two({ lowerTimeout: millis(1000) });
    world.wait(900);
    expect(told(world.send({ kind: 'tick' }))).toEqual([]);
    world.wait(200);
    expect(told(world.send({ kind: 'tick' }))).toEqual([
      'save_migration',
      'save_reservation',
      'resize_reservation',
      'announce sender_silent',
    ]);
    expect(told(world.capApplied('m1'))).toEqual([]);
  });

  it('counts the mean of what the first had in its round', () => {
    const world = two();
    world.wait(1000).capApplied('m1');
    world.networkDone('m1', 'resize');
    const low = rate(world, 'm1');
    world.wait(1000).round('m1', { remainingBytes: 20e6 });
    expect(world.migration('m1').rounds[0]).toMatchObject({
      reservedRate: Math.round((80e6 + low) / 2),
      rateChanges: 1,
    });
  });
});

describe('room that comes free in mid-round', () => {
  it('goes to the switches first, then to the sender', () => {
    const world = sharing();
    const before = rate(world, 'm1');
    world.send({ kind: 'abort_requested', migrationId: world.migration('m2').id, reason: '' });
    const freed = world.networkDone('m2', 'remove');
    expect(told(freed)).toContain('resize_reservation');
    expect(commandsIn(freed)).toEqual([]);
    expect(commandsIn(world.networkDone('m1', 'resize'))).toMatchObject([
      { kind: 'set_rate_cap', nicRateBitsPerSec: 80e6 },
    ]);
    expect(before).toBeLessThan(80e6);
    expect(rate(world, 'm1')).toBe(80e6);
  });

  it('is left to the next boundary when it is too little to disturb a round', () => {
    const world = sharing();
    const before = rate(world, 'm1');
    world.round('m2', { remainingBytes: 90e6, dirtyRateBytesPerSec: 1.1e6 });
    expect(commandsIn(world.counters('m2', null)).map(({ kind }) => kind)).not.toContain('set_rate_cap');
    expect(rate(world, 'm1')).toBe(before);
  });
});

describe('a boundary that comes in between', () => {
  it('takes the place of a lowering that the sender has not answered', () => {
    const world = two();
    world.round('m1', { remainingBytes: 90e6 });
    expect(world.migration('m1').lowering).toBeNull();
    const decided = world.counters('m1', null);
    expect(told(decided)).toContain('resize_reservation');
    expect(told(world.capApplied('m1'))).toEqual([]);
    expect(commandsIn(world.networkDone('m1', 'resize'))).toMatchObject([{ kind: 'next_round', round: 1 }]);
    expect(rate(world, 'm1')).toBeLessThan(80e6);
    expect(rate(world, 'm2')).toBeGreaterThan(0);
  });

  it('waits for a change of the network that is under way, and tells the sender one cap', () => {
    const world = two();
    world.capApplied('m1');
    world.round('m1', { remainingBytes: 90e6 });
    expect(commandsIn(world.counters('m1', null))).toEqual([]);
    const done = [...world.networkDone('m1', 'resize')];
    if (world.migration('m1').networkPending === 'resize') done.push(...world.networkDone('m1', 'resize'));
    expect(commandsIn(done).filter(({ kind }) => kind !== 'prepare_incoming')).toMatchObject([
      { kind: 'next_round', round: 1 },
    ]);
  });
});

describe('whatever ends in between', () => {
  it('leaves no hold, wherever the first or the second is given up', () => {
    const steps: readonly ((world: World) => void)[] = [
      (world) => world.prepared('m2'),
      (world) => world.capApplied('m1'),
      (world) => world.networkDone('m1', 'resize'),
      (world) => world.networkDone('m2', 'install'),
      (world) => world.counters('m2', 0, 0),
      (world) => world.migrationStarted('m2'),
    ];
    for (const ends of [
      ['m1', 'm2'],
      ['m2', 'm1'],
    ])
      for (let done = 0; done <= steps.length; done += 1) {
        const world = two();
        for (const step of steps.slice(0, done)) step(world);
        for (const id of ends) {
          world.send({ kind: 'abort_requested', migrationId: world.migration(id).id, reason: '' });
          if (world.migration(id).networkPending === 'remove') world.networkDone(id, 'remove');
        }
        expect(heldOn(world.state, SHARED), `${done} steps, ${ends}`).toBe(0);
        expect(world.state.allocation.demands.size + world.state.allocation.hungry.size).toBe(0);
      }
  });

  it('gives the first its cap back when the network does not follow it down', () => {
    const world = two();
    world.capApplied('m1');
    const failed = world.networkFailed('m1', 'resize');
    expect(told(failed)).toContain('announce rate_kept');
    expect(commandsIn(failed)).toMatchObject([{ kind: 'set_rate_cap', nicRateBitsPerSec: 80e6 }]);
    expect(rate(world, 'm1')).toBe(80e6);
  });

  it('ends one that never gets its room', () => {
    const world = two();
    world.prepared('m2');
    world.capApplied('m1');
    world.networkFailed('m1', 'resize');
    world.pass(15_500);
    expect(world.migration('m2')).toMatchObject({ outcome: 'failed', reason: 'no_room' });
  });
});

describe('a switchover', () => {
  it('is not lowered by anybody, and takes what is free', () => {
    const world = sharing();
    const before = rate(world, 'm1');
    world.round('m1', { remainingBytes: 100_000 });
    world.counters('m1', null);
    world.ask(request('m3', { vmId: 'mail' as VmId }));
    expect(rate(world, 'm1')).toBeGreaterThanOrEqual(before);
    expect(world.migration('m1').lowering).toBeNull();
  });

  it('that does not fit yet makes others give way, and comes at the next boundary', () => {
    const world = sharing();
    const mine = rate(world, 'm2');
    const tooMuch = Math.ceil(((270 * mine * 0.94) / 8000) * 1.2);
    world.round('m2', { remainingBytes: tooMuch });
    const effects = world.counters('m2', null);
    expect(commandsIn(effects).map(({ kind }) => kind)).toContain('set_rate_cap');
    world.capApplied('m1');
    world.networkDone('m1', 'resize');
    if (world.migration('m2').networkPending === 'resize') world.networkDone('m2', 'resize');
    expect(rate(world, 'm2')).toBeGreaterThan(mine * 1.2);
    world.round('m2', { remainingBytes: tooMuch });
    world.counters('m2', null);
    expect(world.migration('m2').isSwitchoverOrdered || world.migration('m2').boundary?.next).toBeTruthy();
  });
});

describe('limits that do not fit together any more', () => {
  it('give way by priority, never below what is guaranteed, and the same every time', () => {
    const deadline = millis(60_000);
    const world = World.started({ h1: [profile('web')], h2: [profile('mail')] });
    world.begin(request('m1', { policy: 'minimum-energy', deadline }));
    world.ask(request('m2', { ...second, policy: 'minimum-energy', deadline, rateMax: bitsPerSec(70e6) }));
    world.prepared('m2');
    world.wait(30_000);
    for (const hostId of world.state.hosts.keys()) world.heartbeat(hostId);
    world.round('m1', { remainingBytes: 200e6, dirtyRateBytesPerSec: 4e6, durationSec: 30 });
    const { status, targets, demands } = world.state.allocation;
    for (const [id, target] of targets)
      expect(target).toBeGreaterThanOrEqual(demands.get(id)?.guarantee ?? 0);
    expect(['optimal', 'relaxed']).toContain(status);
  });
});
