/** A controller that decides and tells, and touches nothing. */
import type { HostId, LinkId } from '@sluice/topology';
import { bitsPerSec } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { type Effect, heldOn, reservations, type VmId } from '../index.ts';
import { profile, request, told, World } from '../testing/world.ts';

const started = () =>
  World.started({ h1: [profile('web')], h2: [profile('mail')] }, undefined, { shadow: true });
const INSIDE = new Set<Effect['kind']>([
  'answer',
  'announce',
  'save_migration',
  'save_reservation',
  'delete_reservation',
  'save_receipt',
]);
const eventsIn = (effects: readonly Effect[]) =>
  effects.flatMap((effect) => (effect.kind === 'announce' ? [effect.event] : []));

describe('shadow mode', () => {
  it('tells what it would send, and sends nothing from the first request to the last receipt', () => {
    const world = started();
    const all = [...world.ask(request('m1'))];
    expect(told(all)).toContain('announce would_send_command');
    expect(eventsIn(all).find(({ type }) => type === 'would_send_command')?.detail).toMatchObject({
      hostId: 'h3',
      command: 'prepare_incoming',
      migrationId: 'm1',
    });
    all.push(...world.pass(30_000));
    all.push(...world.send({ kind: 'link_went_down', link: 's1:4>s3:1' as LinkId }));
    expect(all.filter(({ kind }) => !INSIDE.has(kind))).toEqual([]);
    expect(world.migration('m1')).toMatchObject({ phase: 'completed', reason: 'shadow' });
    expect(world.state.vms.get('web' as VmId)?.hostId).toBe('h1');
  });

  it('plays a migration for as long as the model says, and holds its rate meanwhile', () => {
    const world = started();
    world.ask(request('m1', { rateMin: bitsPerSec(50e6), rateMax: bitsPerSec(50e6) }));
    world.pass(10_000);
    // 800 Mbit at 47 Mbit/s of payload take 17 s, and what is dirtied meanwhile comes on top.
    expect(world.migration('m1').phase).toBe('preparing');
    const second = { vmId: 'mail' as VmId, destination: 'h3' as HostId, rateMin: bitsPerSec(40e6) };
    expect(told(world.ask(request('m2', second)))).toContain('answer insufficient_capacity');
    world.pass(20_000);
    expect(world.migration('m1').receipt).toMatchObject({ outcome: 'completed', downtimeLimitMet: true });
    expect(Number(world.migration('m1').receipt?.totalTime) / 1000).toBeGreaterThan(17);
    expect(reservations(world.state)).toEqual([]);
    expect(told(world.ask(request('m3', second)))).toContain('answer ok');
  });

  it('plays a migration whose VM goes first by that mechanism: the pause is short, and the memory follows', () => {
    const world = started();
    for (const hostId of ['h1', 'h3'])
      world.hostProfile(hostId, hostId === 'h1' ? [profile('web')] : [], { capabilities: ['postcopy'] });
    world.ask(request('m1', { mechanisms: ['postcopy'] }));
    world.pass(30_000);
    const { receipt } = world.migration('m1');
    expect(receipt).toMatchObject({ outcome: 'completed', downtime: world.state.config.switchoverOverhead });
    expect(receipt?.rounds.map(({ phase }) => phase)).toEqual(['postcopy']);
  });

  it('divides the links like the real one, at once because nobody has to be told', () => {
    const world = started();
    world.ask(request('m1'));
    world.ask(request('m2', { vmId: 'mail' as VmId, destination: 'h3' as HostId }));
    const [one, two] = [world.migration('m1').roundRate, world.migration('m2').roundRate].map(Number);
    expect(one).toBeLessThan(80e6);
    expect(Number(one) + Number(two)).toBeGreaterThan(79.9e6);
    expect(heldOn(world.state, 's4:1>h3' as LinkId)).toBe(Number(one) + Number(two));
  });

  it('forgets a migration that is aborted', () => {
    const world = started();
    world.ask(request('m1'));
    world.pass(1000);
    world.send({ kind: 'abort_requested', migrationId: world.migration('m1').id, reason: '' });
    expect(world.migration('m1').phase).toBe('aborted');
    world.pass(1000);
    expect(world.state.shadows.size).toBe(0);
    expect(reservations(world.state)).toEqual([]);
  });
});
