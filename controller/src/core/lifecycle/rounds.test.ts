/** What happens at the boundary between two rounds. */
import type { AgentCommand } from '@sluice/agents/contract';
import type { HostId } from '@sluice/topology';
import { bitsPerSec, millis } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { type Effect, heldOn, type VmId } from '../index.ts';
import { profile, request, told, World } from '../testing/world.ts';

const commandsIn = (effects: readonly Effect[]): readonly AgentCommand[] =>
  effects.flatMap((effect) => (effect.kind === 'send_command' ? [effect.command] : []));
const queuesIn = (effects: readonly Effect[]) =>
  effects.flatMap((effect) =>
    effect.kind === 'resize_reservation' || effect.kind === 'install_reservation'
      ? effect.queues.map((queue) => `${queue.port.dpid.slice(-1)}:${queue.port.portNo} ${queue.rate}`)
      : [],
  );

/** Plays one round with this dirty rate and returns the rate of the next. */
function rateAfter(world: World, dirtyRateBytesPerSec: number): number | null {
  world.wait(2000).round('m1', { dirtyRateBytesPerSec, remainingBytes: 20e6 });
  world.counters('m1', null);
  if (world.migration('m1').networkPending === 'resize') world.networkDone('m1', 'resize');
  return world.migration('m1').roundRate;
}

