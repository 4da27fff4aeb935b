// A guest with a disk of its own moves under the whole controller: first its disk, then its memory beside what it goes
// on writing to the disk, all of it inside one reservation, and both arrive as they were written.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAnswering, type GuestControl, isUnharmed } from '../src/guests/index.ts';
import { mustSkip, obstaclesToGuests } from '../src/lab/index.ts';
import { poll } from '../src/lab/poll.ts';
import {
  type Monitors,
  openStage,
  type Stage,
  type StageSnapshot,
  watchMonitors,
} from '../src/stage/index.ts';
import { goodput } from '../src/traffic/aggregate.ts';
import { type Flow, monotonicMs } from '../src/traffic/index.ts';
import { onlyAt } from './breaks.ts';
import { untilCompleted } from './completed.ts';
import { figures, megabits, untilAt, type Watch, watch, withoutPlaceOf } from './observe.ts';
import { twoSites } from './stages.ts';

const MEBI = 1024 * 1024;
const FLOOR = 20e6;
/** More than the floor is offered, so that only the reservation could take it away. */
const OFFERED = 30e6;
/** Less than the trunk has left, so that the reservation and nothing else is the limit. */
const RESERVED = 60e6;
/** The disk is flushed in it, too, and no test knows how slow the disk below is: more than its working set needs. */
const LIMIT_SEC = 1.2;
const DISK_BYTES = 8 * MEBI;
const BLOCK_BYTES = 4096;
const BLOCKS = DISK_BYTES / BLOCK_BYTES;
/** In random order: twice as many writes as there are blocks leave a seventh of them untouched. */
const FIRST_WRITES = 2 * BLOCKS;
const WRITTEN_SHARE = 0.8;
const MIGRATION_TIMEOUT_MS = 90_000;
const WRITES_TIMEOUT_MS = 30_000;
const COUNTER_PERIOD_MS = 50;
/** Over less than this a token bucket's burst shows. */
const RATE_WINDOW_MS = 500;
const story = twoSites({
  name: 'e2e-storage',
  trunkFloorMegabits: FLOOR / 1e6,
  vms: [{ name: 'web', memoryMebibytes: 4, phases: [[600, 0.4, 4]] }],
});
const MAC = story.vms[0]?.mac ?? '';

describe.skipIf(mustSkip('guests with disks', obstaclesToGuests()))('a guest with a disk', () => {
  let stage: Stage;
  let monitors: Monitors;
  let seen: Watch;
  let applications: readonly Flow[];
  let clean: StageSnapshot;

  beforeAll(async () => {
    stage = await openStage(story, { run: 'managed', guests: 'qemu', diskBytes: DISK_BYTES });
    monitors = watchMonitors(stage.lab.prefix);
    const udp = { kind: 'udp', rateBitsPerSec: OFFERED } as const;
    applications = [
      await stage.startFlow({ ...udp, name: 'there', from: 'c1', to: 'c2' }),
      await stage.startFlow({ ...udp, name: 'back', from: 'c2', to: 'c1' }),
    ];
    seen = watch(stage, stage.network.port('s1', 10), COUNTER_PERIOD_MS);
    clean = await stage.snapshot();
  });
  afterAll(async () => {
    await seen?.stop();
    await monitors?.close();
    await stage?.close();
  });

  async function asked<T>(question: (guest: GuestControl) => Promise<T>): Promise<T> {
    const guest = await findAnswering(stage.lab.prefix, 'web');
    return question(guest).finally(() => guest.close());
  }

  it('takes it along within its reservation, every block and every page as it was written', async () => {
    await asked((guest) => guest.setLoad({ diskBlocksPerSec: 2000 }));
    await poll('a disk full of writes', WRITES_TIMEOUT_MS, async () => {
      const { diskWrittenBlocks } = await asked((guest) => guest.status());
      return diskWrittenBlocks >= FIRST_WRITES ? true : null;
    });
    const before = await asked((guest) => guest.setLoad({ diskBlocksPerSec: 30 }));
    const fromMs = monotonicMs();
    await stage.migrate({
      ...{ id: 'disk', vm: 'web', destination: 'h2' },
      ...{ downtimeLimitSec: LIMIT_SEC, rateMaxBitsPerSec: RESERVED },
    });
    const view = await untilCompleted(stage, 'disk', MIGRATION_TIMEOUT_MS, seen);
    await onlyAt(stage, 'web', 'h2');
    const verdict = await asked(async (guest) => {
      await guest.setLoad({ diskBlocksPerSec: 0, pagesPerSec: 0 });
      return guest.verify();
    });
    const window = { fromMs, toMs: seen.at('migration_completed', 'disk') };
    await untilAt(window.toMs);
    const rates = applications.map(({ samples }) => goodput(samples, window));
    const sent = seen.sentBy(1, window);
    const {
      totalTimeSec = 0,
      downtimeSec = null,
      transferredBytes = 0,
      storageBytes = null,
    } = view.receipt ?? {};
    const stopped = await monitors.next('web', 'STOP', fromMs, 1000);
    const settled = await monitors.next('web', 'BLOCK_JOB_COMPLETED', fromMs, 1000);
    const highest = seen.highestOf(1, window, RATE_WINDOW_MS);
    figures('disk and memory', {
      totalSec: totalTimeSec.toFixed(1),
      downtimeMs: ((downtimeSec ?? 0) * 1000).toFixed(0),
      disksSettledMs: (settled.atMs - stopped.atMs).toFixed(0),
      diskMegabytes: ((storageBytes ?? 0) / 1e6).toFixed(1),
      memoryMegabytes: (transferredBytes / 1e6).toFixed(1),
      sentMegabytes: (sent / 1e6).toFixed(1),
      highestMegabits: megabits(highest),
      reserved: megabits(RESERVED),
      blocksWrittenMeanwhile: verdict.diskWrittenBlocks - before.diskWrittenBlocks,
      floors: rates.map(megabits).join(' '),
    });
    expect(isUnharmed(verdict)).toBe(true);
    expect(verdict.diskCheckedBlocks).toBe(BLOCKS);
    expect(verdict.diskWrittenBlocks).toBeGreaterThan(before.diskWrittenBlocks);
    // Both went through the queue of the reservation: what the disk holds and the memory, and never faster than reserved.
    expect(sent).toBeGreaterThan(transferredBytes + WRITTEN_SHARE * DISK_BYTES);
    expect(storageBytes).toBeGreaterThan(WRITTEN_SHARE * DISK_BYTES);
    expect(highest).toBeLessThanOrEqual(RESERVED * 1.02);
    for (const rate of rates) expect(rate).toBeGreaterThanOrEqual(FLOOR);
    expect(downtimeSec).toBeLessThanOrEqual(LIMIT_SEC);
    expect(withoutPlaceOf(MAC, await stage.snapshot())).toEqual(withoutPlaceOf(MAC, clean));
  });
});
