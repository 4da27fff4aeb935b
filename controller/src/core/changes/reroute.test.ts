/** A link of the path breaks and another way is free: make before break. */
import type { AgentCommand } from '@sluice/agents/contract';
import type { HostId, LinkId } from '@sluice/topology';
import { bitsPerSec } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { type Effect, heldOn, type VmId } from '../index.ts';
import { profile, request, told, World } from '../testing/world.ts';

const WIDE = 's1:3>s2:1' as LinkId;
const NARROW = 's1:4>s3:1' as LinkId;
const NARROW_WAY = ['h1>s1:1', 's1:4>s3:1', 's3:2>s4:4', 's4:1>h3'];
const commandsIn = (effects: readonly Effect[]): readonly AgentCommand[] =>
  effects.flatMap((effect) => (effect.kind === 'send_command' ? [effect.command] : []));
const breaks = (world: World, link: LinkId) => world.send({ kind: 'link_went_down', link });
const rerouteIn = (effects: readonly Effect[]) => {
  const found = effects.find((effect) => effect.kind === 'reroute_reservation');
  if (found?.kind !== 'reroute_reservation') throw new Error('nothing is rerouted');
  return found;
};

/** m1 copies at 30 Mbit/s over the wide way. */
function copying(): World {
  const world = World.started({ h1: [profile('web')], h2: [profile('mail')] });
  world.begin(request('m1', { rateMax: bitsPerSec(30e6) }));
  expect(world.migration('m1').path[1]).toBe(WIDE);
  return world;
}

describe('a link of the path breaks', () => {
  it('and the reservation moves to the way that is left, both counted until the network has changed over', () => {
    const world = copying();
    const effects = breaks(world, WIDE);
    const { from, to, queues } = rerouteIn(effects);
    expect([from.path[1], to.path]).toEqual([WIDE, NARROW_WAY]);
    expect(to.rate).toBe(30e6);
    const targets = new Map(queues.map(({ port, rate }) => [`${port.dpid.slice(-1)}:${port.portNo}`, rate]));
    expect([targets.get('1:3'), targets.get('1:4')]).toEqual([0, 30e6]);
    expect([heldOn(world.state, WIDE), heldOn(world.state, NARROW)]).toEqual([30e6, 30e6]);
    expect(world.migration('m1').outcome).toBeNull();
    const done = world.networkDone('m1', 'reroute');
    expect(told(done)).toContain('announce rerouted');
    expect([heldOn(world.state, WIDE), heldOn(world.state, NARROW)]).toEqual([0, 30e6]);
    expect(commandsIn(done)).toMatchObject([{ kind: 'set_rate_cap', nicRateBitsPerSec: 30e6 }]);
    world.round('m1', { remainingBytes: 0 });
    world.counters('m1', 10e6, 10e6);
    expect(world.migration('m1').isSwitchoverOrdered).toBe(true);
  });

  it('and of two that leave it together neither leaves the queue of the other behind', () => {
    const world = World.started({ h1: [profile('web')], h2: [profile('mail')] });
    world.begin(request('m1', { rateMax: bitsPerSec(15e6) }));
    world.begin(request('m2', { vmId: 'mail' as VmId, rateMax: bitsPerSec(15e6) }));
    const told_ = breaks(world, WIDE).flatMap((effect) =>
      effect.kind === 'reroute_reservation' ? effect.queues : [],
    );
    const lastOf = (port: string) =>
      told_.findLast((queue) => `${queue.port.dpid.slice(-1)}:${queue.port.portNo}` === port)?.rate;
    expect([lastOf('1:3'), lastOf('1:4')]).toEqual([0, 30e6]);
    world.networkDone('m1', 'reroute');
    world.networkDone('m2', 'reroute');
    expect([heldOn(world.state, WIDE), heldOn(world.state, NARROW)]).toEqual([0, 30e6]);
  });

  it('and the sender hears at once of a lower rate, which the new way has', () => {
    const world = World.started({ h1: [profile('web')], h2: [profile('mail')] });
    world.begin(request('m1'));
    const effects = breaks(world, WIDE);
    // 50 Mbit/s less headroom and floor.
    expect(rerouteIn(effects).to.rate).toBe(40e6);
    expect(commandsIn(effects)).toMatchObject([{ kind: 'set_rate_cap', nicRateBitsPerSec: 40e6 }]);
    world.networkDone('m1', 'reroute');
    expect(world.migration('m1').roundRate).toBe(40e6);
  });

  it('and another on the new way makes room first when it has all of it', () => {
    const world = copying();
    // The second would like everything on the narrow way.
    breaks(world, WIDE);
    world.networkDone('m1', 'reroute');
    world.send({ kind: 'abort_requested', migrationId: world.migration('m1').id, reason: '' });
    world.networkDone('m1', 'remove');
    world.begin(request('m2', { vmId: 'mail' as VmId, destination: 'h4' as HostId }));
    expect(world.migration('m2').roundRate).toBe(40e6);
    world.send({ kind: 'link_came_up', link: WIDE });
    world.begin(request('m3', { rateMin: bitsPerSec(20e6), rateMax: bitsPerSec(30e6) }));
    expect(world.migration('m3').path[1]).toBe(WIDE);
    const effects = breaks(world, WIDE);
    expect(told(effects)).not.toContain('reroute_reservation');
    expect(commandsIn(effects)).toMatchObject([{ kind: 'set_rate_cap', migrationId: 'm2' }]);
    world.capApplied('m2');
    expect(rerouteIn(world.networkDone('m2', 'resize')).to.path).toEqual(NARROW_WAY);
    world.networkDone('m3', 'reroute');
    expect(Number(world.migration('m3').roundRate)).toBeGreaterThanOrEqual(20e6);
  });

  it('and the migration ends when no other way has room for what is guaranteed', () => {
    const world = World.started();
    world.begin(request('m1', { rateMin: bitsPerSec(50e6) }));
    breaks(world, WIDE);
    expect(world.migration('m1')).toMatchObject({ outcome: 'failed', reason: 'link_down' });
  });

  it('and another breaks while the first change is under way', () => {
    const world = copying();
    breaks(world, WIDE);
    breaks(world, NARROW);
    expect(world.migration('m1').outcome).toBeNull();
    world.networkDone('m1', 'reroute');
    expect(world.migration('m1')).toMatchObject({ outcome: 'failed', reason: 'link_down' });
    world.networkDone('m1', 'remove');
    expect([heldOn(world.state, WIDE), heldOn(world.state, NARROW)]).toEqual([0, 0]);
  });
});