describe('a round boundary', () => {
  it('asks bda again: another dirty rate, another reservation', () => {
    const world = World.started();
    world.begin(request('m1'));
    // U: 8, 16, 32, 32 Mbit/s of F = 80: E = 80 − (U² + D²)/(U + D), rounded up to a whole bit/s.
    const rates = [world.migration('m1').roundRate, ...[2e6, 4e6, 4e6].map((rate) => rateAfter(world, rate))];
    expect(rates).toEqual([
      80e6,
      Math.ceil(80e6 - 320e6 / 24),
      Math.ceil(80e6 - 1168e6 / 44),
      expect.any(Number),
    ]);
    expect(new Set(rates).size).toBe(4);
  });

  it('asks minimum-energy again: more dirtying, more rate', () => {
    const world = World.started();
    world.begin(request('m1', { policy: 'minimum-energy', deadline: millis(60_000) }));
    const first = Number(world.migration('m1').roundRate);
    const [slow, fast, slower] = [1e6, 4e6, 1e6].map((rate) => Number(rateAfter(world, rate)));
    expect(first).toBeLessThan(80e6);
    expect(fast).toBeGreaterThan(Number(slow));
    expect(slower).toBeLessThan(Number(fast));
  });

  it('keeps to the user’s limits whatever the policy asks for', () => {
    const world = World.started();
    world.begin(request('m1', { rateMin: bitsPerSec(35e6), rateMax: bitsPerSec(40e6) }));
    expect([world.migration('m1').roundRate, rateAfter(world, 2e6), rateAfter(world, 9.5e6)]).toEqual([
      40e6, 40e6, 35e6,
    ]);
  });

  it('is told after the stop that overtook it, and asks for nothing any more', () => {
    const world = World.started();
    world.begin(request('m1'));
    world.wait(2000).round('m1', { remainingBytes: 100_000 });
    world.counters('m1', 30e6);
    if (world.migration('m1').networkPending === 'resize') world.networkDone('m1', 'resize');
    world.stopped('m1');
    expect(told(world.round('m1'))).toEqual(['save_migration', 'announce round_finished']);
    world.resumed('m1');
    world.completed('m1');
    const { rounds } = world.migration('m1');
    expect(rounds.map(({ round, phase }) => [round, phase])).toEqual([
      [0, 'precopy'],
      [1, 'precopy'],
      [2, 'stop_and_copy'],
    ]);
  });

  it('changes the network first, then tells the sender a cap by the overhead that the last round had', () => {
    const world = World.started();
    world.begin(request('m1'));
    world.wait(2000).round('m1', { dirtyRateBytesPerSec: 3e6, remainingBytes: 20e6, transferredBytes: 10e6 });
    const decided = world.counters('m1', 20e6);
    const rate = 80e6 - 20e6;
    expect(commandsIn(decided)).toEqual([]);
    // The way there, and the way back with three per cent.
    expect(queuesIn(decided)).toEqual([
      `1:3 ${rate}`,
      `2:2 ${rate}`,
      `4:1 ${rate}`,
      `4:3 ${rate * 0.03}`,
      `2:1 ${rate * 0.03}`,
      `1:1 ${rate * 0.03}`,
    ]);
    expect(heldOn(world.state, world.migration('m1').path[1] as never)).toBe(80e6);
    expect(commandsIn(world.networkDone('m1', 'resize'))).toEqual([
      {
        kind: 'next_round',
        migrationId: 'm1',
        round: 1,
        rateCapBitsPerSec: Math.floor((rate / 1.05) * 0.99),
        nicRateBitsPerSec: rate,
      },
    ]);
    expect(heldOn(world.state, world.migration('m1').path[1] as never)).toBe(rate);
  });

  it('tells the sender at once when the rate stays', () => {
    const world = World.started();
    world.begin(request('m1', { rateMin: bitsPerSec(40e6), rateMax: bitsPerSec(40e6) }));
    world.wait(2000).round('m1', { remainingBytes: 20e6 });
    expect(told(world.counters('m1', 10e6))).toEqual([
      'save_migration',
      'announce round_finished',
      'save_migration',
      'next_round → h1',
    ]);
  });

  it('gives the switchover all spare rate as soon as the rest fits into the downtime limit', () => {
    const world = World.started();
    world.begin(request('m1'));
    rateAfter(world, 4e6);
    world.wait(1000).round('m1', { remainingBytes: 2e6 });
    world.counters('m1', null);
    expect(commandsIn(world.networkDone('m1', 'resize'))).toEqual([
      {
        kind: 'begin_switchover',
        migrationId: 'm1',
        rateCapBitsPerSec: Math.floor((80e6 / 1.05) * 0.99),
        nicRateBitsPerSec: 80e6,
        switchover: { rateBitsPerSec: Math.floor((80e6 / 1.05) * 0.99), downtimeLimitSec: 0.27 },
      },
    ]);
  });

  it('stops one byte below the downtime limit and goes on one above', () => {
    const limit = ((300 - 30) * 80e6 * 0.94) / 8000;
    for (const [remainingBytes, next] of [
      [Math.floor(limit), 'begin_switchover'],
      [Math.ceil(limit) + 1, 'next_round'],
    ] as const) {
      const world = World.started();
      world.begin(request('m1'));
      world.round('m1', { remainingBytes, dirtyRateBytesPerSec: 1e6 });
      const effects = [...world.counters('m1', null)];
      if (world.migration('m1').networkPending === 'resize')
        effects.push(...world.networkDone('m1', 'resize'));
      expect(commandsIn(effects).map((command) => command.kind)).toEqual([next]);
    }
  });

  it('stops after the last round that the user allows, and when nothing remains', () => {
    for (const [roundsMax, remainingBytes] of [
      [1, 30e6],
      [30, 0],
    ] as const) {
      const world = World.started({ h1: [profile('web', { workingSetBytes: 2e6 })] });
      world.begin(request('m1', { roundsMax, rateMin: bitsPerSec(80e6) }));
      world.round('m1', { remainingBytes: 30e6 });
      expect(commandsIn(world.counters('m1', null)).map((command) => command.kind)).toEqual(['next_round']);
      world.round('m1', { remainingBytes });
      expect(commandsIn(world.counters('m1', null)).map((command) => command.kind)).toEqual([
        'begin_switchover',
      ]);
    }
  });

  it('decides an unmanaged boundary at once, by the rate that was seen', () => {
    const world = World.started();
    world.begin(request('m1', { policy: 'unmanaged' }));
    const effects = world.round('m1', { transferredBytes: 20e6, durationSec: 2, remainingBytes: 5e6 });
    expect(commandsIn(effects)).toEqual([
      { kind: 'next_round', migrationId: 'm1', round: 1, rateCapBitsPerSec: null, nicRateBitsPerSec: null },
    ]);
    const last = world.round('m1', { transferredBytes: 20e6, durationSec: 2, remainingBytes: 1e6 });
    expect(commandsIn(last).map((command) => command.kind)).toEqual(['begin_switchover']);
    expect(world.migration('m1').rounds[0]).toMatchObject({
      reservedRate: null,
      measuredRate: 42e6,
      measuredFrom: 'nic',
    });
  });
});

