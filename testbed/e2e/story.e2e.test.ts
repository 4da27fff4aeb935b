// One VM moves there and back over a trunk that applications use, on real parts. Rates are looked up in the kernel's
// counters, not only in what the controller says about itself.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mustSkip } from '../src/lab/index.ts';
import { poll } from '../src/lab/poll.ts';
import type { MigrationView } from '../src/run/controller-client.ts';
import { openStage, type Stage, type StageSnapshot } from '../src/stage/index.ts';
import { type Flow, monotonicMs, type Prober, type Window } from '../src/traffic/index.ts';
import {
  change,
  figures,
  flowsOnlyIn,
  insideOfRound,
  longRounds,
  megabits,
  percent,
  untilAt,
  type Watch,
  watch,
  withoutPlaceOf,
} from './observe.ts';
import { twoSites } from './stages.ts';

const story = twoSites({
  name: 'e2e-story',
  trunkFloorMegabits: 40,
  vms: [
    {
      name: 'web',
      memoryMebibytes: 32,
      phases: [
        [12, 2, 16],
        [4, 3, 16],
        [600, 0.8, 8],
      ],
    },
  ],
});
const [web] = story.vms;
const WARM_UP_MS = 5000;
const BEFORE_MS = 4000;
const TOLERANCE = 0.05;
const PAGES = (web?.memoryBytes ?? 0) / 4096;
const F = 50e6; // capacity 100, headroom 10, floor 40, applications below it

