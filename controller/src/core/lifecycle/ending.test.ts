/** However a migration ends, it ends once, and leaves nothing behind. */
import type { HostId, LinkId } from '@sluice/topology';
import { describe, expect, it } from 'vitest';
import { type MigrationId, reservations } from '../index.ts';
import { request, told, World } from '../testing/world.ts';

const m1 = 'm1' as MigrationId;
const abort = (world: World) =>
  world.send({ kind: 'abort_requested', migrationId: m1, reason: 'maintenance' });
const webAt = (world: World) => world.state.places.get(world.migration('m1').vm.mac);
const endOf = (world: World) => {
  const { phase, reason } = world.migration('m1');
  return { phase, reason, held: reservations(world.state).length };
};

describe('an abort', () => {
  it('before anything is installed ends at once', () => {
    const world = World.started();
    world.ask(request('m1'));
    expect(told(abort(world))).toEqual([
      'answer ok',
      'cancel_migration → h1',
      'cancel_migration → h3',
      'save_receipt',
      'save_migration',
      'delete_reservation',
      'announce migration_aborted',
    ]);
    expect(endOf(world)).toEqual({ phase: 'aborted', reason: 'abort_requested', held: 0 });
  });

  it('in mid-round cancels both sides and clears the network before the hold goes', () => {
    const world = World.started();
    world.begin(request('m1'));
    expect(told(abort(world))).toEqual([
      'answer ok',
      'cancel_migration → h1',
      'cancel_migration → h3',
      'save_migration',
      'remove_reservation',
    ]);
    expect(endOf(world)).toEqual({ phase: 'releasing', reason: 'abort_requested', held: 1 });
    expect(told(abort(world))).toEqual(['answer ok']);
    expect(told(world.networkDone('m1', 'remove'))).toEqual([
      'save_receipt',
      'save_migration',
      'delete_reservation',
      'set_forwarding',
      'announce migration_aborted',
    ]);
    expect(endOf(world)).toEqual({ phase: 'aborted', reason: 'abort_requested', held: 0 });
    expect(world.migration('m1').receipt).toMatchObject({
      outcome: 'aborted',
      downtime: null,
      downtimeLimitMet: null,
    });
  });

  it('while the install or a resize is under way does not mind its late answer', () => {
    const world = World.started();
    world.ask(request('m1'));
    world.prepared('m1');
    abort(world);
    expect(world.networkDone('m1', 'install')).toEqual([]);
    world.networkDone('m1', 'remove');
    expect(endOf(world)).toMatchObject({ phase: 'aborted', held: 0 });
  });

  it('during stop-and-copy brings the traffic back to the source', () => {
    const world = World.started();
    world.begin(request('m1'));
    world.stopped('m1');
    expect(webAt(world)).toBe('h3');
    expect(told(abort(world))).toEqual([
      'answer ok',
      'set_forwarding',
      'cancel_migration → h1',
      'cancel_migration → h3',
      'save_migration',
      'remove_reservation',
    ]);
    expect(webAt(world)).toBe('h1');
  });

  it('is refused once the VM runs at the destination, once it has ended, and for what nobody knows', () => {
    const world = World.started();
    expect(told(abort(world))).toEqual(['answer unknown_migration']);
    world.begin(request('m1'));
    world.stopped('m1');
    world.resumed('m1');
    expect(told(abort(world))).toEqual(['answer vm_already_moved']);
    world.completed('m1');
    world.networkDone('m1', 'remove');
    expect(told(abort(world))).toEqual(['answer migration_ended']);
    expect(endOf(world)).toEqual({ phase: 'completed', reason: null, held: 0 });
  });

  it('that comes a moment too late becomes a completion', () => {
    const world = World.started();
    world.begin(request('m1'));
    world.stopped('m1');
    abort(world);
    expect(told(world.resumed('m1'))).toEqual(['save_migration', 'set_forwarding', 'announce vm_resumed']);
    world.completed('m1');
    world.networkDone('m1', 'remove');
    expect(endOf(world)).toEqual({ phase: 'completed', reason: 'abort_requested', held: 0 });
    expect(webAt(world)).toBe('h3');
  });
});