describe('a measurement', () => {
  it('comes from the queue when nobody shares it', () => {
    const world = World.started();
    world.begin(request('m1'));
    world.round('m1', { durationSec: 2 });
    world.counters('m1', 19e6, 20e6);
    expect(world.migration('m1').rounds[0]).toMatchObject({ measuredRate: 76e6, measuredFrom: 'queue' });
  });

  it('does not count what left for disks before its memory', () => {
    const world = World.started();
    world.begin(request('m1'));
    world.wait(5000).report('h1', {
      ...{ kind: 'storage_progress', migrationId: 'm1', copiedBytes: 40e6, totalBytes: 40e6 },
    });
    world.counters('m1', 42e6);
    world.wait(2000).round('m1', { durationSec: 2 });
    world.counters('m1', 42e6 + 19e6);
    expect(world.migration('m1').rounds[0]).toMatchObject({ measuredRate: 76e6, measuredFrom: 'queue' });
  });

  it('comes from the meter when another reservation crossed the port meanwhile, even if it has gone again', () => {
    const world = World.started({ h1: [profile('web')], h2: [profile('mail')] });
    world.begin(request('m1', { rateMax: bitsPerSec(20e6) }));
    world.ask(
      request('m2', { vmId: 'mail' as VmId, destination: 'h4' as HostId, rateMax: bitsPerSec(20e6) }),
    );
    expect(world.migration('m2').path[1]).toBe('s1:3>s2:1');
    world.send({ kind: 'abort_requested', migrationId: world.migration('m2').id, reason: '' });
    world.round('m1', { durationSec: 2 });
    world.counters('m1', 19e6, 5e6);
    expect(world.migration('m1').rounds[0]).toMatchObject({ measuredRate: 20e6, measuredFrom: 'meter' });
  });

  it('is missing when the counters could not be read, and comes back a round later', () => {
    const world = World.started();
    world.begin(request('m1', { rateMin: bitsPerSec(80e6) }));
    world.round('m1', { remainingBytes: 20e6 });
    world.counters('m1', null);
    world.round('m1', { remainingBytes: 20e6 });
    world.counters('m1', 30e6);
    world.round('m1', { remainingBytes: 20e6 });
    world.counters('m1', 50e6);
    expect(world.migration('m1').rounds.map((round) => round.measuredRate)).toEqual([null, null, 80e6]);
  });

  it('gives the energy of the round by the model', () => {
    const world = World.started();
    world.begin(request('m1'));
    world.round('m1', { durationSec: 2 });
    world.counters('m1', 20e6);
    expect(world.migration('m1').rounds[0]?.energy).toBeCloseTo(1e-6 * 80 ** 2 * 2, 12);
  });
});

