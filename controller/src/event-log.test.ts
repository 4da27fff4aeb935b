import { describe, expect, it } from 'vitest';
import { EventLog } from './event-log.ts';
import { createMemoryStore } from './store/index.ts';

const event = (type: string) => ({ type, subject: null, data: {} });

describe('the event log', () => {
  it('keeps its ids and its order over an outage of the store', async () => {
    const store = createMemoryStore();
    const log = new EventLog({ store, wallMs: () => 5, earlier: [] });
    log.append(event('a'));
    await log.save();
    store.setAvailable(false);
    log.append(event('b'));
    log.append(event('c'));
    await log.save();
    store.setAvailable(true);
    await log.save();
    expect((await store.recentEvents(10)).map(({ id, type }) => `${id} ${type}`)).toEqual([
      '5-0 a',
      '5-1 b',
      '5-2 c',
    ]);
  });

  it('goes on above the ids of an earlier process', async () => {
    const store = createMemoryStore();
    const first = new EventLog({ store, wallMs: () => 100, earlier: [] });
    first.append(event('a'));
    await first.save();
    const second = new EventLog({ store, wallMs: () => 50, earlier: await store.recentEvents(10) });
    expect(second.append(event('b')).id).toBe('100-1');
  });

  it('forgets the oldest when the store is away for too long, and counts them', async () => {
    const store = createMemoryStore();
    store.setAvailable(false);
    const log = new EventLog({ store, wallMs: () => 1, earlier: [], keptMax: 3 });
    for (const type of ['a', 'b', 'c', 'd', 'e']) log.append(event(type));
    await log.save();
    expect(log.lost).toBe(2);
    expect(log.kept.map(({ type }) => type)).toEqual(['c', 'd', 'e']);
  });
});
