// The rate of a migration while UDP fills the applications' queue: of a port on its way, of a port it never crosses,
// and of the way back, on which its acknowledgements travel.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LabPort, mustSkip, queueCounters } from '../src/lab/index.ts';
import { openStage, type Stage, type StageSnapshot } from '../src/stage/index.ts';
import { figures, longRounds, megabits, percent } from './observe.ts';
import { twoSites } from './stages.ts';

const story = twoSites({
  name: 'e2e-saturation',
  // Narrow, so that filling it leaves processors for what is measured.
  trunkMegabits: 50,
  trunkFloorMegabits: 10,
  // Half of what a link can promise stays for migrations, however much the applications send.
  controller: { migrationShareMin: 0.5 },
  vms: [{ name: 'web', memoryMebibytes: 10, phases: [[600, 0.2, 2]] }],
});
const TOLERANCE = 0.05;
/** So that a round takes seconds. */
const RATE_MAX = 20e6;
/** For the load to be measured, so that it is not the controller's news in the middle of a round. */
const LOAD_SETTLE_MS = 2500;

describe.skipIf(mustSkip('saturated queues on real parts'))('a migration beside saturated queues', () => {
  let stage: Stage;
  let clean: StageSnapshot;

  beforeAll(async () => {
    stage = await openStage(story, { run: 'managed' });
    clean = await stage.snapshot();
  });
  afterAll(async () => {
    await stage?.close();
  });

  /** Migrates while UDP of `rate` runs, and proves that the port's queue 0 was full meanwhile. */
  async function migrateBeside(load: {
    readonly id: string;
    readonly destination: 'h1' | 'h2';
    readonly from: string;
    readonly to: string;
    readonly megabitsPerSec: number;
    readonly full: LabPort;
  }): Promise<void> {
    const { id, destination, from, to, full } = load;
    const flow = await stage.startFlow({
      ...{ kind: 'udp', name: `load ${id}`, from, to },
      rateBitsPerSec: load.megabitsPerSec * 1e6,
    });
    try {
      await delay(LOAD_SETTLE_MS);
      const before = await queueCounters(full);
      const began = performance.now();
      await stage.migrate({ id, vm: 'web', destination, downtimeLimitSec: 0.5, rateMaxBitsPerSec: RATE_MAX });
      const view = await stage.untilEnded(id);
      const after = await queueCounters(full);
      const sec = (performance.now() - began) / 1000;
      const applications = (((after.get(0)?.bytes ?? 0) - (before.get(0)?.bytes ?? 0)) * 8) / sec;
      const drops = (after.get(0)?.drops ?? 0) - (before.get(0)?.drops ?? 0);
      const rounds = longRounds(view);
      figures(id, {
        rounds: rounds
          .map((round) => `${megabits(round.reserved)} got ${percent(round.measured / round.reserved - 1)}`)
          .join(' '),
        queue0: `${megabits(applications)} Mbit/s, ${drops} dropped`,
        downtimeMs: ((view.receipt?.downtimeSec ?? 0) * 1000).toFixed(0),
      });
      expect(view).toMatchObject({ outcome: 'completed' });
      expect(drops).toBeGreaterThan(0);
      expect(rounds.length).toBeGreaterThan(0);
      for (const { reserved, measured } of rounds)
        expect(Math.abs(measured / reserved - 1)).toBeLessThan(TOLERANCE);
    } finally {
      await flow.stop();
    }
  }

  it('keeps its rate when the queue beside its own is full', () =>
    migrateBeside({
      ...{ id: 'same-port', destination: 'h2', from: 'c1', to: 'c2', megabitsPerSec: 60 },
      full: stage.network.port('s1', 10),
    }));

  it('keeps its rate when the way back of its acknowledgements is full', () =>
    // It goes from h2 to h1 now: its data from s2 to s1, its acknowledgements beside the load from s1 to s2.
    migrateBeside({
      ...{ id: 'way-back', destination: 'h1', from: 'c1', to: 'c2', megabitsPerSec: 60 },
      full: stage.network.port('s1', 10),
    }));

  it('keeps its rate when a port that it never crosses is full', () =>
    migrateBeside({
      ...{ id: 'foreign-port', destination: 'h2', from: 'c1', to: 'c3', megabitsPerSec: 50 },
      full: stage.network.port('s1', 3),
    }));

  it('leaves everything as before when it has gone back', async () => {
    await stage.migrate({ id: 'home', vm: 'web', destination: 'h1' });
    expect(await stage.untilEnded('home')).toMatchObject({ outcome: 'completed' });
    expect(await stage.snapshot()).toEqual(clean);
  });
});
