/** One migration from request to receipt, effect by effect. */
import type { LinkId } from '@sluice/topology';
import { describe, expect, it } from 'vitest';
import { reservations, residualOf } from '../index.ts';
import { request, told, World } from '../testing/world.ts';

const webAt = (world: World) => world.state.places.get(world.migration('m1').vm.mac);

describe('a migration', () => {
  it('does one thing after the other, from the hold to the receipt', () => {
    const world = World.started();
    expect(told(world.ask(request('m1')))).toEqual([
      'save_migration',
      'save_reservation',
      'answer ok',
      'prepare_incoming → h3',
      'announce migration_admitted',
    ]);
    expect(told(world.prepared('m1'))).toEqual(['save_migration', 'save_reservation', 'install_reservation']);
    expect(told(world.networkDone('m1', 'install'))).toEqual([
      'save_migration',
      'read_counters',
      'start_migration → h1',
    ]);
    expect(told(world.counters('m1', 0, 0))).toEqual([]);
    expect(told(world.migrationStarted('m1'))).toEqual([
      'save_migration',
      'set_forwarding',
      'announce migration_started',
    ]);

    expect(told(world.wait(2000).round('m1'))).toEqual(['save_migration', 'read_counters']);
    expect(told(world.counters('m1', 20e6))).toEqual([
      'save_migration',
      'announce round_finished',
      'save_migration',
      'save_reservation',
      'resize_reservation',
    ]);
    expect(told(world.networkDone('m1', 'resize'))).toEqual([
      'save_migration',
      'next_round → h1',
      'announce rate_changed',
    ]);

    world.wait(2000).round('m1', { remainingBytes: 100_000 });
    world.counters('m1', 30e6);
    expect(told(world.networkDone('m1', 'resize'))).toEqual([
      'save_migration',
      'begin_switchover → h1',
      'announce switchover_started',
      'announce rate_changed',
    ]);
    expect(webAt(world)).toBe('h1');
    expect(told(world.stopped('m1'))).toEqual(['save_migration', 'set_forwarding', 'announce vm_stopped']);
    expect(webAt(world)).toBe('h3');
    expect(told(world.resumed('m1'))).toEqual(['save_migration', 'announce vm_resumed']);
    expect(told(world.completed('m1'))).toEqual(['read_counters', 'save_migration', 'remove_reservation']);
    expect(told(world.counters('m1', 31e6))).toEqual(['save_migration', 'announce round_finished']);
    expect(told(world.networkDone('m1', 'remove'))).toEqual([
      'save_receipt',
      'save_migration',
      'delete_reservation',
      'set_forwarding',
      'announce migration_completed',
    ]);

    const { receipt, phase } = world.migration('m1');
    expect(phase).toBe('completed');
    expect(receipt).toMatchObject({
      outcome: 'completed',
      reason: null,
      // From the request on, whatever the source counts from.
      totalTime: 4000,
      downtime: 150,
      transferred: 120e6,
      downtimeLimitMet: true,
      deadlineMet: null,
      checkedPages: 24414,
    });
    expect(
      receipt?.rounds.map((round) => [
        round.phase,
        round.reservedRate,
        round.measuredRate,
        round.measuredFrom,
      ]),
    ).toEqual([
      ['precopy', 80e6, 80e6, 'queue'],
      ['precopy', expect.any(Number), 40e6, 'queue'],
      ['stop_and_copy', 80e6, 80e6, 'queue'],
    ]);
    expect(reservations(world.state)).toEqual([]);
    expect(residualOf(world.state, 's1:3>s2:1' as LinkId)).toBe(80e6);
  });
});