describe.skipIf(mustSkip('story on real parts'))('a VM that moves over a trunk with applications', () => {
  let stage: Stage;
  let prober: Prober;
  let seen: Watch;
  let guest: Flow;
  let flows: readonly Flow[] = [];
  let clean: StageSnapshot;
  let middle: StageSnapshot;
  let meters: readonly [string, string] = ['', ''];
  let there: MigrationView;
  let before: Window;
  let during: Window;
  let after: StageSnapshot;

  beforeAll(async () => {
    stage = await openStage(story, { run: 'managed' });
    flows = [
      await stage.startFlow({ kind: 'udp', name: 'sensors', from: 'c1', to: 'c2', rateBitsPerSec: 20e6 }),
      await stage.startFlow({ kind: 'tcp', name: 'replica', from: 'c1', to: 'c2', rateBitsPerSec: 10e6 }),
    ];
    guest = await stage.startFlow({
      ...{ kind: 'guest', name: 'web client', vm: 'web', client: 'c2' },
      direction: 'download',
      rateBitsPerSec: 4e6,
    });
    prober = await stage.startProber();
    seen = watch(stage, stage.network.port('s1', 10));
    await poll('answers of the VM', 30_000, async () => (prober.echoes.length > 100 ? true : null));
    clean = await stage.snapshot();
    await untilAt(stage.vmsStartedMs + WARM_UP_MS);
    const fromMs = monotonicMs();
    before = { fromMs: fromMs - BEFORE_MS, toMs: fromMs };
    const id = await stage.migrate({ id: 'there', vm: 'web', destination: 'h2', downtimeLimitSec: 0.3 });
    await stage.until(id, 'round 0', (view) => view.phase === 'precopy');
    meters = [await meterStatistics(stage), ''];
    middle = await stage.snapshot();
    meters = [meters[0], await meterStatistics(stage)];
    there = await stage.untilEnded(id, 90_000);
    during = { fromMs, toMs: monotonicMs() };
    await untilAt(during.toMs + 1000);
    after = await stage.snapshot();
  });
  afterAll(async () => {
    await seen?.stop();
    await stage?.close();
  });

  it('completes, with every page of its image compared', () => {
    expect(there).toMatchObject({ outcome: 'completed', reason: null });
    expect(there.receipt).toMatchObject({ outcome: 'completed', checkedPages: PAGES });
    figures('completion', {
      totalSec: there.receipt?.totalTimeSec.toFixed(2) ?? '?',
      rounds: there.rounds.length,
      checkedPages: there.receipt?.checkedPages ?? 0,
    });
  });

  it('leaves at the reserved rate in every round of a second or more, by the controller and by the kernel', () => {
    const rows = longRounds(there).map((round) => {
      const inside = insideOfRound(seen, 'there', round.round);
      const kernel = seen.rateOf(1, inside);
      figures(`round ${round.round}`, {
        reserved: megabits(round.reserved),
        measured: `${megabits(round.measured)} (${percent(round.measured / round.reserved - 1)})`,
        kernel: `${megabits(kernel)} (${percent(kernel / round.reserved - 1)})`,
        durationSec: round.durationSec.toFixed(2),
      });
      return { ...round, kernel };
    });
    expect(rows.length).toBeGreaterThanOrEqual(2);
    for (const { reserved, measured, kernel, measuredFrom } of rows) {
      expect(measuredFrom).toBe('queue');
      expect(Math.abs(measured / reserved - 1)).toBeLessThan(TOLERANCE);
      expect(Math.abs(kernel / reserved - 1)).toBeLessThan(TOLERANCE);
    }
  });

  it('gets the rate that its dirty rates ask for at each boundary, at least three different ones', async () => {
    const rounds = there.rounds.filter((round) => round.phase === 'precopy');
    const dirty = rounds.map((round) => round.dirtyRateBytesPerSec * 8);
    // What is known before round 0 is what the agent reported of the VM.
    const known = vmProfileSchema.parse((await stage.ask('GET', '/v1/migrations/there')).body);
    const history = [known.vmProfile.dirtyRateBytesPerSec * 8, ...dirty];
    const expected = rounds.map((_, index) => (index === 0 ? F : boundaryRate(history.slice(0, index + 1))));
    const reserved = rounds.map((round) => round.reservedBitsPerSec ?? 0);
    figures('rates', {
      reserved: reserved.map(megabits).join(' '),
      expected: expected.map(megabits).join(' '),
      dirty: dirty.map(megabits).join(' '),
    });
    expect(new Set(reserved).size).toBeGreaterThanOrEqual(3);
    reserved.forEach((rate, index) => {
      expect(Math.abs(rate / (expected[index] ?? 0) - 1)).toBeLessThan(0.01);
    });
  });

  it('passes queue 1 and the meter, whose counters grow', () => {
    const [first, later] = meters.map(meterBytes);
    expect(later ?? 0).toBeGreaterThan(first ?? 0);
    const kernel = seen.rateOf(1, insideOfRound(seen, 'there', 0));
    expect(kernel).toBeGreaterThan(0);
    figures('counters', { meterBytes: `${first} then ${later}`, queue1: `${megabits(kernel)} Mbit/s` });
  });

  it('lets applications under their floor go on as before', () => {
    const changes = flows.map((flow) => [flow.name, change(flow, before, during)] as const);
    figures('applications', Object.fromEntries(changes.map(([name, by]) => [name, percent(by)])));
    for (const flow of flows) expect(flow.problem).toBeNull();
    for (const [, by] of changes) expect(Math.abs(by)).toBeLessThan(0.02);
  });

  it('is silent for about as long as is reported, then answers at the destination on the same connection', async () => {
    const window = { fromMs: seen.at('switchover_started', 'there'), toMs: during.toMs };
    const silence = prober.longestGap(window)?.durationMs ?? 0;
    const reported = (there.receipt?.downtimeSec ?? 0) * 1000;
    const goodputAfter = guest.samples.filter((sample) => sample.sinceMs > during.toMs);
    figures('downtime', { reportedMs: reported.toFixed(0), proberMs: silence.toFixed(0) });
    expect(silence).toBeGreaterThan(15);
    expect(Math.abs(silence - reported)).toBeLessThan(Math.max(100, 0.5 * reported));
    expect(guest.problem).toBeNull();
    expect(goodputAfter.some((sample) => sample.bytes > 0)).toBe(true);
    expect(prober.echoes.some((echo) => echo.sentMs > during.toMs)).toBe(true);
    const { body } = await stage.ask('GET', '/v1/vms');
    expect(body).toMatchObject({ vms: [{ name: 'web', host: 'h2', state: 'running' }] });
  });

  it('leaves switches, database, Redis and NIC as before, but for its own place', async () => {
    const mac = web?.mac ?? '';
    expect(middle).not.toEqual(clean);
    expect(flowsOnlyIn(middle, clean).length).toBeGreaterThan(0);
    expect(withoutPlaceOf(mac, after)).toEqual(withoutPlaceOf(mac, clean));
    const moved = [...flowsOnlyIn(after, clean), ...flowsOnlyIn(clean, after)];
    expect(moved.every((line) => line.includes(mac))).toBe(true);
    expect(after.redis).toEqual({ reservations: [], leases: [], commands: {} });
    expect(after.nics).toEqual({ h1: [], h2: [] });
    expect(await stage.redis.exists(`${stage.redisPrefix}:migration:there`)).toBe(1);
    expect(await stage.redis.exists(`${stage.redisPrefix}:receipt:there`)).toBe(1);
    figures('what differs afterwards', { entriesOfItsMac: moved.length });
  });

  it('goes back at the rate that needs least energy within its deadline, and then nothing at all differs', async () => {
    const id = await stage.migrate({
      ...{ id: 'back', vm: 'web', destination: 'h1', policy: 'minimum-energy' },
      ...{ downtimeLimitSec: 0.3, deadlineSec: 12 },
    });
    const back = await stage.untilEnded(id);
    figures('minimum-energy', {
      totalSec: back.receipt?.totalTimeSec.toFixed(2) ?? '?',
      deadlineSec: 12,
      energyJoule: back.receipt?.energyJoule.toFixed(4) ?? '?',
      reserved: back.rounds.map((round) => megabits(round.reservedBitsPerSec)).join(' '),
    });
    expect(back).toMatchObject({ outcome: 'completed' });
    expect(back.receipt).toMatchObject({ checkedPages: PAGES, deadlineMet: true });
    const rounds = longRounds(back);
    // Slower is cheaper, so round 0 gets less than there is; what then remains may need all of it to be in time.
    expect(rounds[0]?.reserved).toBeLessThan(F);
    for (const { round, reserved, measured } of rounds) {
      figures(`minimum-energy round ${round}`, {
        reserved: megabits(reserved),
        measured: `${megabits(measured)} (${percent(measured / reserved - 1)})`,
      });
      expect(Math.abs(measured / reserved - 1)).toBeLessThan(TOLERANCE);
    }
    await delay(200);
    expect(await stage.snapshot()).toEqual(clean);
    expect(guest.problem).toBeNull();
  });
});

/** What remains of F after the VM's own traffic, as the latest dirty rate and those before weigh it; all in bit/s. */
function boundaryRate(dirty: readonly number[]): number {
  const latest = dirty.at(-1) ?? 0;
  const earlier = dirty.slice(0, -1);
  const mean = earlier.reduce((sum, rate) => sum + rate, 0) / earlier.length;
  return F - (latest * latest + mean * mean) / (latest + mean);
}

const vmProfileSchema = z.object({ vmProfile: z.object({ dirtyRateBytesPerSec: z.number() }) });
const meterStatistics = (stage: Stage): Promise<string> =>
  stage.lab.switchd.ofctl(['meter-stats', stage.network.bridges.get('s1') ?? '']);
const meterBytes = (text: string): number =>
  [...text.matchAll(/byte_in_count:(\d+)/g)].reduce((sum, [, bytes]) => sum + Number(bytes), 0);
