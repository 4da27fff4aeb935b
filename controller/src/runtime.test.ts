// The whole controller with fakes around it: what happens when the store, the network or the process itself is gone.
import type { HostId } from '@sluice/topology';
import { afterEach, describe, expect, it } from 'vitest';
import { NetworkFailure } from './southbound/index.ts';
import { createMemoryStore, type MemoryStore, type MigrationRecord, StoreFailure } from './store/index.ts';
import { startTestController, type TestController } from './testing/index.ts';

const running: TestController<MemoryStore>[] = [];
afterEach(async () => {
  for (const test of running.splice(0)) {
    await test.close();
    expect(test.bugs).toEqual([]);
  }
});
const start = async (store = createMemoryStore()) => {
  const test = await startTestController({ store });
  running.push(test);
  return test;
};
const create = (test: TestController<MemoryStore>, id: string, vm = 'web') =>
  fetch(`${test.url}/v1/migrations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ vm, destination: 'h2', id }),
  });
const show = async (test: TestController<MemoryStore>, id: string) =>
  (await (await fetch(`${test.url}/v1/migrations/${id}`)).json()) as MigrationRecord;
const phaseOf = async (test: TestController<MemoryStore>, id: string) => (await show(test, id)).phase;
const commandsOf = (test: TestController<MemoryStore>) =>
  test.agents.channel.sent.map(({ hostId, command }) => `${hostId} ${command.kind}`);

async function expectReleased(test: TestController<MemoryStore>): Promise<void> {
  expect(test.network.installed.size).toBe(0);
  expect(await test.store.reservations()).toEqual([]);
  expect(await test.store.leases()).toEqual([]);
}

describe('while the store is away', () => {
  it('new migrations are refused with 503, and what runs goes on and is in the store afterwards', async () => {
    const test = await start();
    test.agents.pauseAfterRound(1);
    await create(test, 'runs');
    await expect.poll(() => phaseOf(test, 'runs')).toBe('precopy');
    test.store.setAvailable(false);
    const refused = await create(test, 'late', 'db');
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({ code: 'store_unavailable' });
    const ready = await fetch(`${test.url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({
      ready: false,
      reasons: [expect.stringMatching(/store_unavailable/)],
    });
    test.agents.resume();
    await expect.poll(() => phaseOf(test, 'runs')).toBe('completed');
    test.store.setAvailable(true);
    await expect.poll(async () => (await test.store.migration('runs'))?.phase).toBe('completed');
    expect(await test.store.receipt('runs')).toMatchObject({ outcome: 'completed' });
    await expect
      .poll(async () => (await test.store.recentEvents(100)).map(({ type }) => type))
      .toContain('migration_completed');
    await expectReleased(test);
    expect((await create(test, 'late', 'db')).status).toBe(202);
  });

  it('an admission that could not be written is taken back', async () => {
    const store = createMemoryStore();
    let fails = true;
    const broken: MemoryStore = {
      ...store,
      saveReservation: (record) =>
        fails ? Promise.reject(new StoreFailure({ code: 'unavailable' })) : store.saveReservation(record),
    };
    const test = await start(broken);
    expect((await create(test, 'lost')).status).toBe(503);
    fails = false;
    await expect.poll(() => phaseOf(test, 'lost')).toBe('aborted');
    expect(await show(test, 'lost')).toMatchObject({ outcome: 'aborted' });
    await expectReleased(test);
  });
});

describe('the order of effects', () => {
  it('nothing is sent or installed before the store has the migration and its reservation', async () => {
    const store = createMemoryStore();
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let isHeld = () => {};
    const held = new Promise<void>((resolve) => {
      isHeld = resolve;
    });
    const test = await start({
      ...store,
      saveReservation: async (record) => {
        isHeld();
        await gate;
        await store.saveReservation(record);
      },
    });
    const asked = create(test, 'ordered');
    await held;
    expect(await store.migration('ordered')).not.toBeNull();
    expect(commandsOf(test)).toEqual([]);
    release();
    expect((await asked).status).toBe(202);
    await expect.poll(() => phaseOf(test, 'ordered')).toBe('completed');
    expect(commandsOf(test).slice(0, 2)).toEqual(['h2 prepare_incoming', 'h1 start_migration']);
  });

  it('traffic follows a stopped VM before the store has heard of the stop', async () => {
    const store = createMemoryStore();
    const wishes: (HostId | undefined)[] = [];
    const test: TestController<MemoryStore> = await start({
      ...store,
      saveMigration: async (record) => {
        if (record.phase === 'stop_and_copy') wishes.push(lastPlaceOfWeb(test));
        await store.saveMigration(record);
      },
    });
    await create(test, 'followed');
    await expect.poll(() => phaseOf(test, 'followed')).toBe('completed');
    expect(wishes[0]).toBe('h2');
  });
});