describe('a failure', () => {
  it.each(['source', 'destination'] as const)('of the %s ends the migration with its code', (side) => {
    const world = World.started();
    world.begin(request('m1'));
    world.failed('m1', side, side === 'source');
    world.networkDone('m1', 'remove');
    expect(endOf(world)).toEqual({ phase: 'failed', reason: 'connection_lost', held: 0 });
    expect(webAt(world)).toBe('h1');
  });

  it('of the install has been undone, and still clears the network', () => {
    const world = World.started();
    world.ask(request('m1'));
    world.prepared('m1');
    expect(told(world.networkFailed('m1', 'install', 'rejected'))).toEqual([
      'cancel_migration → h1',
      'cancel_migration → h3',
      'save_migration',
      'remove_reservation',
    ]);
    world.networkDone('m1', 'remove');
    expect(endOf(world)).toEqual({ phase: 'failed', reason: 'network_install_failed', held: 0 });
    expect(world.migration('m1').reasonDetail).toBe('rejected: s2 did not answer');
  });

  it('after the VM has moved is a completion that says what went missing', () => {
    const world = World.started();
    world.begin(request('m1'));
    world.wait(1000).stopped('m1');
    world.wait(100).resumed('m1');
    const effects = told(world.failed('m1', 'source', false));
    expect(effects).toEqual(['save_migration', 'remove_reservation']);
    world.networkDone('m1', 'remove');
    expect(endOf(world)).toEqual({ phase: 'completed', reason: 'connection_lost', held: 0 });
    expect(world.migration('m1').receipt).toMatchObject({ downtime: 100, checkedPages: null });
    expect(webAt(world)).toBe('h3');
  });

  it('at a destination where the VM runs all the same leaves the traffic there', () => {
    const world = World.started();
    world.begin(request('m1'));
    world.stopped('m1');
    world.failed('m1', 'destination', true);
    world.networkDone('m1', 'remove');
    expect(endOf(world)).toMatchObject({ phase: 'completed' });
    expect(webAt(world)).toBe('h3');
  });

  it('reported late changes nothing', () => {
    const world = World.started();
    world.begin(request('m1'));
    abort(world);
    expect(told(world.failed('m1', 'source', true))).toEqual(['announce report_ignored']);
    world.networkDone('m1', 'remove');
    const before = world.migration('m1');
    for (const late of [
      world.round('m1'),
      world.failed('m1', 'source', true),
      world.completed('m1'),
      world.stopped('m1'),
    ])
      expect(told(late)).toEqual(['announce report_ignored']);
    expect(world.migration('m1')).toEqual(before);
  });
});

describe('a lost link', () => {
  it('of the path ends the migration, another one does not', () => {
    const world = World.started();
    world.begin(request('m1'));
    const elsewhere = world.send({ kind: 'link_went_down', link: 's1:4>s3:1' as LinkId });
    expect(told(elsewhere)).toEqual(['set_forwarding', 'announce link_down']);
    const onTheWayBack = world.send({ kind: 'link_went_down', link: 's2:1>s1:3' as LinkId });
    expect(told(onTheWayBack)).toEqual([
      'set_forwarding',
      'announce link_down',
      'cancel_migration → h1',
      'cancel_migration → h3',
      'save_migration',
      'remove_reservation',
    ]);
    world.networkDone('m1', 'remove');
    expect(endOf(world)).toEqual({ phase: 'failed', reason: 'link_down', held: 0 });
    expect(world.send({ kind: 'link_went_down', link: 's2:1>s1:3' as LinkId })).toEqual([]);
    expect(told(world.send({ kind: 'link_came_up', link: 's2:1>s1:3' as LinkId }))).toEqual([
      'set_forwarding',
      'announce link_up',
    ]);
  });

  it('does not end an unmanaged migration, which follows the forwarding', () => {
    const world = World.started();
    world.begin(request('m1', { policy: 'unmanaged' }));
    world.send({ kind: 'link_went_down', link: 's1:3>s2:1' as LinkId });
    expect(world.migration('m1').phase).toBe('precopy');
  });
});

