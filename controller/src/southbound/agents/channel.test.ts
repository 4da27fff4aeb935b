/** Against a private redis-server on a unix socket; skipped, with the reason printed, where there is none. */
import type { AgentReport } from '@sluice/agents/contract';
import { CONTROLLER_SIGN_MS, streamNames } from '@sluice/agents/contract';
import type { HostId } from '@sluice/topology';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Heard } from '../../core/index.ts';
import type { Note } from '../note.ts';
import { eventually } from '../testing/eventually.ts';
import { type PrivateRedis, startPrivateRedis, whyNoRedis } from '../testing/private-redis.ts';
import { createAgentChannel, type RedisAgentChannel } from './channel.ts';
import { isBefore } from './report-reader.ts';

const reason = whyNoRedis();
const h1 = 'h1' as HostId;
const names = streamNames('test');
const started: AgentReport = { kind: 'migration_started', migrationId: 'm1' };
const envelope = (seq: number, bootId = 'boot-1', hostId = 'h1') =>
  JSON.stringify({ hostId, bootId, seq, report: started });

describe.skipIf(reason !== null)(`agent channel${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let server: PrivateRedis;
  let agent: Redis;
  let channel: RedisAgentChannel;
  let heard: Heard[];
  let notes: Note[];

  const report = (json: string) => agent.xadd(names.reports, '*', 'json', json);
  const open = (connectDeadlineMs = 5000): RedisAgentChannel =>
    createAgentChannel({
      redis: { path: server.socketPath },
      prefix: 'test',
      epoch: 7,
      hosts: [h1],
      note: (note) => notes.push(note),
      connectDeadlineMs,
    });

  beforeEach(async () => {
    server = await startPrivateRedis();
    agent = new Redis({ path: server.socketPath });
    agent.on('error', () => {});
    heard = [];
    notes = [];
    channel = open();
  });
  afterEach(async () => {
    await channel.close();
    agent.disconnect();
    await server.stop();
  });

  it('tells reports from its start on, each once, in order', async () => {
    await report(envelope(0));
    await channel.start((entry) => heard.push(entry));
    for (const json of [envelope(1), envelope(2), envelope(2), envelope(1), envelope(3)]) await report(json);
    await eventually(() => expect(heard).toHaveLength(3));
    expect(heard).toEqual(Array(3).fill({ kind: 'agent_reported', hostId: 'h1', report: started }));
    expect(channel.dropped).toEqual({ bad: 0, duplicate: 2, stray: 0 });
  });

  it('counts what is not a report and goes on', async () => {
    await channel.start((entry) => heard.push(entry));
    await report('{');
    await report('{"hostId":"h1"}');
    await agent.xadd(names.reports, '*', 'other', 'field');
    await report(envelope(1));
    await eventually(() => expect(heard).toHaveLength(1));
    expect(channel.dropped).toEqual({ bad: 3, duplicate: 0, stray: 0 });
    expect(notes.map((note) => note.event)).toEqual(['report_bad', 'report_bad', 'report_bad']);
  });

  it('drops strangers and agents that a newer one has replaced', async () => {
    await channel.start((entry) => heard.push(entry));
    await report(envelope(5, 'boot-1'));
    await report(envelope(1, 'boot-2'));
    await report(envelope(6, 'boot-1'));
    await report(envelope(1, 'boot-1', 'h9'));
    await report(envelope(2, 'boot-2'));
    await eventually(() => expect(heard).toHaveLength(3));
    expect(channel.dropped).toEqual({ bad: 0, duplicate: 0, stray: 2 });
  });

  it('gives a sign of life that lasts while it is open, and not for long after', async () => {
    await channel.start(() => {});
    await eventually(async () => expect(await agent.get(names.controllerSign)).toBe('7'));
    const left = await agent.pttl(names.controllerSign);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(CONTROLLER_SIGN_MS);
  });

  it('puts a command into the stream of its host, with the epoch and its id', async () => {
    await channel.start(() => {});
    const command = { kind: 'cancel_migration', migrationId: 'm1', reason: 'asked to' } as const;
    await channel.send(h1, command, 'c1');
    await channel.send(h1, command, 'c2');
    const entries = await agent.xrange(names.commands('h1'), '-', '+');
    const envelopes = entries.map(([, fields]) => JSON.parse(fields[1] ?? ''));
    expect(envelopes).toEqual([
      { commandId: 'c1', epoch: 7, command },
      { commandId: 'c2', epoch: 7, command },
    ]);
  });

  it('rejects commands while Redis is away, and reads on from its tail when it has come back empty', async () => {
    await channel.start((entry) => heard.push(entry));
    await report(envelope(1));
    await eventually(() => expect(heard).toHaveLength(1));
    await server.kill();
    const command = { kind: 'cancel_migration', migrationId: 'm1', reason: 'x' } as const;
    await expect(channel.send(h1, command, 'c1')).rejects.toMatchObject({ code: 'redis_unavailable' });
    await eventually(() => expect(notes.map((note) => note.event)).toContain('reports_unavailable'));
    await server.restart();
    await eventually(() => expect(agent.status).toBe('ready'));
    await report(envelope(2));
    await eventually(() => expect(heard).toHaveLength(2));
    await eventually(() => channel.send(h1, command, 'c1'));
  });

  it('rejects commands that Redis refuses', async () => {
    await channel.start(() => {});
    await agent.set(names.commands('h1'), 'not a stream');
    await expect(
      channel.send(h1, { kind: 'cancel_migration', migrationId: 'm', reason: '' }, 'c1'),
    ).rejects.toMatchObject({ code: 'redis_rejected' });
  });

  it('does not start without Redis', async () => {
    await server.kill();
    const hopeless = open(200);
    await expect(hopeless.start(() => {})).rejects.toMatchObject({ code: 'redis_unavailable' });
  });
});

it('stream ids are ordered by time, then number', () => {
  expect(isBefore('5-1', '10-0')).toBe(true);
  expect(isBefore('10-2', '10-10')).toBe(true);
  expect(isBefore('10-0', '10-0')).toBe(false);
});