/** Where the network was told last that the VM which moves is. */
function lastPlaceOfWeb({ network }: TestController<MemoryStore>): HostId | undefined {
  const wishes = network.calls.flatMap((call) => (call.kind === 'set_forwarding' ? [call] : []));
  const mac = wishes.flatMap(({ moves }) => moves).at(-1)?.mac;
  return wishes.at(-1)?.places.find((place) => place.mac === mac)?.hostId;
}

describe('when the network refuses', () => {
  it('the migration fails with its code, both sides give up, and nothing stays', async () => {
    const test = await start();
    test.network.failAt(1, new NetworkFailure('meters_unsupported', 's1 has no meters'));
    await create(test, 'unlucky');
    await expect.poll(() => phaseOf(test, 'unlucky')).toBe('failed');
    const { reason, reasonDetail } = await show(test, 'unlucky');
    expect(`${reason} ${reasonDetail}`).toContain('meters_unsupported');
    expect(commandsOf(test)).toContain('h2 cancel_migration');
    await expectReleased(test);
  });
});

describe('an agent that reports the impossible', () => {
  it('loses its report, and the controller goes on', async () => {
    const test = await start();
    test.agents.pauseAfterRound(0);
    await create(test, 'odd');
    await expect.poll(() => phaseOf(test, 'odd')).toBe('precopy');
    test.agents.channel.report('h1' as HostId, {
      kind: 'round_finished',
      migrationId: 'odd',
      round: 0,
      transferredBytes: Number.MAX_SAFE_INTEGER,
      durationSec: 1e-300,
      wireBytes: Number.MAX_SAFE_INTEGER,
      remainingBytes: Number.MAX_SAFE_INTEGER,
      dirtyRateBytesPerSec: 1.7e308,
    });
    test.agents.resume();
    await expect.poll(() => phaseOf(test, 'odd')).toBe('completed');
    expect((await fetch(`${test.url}/healthz`)).status).toBe(200);
  });
});

describe('closing', () => {
  it('aborts what is under way and waits until all is released', async () => {
    const test = await start();
    test.agents.pauseAfterRound(1);
    await create(test, 'cut');
    await expect.poll(() => test.network.installed.size).toBe(1);
    await test.controller.close();
    expect(await test.store.migration('cut')).toMatchObject({ phase: 'aborted', outcome: 'aborted' });
    expect(commandsOf(test)).toEqual(expect.arrayContaining(['h1 cancel_migration', 'h2 cancel_migration']));
    await expectReleased(test);
  });

  it('twice is the same as once', async () => {
    const test = await start();
    await Promise.all([test.controller.close(), test.controller.close()]);
  });
});

describe('after an earlier process was killed', () => {
  it('its migrations are failed, their reservations gone, and both hosts told to give up', async () => {
    const store = createMemoryStore();
    const first = await start(store);
    first.agents.pauseAfterRound(1);
    await create(first, 'orphan');
    await expect.poll(() => phaseOf(first, 'orphan')).toBe('precopy');
    await first.controller.close({ drain: 'leave' });
    expect(await store.reservations()).toHaveLength(1);

    const second = await start(store);
    expect(await show(second, 'orphan')).toMatchObject({
      phase: 'failed',
      outcome: 'failed',
      reason: 'controller_restarted',
      receipt: { outcome: 'failed', reason: 'controller_restarted' },
    });
    expect(commandsOf(second)).toEqual(['h1 cancel_migration', 'h2 cancel_migration']);
    expect(await store.reservations()).toEqual([]);
    expect(await store.recentEvents(20)).toContainEqual(
      expect.objectContaining({ type: 'migration_failed', subject: 'orphan' }),
    );
    const abort = await fetch(`${second.url}/v1/migrations/orphan/abort`, { method: 'POST' });
    expect(await abort.json()).toMatchObject({ code: 'migration_ended', status: 409, outcome: 'failed' });
    const again = await create(second, 'orphan');
    expect(await again.json()).toMatchObject({ code: 'migration_exists', status: 409 });
    expect((await create(second, 'another')).status).toBe(202);
  });
});