describe('silence', () => {
  it.each(['h1', 'h3'])('of the agent at %s ends the migration; it is told once it is back', (lost) => {
    const world = World.started();
    world.begin(request('m1'));
    const other = lost === 'h1' ? 'h3' : 'h1';
    const effects = told(world.pass(3000, [lost]));
    expect(effects).toEqual([
      'announce agent_lost',
      `cancel_migration → ${other}`,
      'save_migration',
      'remove_reservation',
    ]);
    world.networkDone('m1', 'remove');
    expect(endOf(world)).toEqual({ phase: 'failed', reason: 'agent_lost', held: 0 });
    expect(told(world.heartbeat(lost))).toEqual(['announce agent_back', `cancel_migration → ${lost}`]);
    expect(told(world.heartbeat(lost))).toEqual([]);
  });

  it('of everybody, as without Redis, ends it; each is told as it comes back, and of nothing older', () => {
    const world = World.started();
    world.begin(request('m1'));
    abort(world);
    world.networkDone('m1', 'remove');
    world.pass(500);
    world.begin(request('m2'));
    world.pass(3000, ['h1', 'h3']);
    world.networkDone('m2', 'remove');
    for (const hostId of ['h3', 'h1'])
      expect(told(world.heartbeat(hostId))).toEqual(['announce agent_back', `cancel_migration → ${hostId}`]);
  });

  it('at any step ends the migration with the step that was awaited', () => {
    const steps: [string, (world: World) => void][] = [
      ['prepare_timeout', (world) => world.ask(request('m1'))],
      ['install_timeout', (world) => world.prepared('m1')],
      ['start_timeout', (world) => world.networkDone('m1', 'install')],
      ['no_progress', (world) => world.migrationStarted('m1')],
      ['no_progress', (world) => world.stopped('m1')],
    ];
    steps.forEach(([reason], count) => {
      const world = World.started();
      for (const [, act] of steps.slice(0, count + 1)) act(world);
      world.pass(60_000);
      if (world.migration('m1').phase === 'releasing') world.networkDone('m1', 'remove');
      expect(endOf(world)).toEqual({ phase: 'failed', reason, held: 0 });
      expect(webAt(world)).toBe('h1');
    });
  });

  it('of the network during a resize ends the migration, though rounds go on', () => {
    const world = World.started();
    world.begin(request('m1'));
    for (let round = 0; round < 6; round += 1) {
      world.round('m1', { dirtyRateBytesPerSec: 3e6, remainingBytes: 20e6 });
      world.counters('m1', null);
      world.pass(2000);
    }
    world.networkDone('m1', 'remove');
    expect(endOf(world)).toEqual({ phase: 'failed', reason: 'resize_timeout', held: 0 });
  });

  it('of the source after the VM has moved is a completion', () => {
    const world = World.started();
    world.begin(request('m1'));
    world.stopped('m1');
    world.resumed('m1');
    world.pass(60_000);
    world.networkDone('m1', 'remove');
    expect(endOf(world)).toEqual({ phase: 'completed', reason: 'completion_unreported', held: 0 });
  });

  it('is not assumed while a long round is expected to go on', () => {
    const world = World.started();
    world.begin(request('m1'));
    // 100 MB at 80 Mbit/s take 10.8 s; twice that on top of the 15 s is allowed.
    world.pass(30_000);
    expect(world.migration('m1').phase).toBe('precopy');
    world.pass(10_000);
    expect(world.migration('m1').reason).toBe('no_progress');
  });
});

describe('reports', () => {
  it('count only from the side that may make them', () => {
    const world = World.started();
    world.ask(request('m1'));
    const effects = world.report('h2', {
      kind: 'incoming_prepared',
      migrationId: 'm1',
      ip: '10.0.0.2',
      port: 1,
    });
    expect(effects).toEqual([
      {
        kind: 'announce',
        event: {
          type: 'report_ignored',
          migrationId: 'm1',
          detail: { hostId: 'h2' as HostId, report: 'incoming_prepared', reason: 'not_the_destination' },
        },
      },
    ]);
  });

  it('of two hosts may overtake each other at the switchover', () => {
    const world = World.started();
    world.begin(request('m1'));
    expect(told(world.resumed('m1'))).toEqual(['save_migration', 'set_forwarding', 'announce vm_resumed']);
    expect(told(world.stopped('m1'))).toEqual(['save_migration', 'announce vm_stopped']);
    world.completed('m1');
    world.networkDone('m1', 'remove');
    expect(endOf(world)).toEqual({ phase: 'completed', reason: null, held: 0 });
  });

  it('of the source alone are enough to complete', () => {
    const world = World.started();
    world.begin(request('m1'));
    world.stopped('m1');
    world.completed('m1');
    world.networkDone('m1', 'remove');
    expect(told(world.resumed('m1'))).toEqual(['announce report_ignored']);
    expect(endOf(world)).toEqual({ phase: 'completed', reason: null, held: 0 });
    expect(webAt(world)).toBe('h3');
  });
});