describe('a sender that went on by itself', () => {
  it('is answered for its new round once the older change is through', () => {
    const world = World.started();
    world.begin(request('m1'));
    world.round('m1', { dirtyRateBytesPerSec: 3e6, remainingBytes: 20e6 });
    world.counters('m1', 20e6);
    expect(world.migration('m1').boundary?.waitingFor).toBe('resize');
    expect(told(world.round('m1', { dirtyRateBytesPerSec: 6e6, remainingBytes: 20e6 }))).toEqual([
      'save_migration',
      'read_counters',
    ]);
    expect(commandsIn(world.counters('m1', 40e6))).toEqual([]);
    const decided = world.networkDone('m1', 'resize');
    expect(decided.some((effect) => effect.kind === 'resize_reservation')).toBe(true);
    expect(commandsIn(world.networkDone('m1', 'resize'))).toMatchObject([{ kind: 'next_round', round: 2 }]);
  });

  it('is answered once, when the change is through before the counters of its new round', () => {
    const world = World.started();
    world.begin(request('m1'));
    world.round('m1', { dirtyRateBytesPerSec: 3e6, remainingBytes: 20e6 });
    world.counters('m1', 20e6);
    world.round('m1', { dirtyRateBytesPerSec: 3e6, remainingBytes: 20e6 });
    expect(commandsIn(world.networkDone('m1', 'resize'))).toEqual([]);
    const effects = [...world.counters('m1', 40e6)];
    if (world.migration('m1').networkPending === 'resize') effects.push(...world.networkDone('m1', 'resize'));
    expect(commandsIn(effects)).toMatchObject([{ kind: 'next_round', round: 2 }]);
  });

  it('does not have the bytes of two rounds taken for one', () => {
    const world = World.started();
    world.begin(request('m1'));
    world.round('m1', { remainingBytes: 20e6 });
    world.round('m1', { remainingBytes: 20e6 });
    world.counters('m1', 20e6);
    expect(world.migration('m1').rounds.map((round) => round.measuredRate)).toEqual([null, null]);
  });

  it('is never called back from a switchover that it was told of too late', () => {
    const world = World.started();
    world.begin(request('m1'));
    world.round('m1', { remainingBytes: 100_000 });
    world.counters('m1', null);
    world.round('m1', { remainingBytes: 20e6 });
    expect(told(world.counters('m1', null))).toEqual([
      'save_migration',
      'announce round_finished',
      'save_migration',
      'begin_switchover → h1',
    ]);
  });

  it('is told about every round once, measured or not', () => {
    const world = World.started();
    world.begin(request('m1'));
    const effects = [
      ...world.round('m1', { remainingBytes: 20e6 }),
      ...world.round('m1', { remainingBytes: 20e6 }),
      ...world.counters('m1', 20e6),
      ...world.counters('m1', 20e6),
      ...world.round('m1', { remainingBytes: 20e6 }),
      ...world.stopped('m1'),
      ...world.counters('m1', 20e6),
    ];
    const rounds = effects.flatMap((effect) =>
      effect.kind === 'announce' && effect.event.type === 'round_finished' ? [effect.event.detail.round] : [],
    );
    expect(rounds).toEqual([0, 1, 2]);
  });

  it('ignores the report of a round that it knows already', () => {
    const world = World.started();
    world.begin(request('m1'));
    world.round('m1');
    const { rounds } = world.migration('m1');
    expect(told(world.round('m1', { round: 0 }))).toEqual(['announce report_ignored']);
    expect(world.migration('m1').rounds).toBe(rounds);
  });
});

describe('a resize that fails', () => {
  it('keeps the old rate, holds the larger one, and the migration goes on', () => {
    const world = World.started();
    world.begin(request('m1'));
    world.round('m1', { dirtyRateBytesPerSec: 3e6, remainingBytes: 20e6 });
    world.counters('m1', 20e6);
    const effects = world.networkFailed('m1', 'resize');
    expect(told(effects)).toContain('announce rate_kept');
    expect(commandsIn(effects)).toMatchObject([{ kind: 'next_round', nicRateBitsPerSec: 80e6 }]);
    expect(heldOn(world.state, world.migration('m1').path[1] as never)).toBe(80e6);
  });

  it('ends the migration after three in a row', () => {
    const world = World.started();
    world.begin(request('m1'));
    for (let round = 0; round < 3; round += 1) {
      expect(world.migration('m1').phase).toBe('precopy');
      world.round('m1', { dirtyRateBytesPerSec: (round + 3) * 1e6, remainingBytes: 20e6 });
      world.counters('m1', null);
      world.networkFailed('m1', 'resize');
    }
    expect(world.migration('m1')).toMatchObject({
      phase: 'releasing',
      outcome: 'failed',
      reason: 'network_resize_failed',
    });
  });
});