describe('a migration that is being rerouted', () => {
  it('clears both ways when it is given up', () => {
    const world = copying();
    breaks(world, WIDE);
    const effects = world.send({
      kind: 'abort_requested',
      migrationId: world.migration('m1').id,
      reason: '',
    });
    const removal = effects.find((effect) => effect.kind === 'remove_reservation');
    if (removal?.kind !== 'remove_reservation') throw new Error('nothing is removed');
    const ports = removal.queues.map(({ port, rate }) => `${port.dpid.slice(-1)}:${port.portNo} ${rate}`);
    expect(ports).toEqual(expect.arrayContaining(['1:3 0', '1:4 0']));
    world.networkDone('m1', 'remove');
    expect([heldOn(world.state, WIDE), heldOn(world.state, NARROW)]).toEqual([0, 0]);
  });

  it('ends when the network cannot do it, or does not answer', () => {
    const failed = copying();
    breaks(failed, WIDE);
    failed.networkFailed('m1', 'reroute');
    expect(failed.migration('m1')).toMatchObject({ outcome: 'failed', reason: 'link_down' });
    const silent = copying();
    breaks(silent, WIDE);
    silent.pass(10_500);
    expect(silent.migration('m1')).toMatchObject({ outcome: 'failed', reason: 'link_down' });
  });

  it('is decided at its boundary once the new way carries it', () => {
    const world = World.started();
    world.begin(request('m1', { rateMin: bitsPerSec(30e6), rateMax: bitsPerSec(30e6) }));
    breaks(world, WIDE);
    world.round('m1', { remainingBytes: 90e6 });
    expect(commandsIn(world.counters('m1', 10e6, 10e6))).toEqual([]);
    const done = world.networkDone('m1', 'reroute');
    expect(commandsIn(done)).toMatchObject([{ kind: 'next_round', round: 1 }]);
  });
});

describe('a migration that has not been installed yet', () => {
  it('only takes another way', () => {
    const world = World.started();
    world.ask(request('m1', { rateMax: bitsPerSec(30e6) }));
    expect(told(breaks(world, WIDE))).not.toContain('reroute_reservation');
    expect(world.migration('m1').path).toEqual(NARROW_WAY);
    expect([heldOn(world.state, WIDE), heldOn(world.state, NARROW)]).toEqual([0, 30e6]);
    expect(told(world.prepared('m1'))).toContain('install_reservation');
  });
});
