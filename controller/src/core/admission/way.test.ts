/** Which way admission chooses, and what it holds where. */
import { buildTopology, fatTree, type HostId, type Link, type LinkId } from '@sluice/topology';
import { bitsPerSec, instant, millis } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import type { VmId } from '../index.ts';
import { holdOf, NOBODY } from '../ledger/index.ts';
import { profile, request, told, World } from '../testing/world.ts';
import { findWay, narrowestOf, roomOn } from './way.ts';

const rate = (mbit: number) => bitsPerSec(mbit * 1e6);

describe('the way of a migration', () => {
  it('is another one for each of many between the same two hosts, as long as there are others', () => {
    const topology = buildTopology(fatTree({ k: 4, nic: rate(1000), capacity: rate(1000) }));
    const names = ['web', 'db', 'mail', 'log'];
    const vms = names.map((name, index) => profile(name, { mac: `02:00:00:00:02:0${index}` }));
    const world = World.started({ h1: vms }, topology, { migrationsMax: 10 });
    const ways = names.map((name) => {
      world.ask(request(name, { vmId: name as VmId, destination: 'h16' as HostId }));
      return world.migration(name).path;
    });
    expect(ways.map((way) => way.length)).toEqual([6, 6, 6, 6]);
    expect(new Set(ways.map((way) => way[2])).size).toBe(4);
    expect(new Set(ways.map((way) => way[1])).size).toBe(2);
  });
  it('is a longer one only when no short one can guarantee the rate', () => {
    const world = World.started({ h1: [profile('web')], h2: [profile('mail')] });
    const query = {
      source: 'h1' as HostId,
      destination: 'h2' as HostId,
      window: { from: instant(0), until: null },
      asker: NOBODY,
    };
    expect(findWay(world.state, { ...query, rate: rate(80) })?.path).toEqual(['h1>s1:1', 's1:2>h2']);
    expect(findWay(world.state, { ...query, rate: rate(81) })).toBeNull();
  });
  it('has room as the calendar says for its own window, also on the way back', () => {
    const world = World.started({ h1: [profile('web')] });
    world.ask(request('web', { rateMin: rate(60), startAt: millis(10_000), deadline: millis(50_000) }));
    const { path } = world.migration('web');
    const { window } = holdOf(world.state.ledger, world.reservationId('web'));
    const room = (link: string, from: number, until: number) =>
      roomOn(
        world.state,
        world.state.topology.links.get(link as LinkId) as Link,
        { from: instant(from), until: instant(until) },
        NOBODY,
      );
    const [begin, end] = [window.from, window.until ?? 0];
    expect(room('h1>s1:1', begin - 5000, begin)).toBe(rate(80));
    expect(room('h1>s1:1', begin - 5000, begin + 1)).toBe(rate(20));
    expect(room('h1>s1:1', end, end + 1000)).toBe(rate(80));
    // 3 % of 60 Mbit/s are held on the way back, which leaves less than 80 of its 80.
    expect(room('s1:1>h1', begin, end)).toBe(rate(80 - 1.8));
    const way = { path, reversePath: world.migration('web').reversePath };
    expect(narrowestOf(world.state, way, window, NOBODY)).toEqual({ rate: rate(20), link: 'h1>s1:1' });
  });
});

describe('a tenant', () => {
  const quotas = { blue: { migrationsMax: 1, rateMax: rate(50) } };
  const vms = { h1: [profile('web')], h2: [profile('mail')] };
  const asked = (id: string, vm: string, mbit: number, startAt: number | null = null) =>
    request(id, {
      vmId: vm as VmId,
      tenant: 'blue',
      rateMin: rate(mbit),
      startAt: startAt === null ? null : millis(startAt),
      deadline: millis((startAt ?? 0) + 30_000),
    });

  it('is refused more than its quota at any one time, and told by how much', () => {
    const world = World.started(vms, undefined, { tenantQuotas: quotas });
    expect(told(world.ask(asked('m1', 'web', 51)))[0]).toBe('answer quota_exceeded');
    world.ask(asked('m2', 'web', 20));
    const refused = world.ask(asked('m3', 'mail', 20))[0];
    expect(refused?.kind === 'answer' && refused.answer).toEqual({
      ok: false,
      refusal: {
        kind: 'quota_exceeded',
        tenant: 'blue',
        limit: 'migrations_max',
        quota: 1,
        used: 1,
        wanted: 1,
      },
    });
    expect(told(world.ask(asked('m4', 'mail', 20, 40_000)))[0]).toBe('save_migration');
  });
  it('without a quota, and nobody’s migrations, have only the links as their limit', () => {
    const world = World.started(vms, undefined, { tenantQuotas: quotas });
    world.ask({ ...asked('m1', 'web', 60), tenant: 'red', deadline: null });
    world.ask({ ...asked('m2', 'mail', 15), tenant: null, deadline: null });
    expect([...world.state.migrations.keys()]).toEqual(['m1', 'm2']);
  });
});
