// One real guest moves again and again under loads that are made for it: what its rate does on the wire, what
// applications keep, and what reserved switchover and page differences are worth beside QEMU left to itself.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAnswering, type GuestLoad } from '../src/guests/index.ts';
import { mustSkip, obstaclesToGuests } from '../src/lab/index.ts';
import type { MigrationView } from '../src/run/controller-client.ts';
import { type Monitors, openStage, type Stage, watchMonitors } from '../src/stage/index.ts';
import { goodput } from '../src/traffic/aggregate.ts';
import { type Flow, monotonicMs, type Window } from '../src/traffic/index.ts';
import { untilCompleted } from './completed.ts';
import { tryDefaultMigration } from './default-migration.ts';
import { change, figures, megabits, percent, untilAt, type Watch, watch } from './observe.ts';
import { settlings } from './settling.ts';
import { twoSites } from './stages.ts';

const MEBI = 1024 ** 2;
const story = twoSites({
  name: 'e2e-guests-rates',
  trunkFloorMegabits: 20,
  vms: [{ name: 'web', memoryMebibytes: 8, phases: [[3600, 0.2, 2]] }],
});
const MIGRATION_TIMEOUT_MS = 90_000;
const BEFORE_MS = 3000;
const COUNTER_PERIOD_MS = 50;
/** What is told, has left the switch at the new rate by then. */
const SETTLED_MS = 500;
/** Cyclic whole pages: rounds shrink from one to the next. */
const SHRINKING = { pagesPerSec: 900, workingSetBytes: 8 * MEBI, writeBytes: 4096 };
/** 131 Mbit/s of whole pages, more than the trunk has. */
const ENDLESS = { pagesPerSec: 4000, workingSetBytes: 4 * MEBI, writeBytes: 4096 };
/** A few bytes of many pages. */
const SPARSE = { pagesPerSec: 1500, workingSetBytes: 8 * MEBI, writeBytes: 64 };

describe.skipIf(mustSkip('rates of real guests', obstaclesToGuests()))('a real guest', () => {
  let stage: Stage;
  let monitors: Monitors;
  let seen: Watch;
  let flows: readonly Flow[];

  beforeAll(async () => {
    stage = await openStage(story, { run: 'managed', guests: 'qemu' });
    monitors = watchMonitors(stage.lab.prefix);
    flows = [
      await stage.startFlow({ kind: 'udp', name: 'sensors', from: 'c1', to: 'c2', rateBitsPerSec: 14e6 }),
      await stage.startFlow({ kind: 'tcp', name: 'replica', from: 'c1', to: 'c2', rateBitsPerSec: 6e6 }),
    ];
    seen = watch(stage, stage.network.port('s1', 10), COUNTER_PERIOD_MS);
  });
  afterAll(async () => {
    await seen?.stop();
    await monitors?.close();
    await stage?.close();
  });

  async function load(change: Partial<GuestLoad>): Promise<void> {
    const control = await findAnswering(stage.lab.prefix, 'web');
    await control.setLoad(change);
    control.close();
  }

  async function move(id: string, destination: string, body: object): Promise<[MigrationView, Window]> {
    const fromMs = monotonicMs();
    await stage.migrate({ id, vm: 'web', destination, ...body });
    const view = await untilCompleted(stage, id, MIGRATION_TIMEOUT_MS, seen);
    figures(id, {
      totalSec: view.receipt?.totalTimeSec.toFixed(1) ?? '?',
      downtimeMs: ((view.receipt?.downtimeSec ?? 0) * 1000).toFixed(0),
      megabytes: ((view.receipt?.transferredBytes ?? 0) / 1e6).toFixed(1),
      rounds: view.rounds.length,
    });
    return [view, { fromMs, toMs: monotonicMs() }];
  }

  it('gets another rate at each boundary, which is on the wire within half a second, and no application loses', async () => {
    await load(SHRINKING);
    await untilAt(monotonicMs() + BEFORE_MS);
    const before = { fromMs: monotonicMs() - BEFORE_MS, toMs: monotonicMs() };
    const [view, during] = await move('rates', 'h2', { downtimeLimitSec: 0.3 });
    await untilAt(during.toMs + SETTLED_MS);
    const settled = settlings(seen, 'rates');
    for (const { round, from, to, afterMs } of settled)
      figures(`rate of round ${round}`, {
        from: megabits(from),
        to: megabits(to),
        onTheWireAfterMs: afterMs ?? 'never',
      });
    figures('reserved', {
      rounds: view.rounds.map((round) => megabits(round.reservedBitsPerSec)).join(' '),
      measured: view.rounds.map((round) => megabits(round.measuredBitsPerSec)).join(' '),
    });
    for (const flow of flows)
      figures(`${flow.name} under its floor`, {
        before: megabits(goodput(flow.samples, before)),
        during: megabits(goodput(flow.samples, during)),
        change: percent(change(flow, before, during)),
      });
    expect(settled.length).toBeGreaterThanOrEqual(2);
    for (const { afterMs } of settled)
      expect(afterMs ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(SETTLED_MS);
    for (const flow of flows) {
      expect(flow.problem).toBeNull();
      expect(change(flow, before, during)).toBeGreaterThan(-0.02);
    }
  });

  it('that would never converge stops within its limit at the rate kept for its switchover; left to QEMU it does not end', async () => {
    await load(ENDLESS);
    const limitSec = 1;
    const [view] = await move('endless', 'h1', { downtimeLimitSec: limitSec });
    const { totalTimeSec = 0, downtimeSec = null, transferredBytes = 0 } = view.receipt ?? {};
    const terms = { vm: 'web', from: 'h1', to: 'h2', forMs: totalTimeSec * 1100 };
    const alone = await tryDefaultMigration(stage, monitors, terms);
    figures('QEMU by itself', {
      status: alone.status,
      afterSec: ((alone.during.toMs - alone.during.fromMs) / 1000).toFixed(1),
      megabytes: (alone.transferredBytes / 1e6).toFixed(1),
      leftMegabytes: (alone.remainingBytes / 1e6).toFixed(1),
      rounds: alone.rounds,
      ...Object.fromEntries(flows.map((flow) => [flow.name, megabits(goodput(flow.samples, alone.during))])),
    });
    expect(downtimeSec).toBeLessThanOrEqual(limitSec);
    expect(alone.status).toBe('active');
    expect(transferredBytes).toBeLessThan(alone.transferredBytes);
  });

  it('sends less when it sends what changed of a page', async () => {
    await load(SPARSE);
    const limits = { downtimeLimitSec: 0.8, roundsMax: 5 };
    const [plain] = await move('whole-pages', 'h2', limits);
    const [differences] = await move('differences', 'h1', {
      ...limits,
      hypervisor: { xbzrleCacheBytes: 64 * MEBI },
    });
    const bytesOf = (view: MigrationView) => view.receipt?.transferredBytes ?? Number.NaN;
    figures('differences', { ofWholePages: percent(bytesOf(differences) / bytesOf(plain)) });
    expect(bytesOf(differences)).toBeLessThan(bytesOf(plain));
    expect(await stage.guestProblems()).toEqual([]);
  });
});
