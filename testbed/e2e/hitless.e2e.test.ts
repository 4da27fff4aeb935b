// A real guest moves there and back while a prober asks it every millisecond. How long it takes is told, not asserted;
// that nothing waits for the guest or its hypervisor to announce itself is.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLabGuests } from '../src/guests/index.ts';
import { mustSkip, obstaclesToGuests } from '../src/lab/index.ts';
import { type HitlessStage, type Move, openHitlessStage } from '../src/stage/index.ts';
import { figures } from './observe.ts';
import { twoSites } from './stages.ts';

const story = twoSites({
  name: 'e2e-hitless',
  trunkFloorMegabits: 10,
  vms: [{ name: 'web', memoryMebibytes: 8, phases: [[600, 0.2, 2]] }],
});

describe.skipIf(mustSkip('hitless moves of real guests', obstaclesToGuests()))('a guest that moves', () => {
  let hitless: HitlessStage;
  beforeAll(async () => {
    hitless = await openHitlessStage(story);
  });
  afterAll(async () => {
    await hitless?.close();
  });

  const tell = (move: Move) =>
    figures(`to ${move.destination}`, {
      silenceMs: move.gapMs.toFixed(1),
      stoppedMs: move.stoppedMs.toFixed(1),
      wakingMs: move.wakingMs.toFixed(1),
      networkMs: move.networkMs.toFixed(1),
      flippedMs: move.flippedMs.toFixed(1),
      lost: move.lost,
      startStallMs: move.startStallMs.toFixed(1),
      quietMs: move.quietMs.toFixed(1),
    });

  it.each(['h2', 'h1'])('to %s is reached there before it runs, though nobody announces it', async (to) => {
    const body = { hypervisor: { announceRounds: 0 } };
    const move = await hitless.move({ id: `to-${to}`, destination: to, body });
    tell(move);
    const destination = hitless.monitors.at(to, 'web');
    expect(await destination.execute('query-migrate-parameters')).toMatchObject({ 'announce-rounds': 0 });
    expect(move.flippedMs).toBeLessThan(move.stoppedMs);
    expect(move.lost).toBeLessThan(move.stoppedMs);
    expect(hitless.monitors.impossible).toBe(0);
    expect(findLabGuests(hitless.stage.lab.prefix, 'web').map(({ host }) => host)).toEqual([to]);
  });

  it('is unharmed, and nothing of its moves is left', async () => {
    expect(await hitless.stage.guestProblems()).toEqual([]);
    const { nics, redis } = await hitless.stage.snapshot();
    expect(nics).toEqual({ h1: [], h2: [] });
    expect(redis.reservations).toEqual([]);
  });
});
