import { describe, expect, it } from 'vitest';
import { type AgentReport, reportEnvelopeSchema } from './contract/index.ts';
import { REPORTS_KEPT_MAX, reportOutbox } from './report-outbox.ts';

const heartbeat: AgentReport = {
  kind: 'nic_load',
  txBitsPerSec: 0,
  rxBitsPerSec: 0,
  intervalSec: 0.5,
  vms: [],
};
const started = (migrationId: string): AgentReport => ({ kind: 'migration_started', migrationId });

describe('the outbox of reports', () => {
  const open = () => {
    const sent: string[] = [];
    const outages: string[] = [];
    const redis = { away: false };
    const outbox = reportOutbox({
      hostId: 'h1',
      bootId: 'boot',
      send: async (json) => {
        if (redis.away) throw new Error('away');
        const { seq, report } = reportEnvelopeSchema.parse(JSON.parse(json));
        sent.push(`${seq} ${'migrationId' in report ? report.migrationId : report.kind}`);
      },
      onOutage: ({ kind, dropped }) => outages.push(`${kind} ${dropped}`),
    });
    return { sent, outages, redis, outbox };
  };

  it('sends in order, numbered', async () => {
    const { outbox, sent } = open();
    for (const id of ['a', 'b', 'c']) outbox.publish(started(id));
    await outbox.flush(1000);
    expect(sent).toEqual(['0 a', '1 b', '2 c']);
  });

  it('keeps reports while Redis is away and tells of the outage once', async () => {
    const { outbox, sent, outages, redis } = open();
    redis.away = true;
    for (const id of ['a', 'b']) outbox.publish(started(id));
    await expect.poll(() => outages).toEqual(['began 0']);
    expect(sent).toEqual([]);
    redis.away = false;
    await outbox.flush(2000);
    expect(sent).toEqual(['0 a', '1 b']);
    expect(outages).toEqual(['began 0', 'ended 0']);
  });

  it('drops old heartbeats first when it is full', async () => {
    const { outbox, sent, redis } = open();
    redis.away = true;
    outbox.publish(started('first'));
    for (let n = 0; n < REPORTS_KEPT_MAX + 5; n += 1) outbox.publish(heartbeat);
    outbox.publish(started('last'));
    redis.away = false;
    await outbox.flush(5000);
    expect(sent).toHaveLength(REPORTS_KEPT_MAX);
    expect(sent[0]).toBe('0 first');
    expect(sent[1]).toBe('8 nic_load');
    expect(sent.at(-1)).toBe(`${REPORTS_KEPT_MAX + 6} last`);
  });
});
