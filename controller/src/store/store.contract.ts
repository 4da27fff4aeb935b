/** What every store promises. Run against the memory store and against a real Redis. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MIGRATIONS_KEPT_MAX, type Store } from './store.ts';
import { eventRecord, migrationRecord, receiptRecord, reservationRecord } from './testing/records.ts';

export function storeContract(name: string, make: () => Promise<Store>): void {
  describe(`${name} as a store`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await make();
    });
    afterEach(() => store.close());

    it('gives every start a higher epoch', async () => {
      const first = await store.nextEpoch();
      expect(await store.nextEpoch()).toBe(first + 1);
    });

    it('gives back a migration as it was saved last', async () => {
      await store.saveMigration(migrationRecord());
      const changed = migrationRecord({ phase: 'completed', outcome: 'completed', receipt: receiptRecord() });
      await store.saveMigration(changed);
      expect(await store.migration('mig-1')).toEqual(changed);
      expect(await store.migration('mig-2')).toBeNull();
    });

    it('lists migrations in the order of their admission', async () => {
      const early = migrationRecord({ id: 'b', admittedAt: '2026-11-21T10:00:00.000Z' });
      const late = migrationRecord({ id: 'a', admittedAt: '2026-11-21T10:00:05.000Z' });
      await store.saveMigration(early);
      await store.saveMigration(late);
      expect(await store.migrations()).toEqual({ records: [early, late], unreadable: 0 });
    });

    it('forgets the oldest ended migration and its receipt, never a live one', async () => {
      const at = (index: number) => new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString();
      const live = migrationRecord({ id: 'live', admittedAt: at(0) });
      const ended = migrationRecord({ id: 'ended', phase: 'failed', outcome: 'failed', admittedAt: at(1) });
      await store.saveMigration(live);
      await store.saveMigration(ended);
      await store.saveReceipt(receiptRecord({ migrationId: 'ended' }));
      for (let index = 2; index <= MIGRATIONS_KEPT_MAX; index += 1)
        await store.saveMigration(migrationRecord({ id: `m${index}`, admittedAt: at(index) }));
      const { records } = await store.migrations();
      expect(records).toHaveLength(MIGRATIONS_KEPT_MAX);
      expect(await store.migration('live')).toEqual(live);
      expect(await store.migration('ended')).toBeNull();
      expect(await store.receipt('ended')).toBeNull();
    });

    it('gives back a receipt', async () => {
      await store.saveReceipt(receiptRecord());
      expect(await store.receipt('mig-1')).toEqual(receiptRecord());
      expect(await store.receipt('mig-2')).toBeNull();
    });

    it('holds a lease with every reservation and drops both together', async () => {
      await store.saveReservation(reservationRecord());
      await store.saveReservation(reservationRecord({ id: 2, migrationId: 'mig-2' }));
      await store.saveReservation(reservationRecord({ rateBitsPerSec: 30e6 }));
      expect(await store.leases()).toEqual([1, 2]);
      expect(await store.reservations()).toEqual([
        reservationRecord({ rateBitsPerSec: 30e6 }),
        reservationRecord({ id: 2, migrationId: 'mig-2' }),
      ]);
      await store.deleteReservation(1);
      await store.deleteReservation(1);
      await store.deleteReservation(2);
      expect(await store.leases()).toEqual([]);
      expect(await store.reservations()).toEqual([]);
    });

    it('keeps events in order and ignores one that it has already', async () => {
      await store.appendEvents([eventRecord('5-0'), eventRecord('5-1')]);
      await store.appendEvents([eventRecord('5-1', { type: 'again' }), eventRecord('7-0')]);
      expect((await store.recentEvents(10)).map(({ id, type }) => `${id} ${type}`)).toEqual([
        '5-0 round_finished',
        '5-1 round_finished',
        '7-0 round_finished',
      ]);
      expect((await store.recentEvents(2)).map(({ id }) => id)).toEqual(['5-1', '7-0']);
    });

    it('gives an idempotency key to the first who claims it, until it is released', async () => {
      const mine = { migrationId: 'mig-1', bodyHash: 'a' };
      expect(await store.claimIdempotencyKey('k', mine)).toBeNull();
      expect(await store.claimIdempotencyKey('k', { migrationId: 'mig-2', bodyHash: 'b' })).toEqual(mine);
      await store.releaseIdempotencyKey('k');
      expect(await store.claimIdempotencyKey('k', { migrationId: 'mig-2', bodyHash: 'b' })).toBeNull();
    });

    it('says that it is available after it has answered', async () => {
      await store.check();
      expect(store.available()).toBe(true);
    });
  });
}
