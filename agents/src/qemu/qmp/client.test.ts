import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type FakeQmp, fakeQmp, GREETING } from '../../testing/fake-qmp.ts';
import { PENDING_MAX, QmpClient, type QmpClientOptions, UNANSWERED_MAX } from './client.ts';
import type { QmpEvent } from './messages.ts';

const SHORT_MS = 100;

describe('a QMP connection', () => {
  const open: { close(): unknown }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });
  const server = async (...args: Parameters<typeof fakeQmp>): Promise<FakeQmp> => {
    const fake = await fakeQmp(...args);
    open.push(fake);
    return fake;
  };
  const connect = async (fake: FakeQmp, options: QmpClientOptions = {}): Promise<QmpClient> => {
    const client = await QmpClient.connect({ socketPath: fake.socketPath }, options);
    open.push(client);
    return client;
  };

  it('takes the greeting, negotiates first, and knows the version', async () => {
    const fake = await server();
    const client = await connect(fake);
    expect(client.version).toEqual({ major: 7, minor: 2, micro: 22 });
    expect(fake.asked.map(({ execute }) => execute)).toEqual(['qmp_capabilities']);
  });

  it('gives each command the answer with its number, in whatever order they come', async () => {
    const fake = await server(() => 'silence');
    const client = await connect(fake);
    const [slow, quick] = [client.execute('slow'), client.execute('quick', { detail: 'ä}' })];
    await expect.poll(() => fake.asked.length).toBe(3);
    expect(fake.asked[2]).toEqual({ execute: 'quick', arguments: { detail: 'ä}' }, id: 3 });
    fake.raw('{"return":"second","id":3}{"return":"first","id":2}');
    expect(await Promise.all([slow, quick])).toEqual(['first', 'second']);
  });

  it('parses answers at the door', async () => {
    const client = await connect(await server(() => ({ value: { status: 5 } })));
    await expect(client.execute('query-status', {}, z.object({ status: z.string() }))).rejects.toMatchObject({
      code: 'protocol',
      command: 'query-status',
    });
  });

  it("tells a refusal with QEMU's class and words, and goes on", async () => {
    const error = { class: 'GenericError', desc: "Parameter 'downtime_limit' expects an integer" };
    const fake = await server(({ execute }) => (execute === 'bad' ? { error } : { value: 1 }));
    const client = await connect(fake);
    await expect(client.execute('bad')).rejects.toMatchObject({
      ...{ name: 'QmpError', code: 'refused', command: 'bad' },
      ...{ qmpClass: error.class, desc: error.desc },
    });
    expect(await client.execute('good')).toBe(1);
  });

  it('passes events on in order, with their time', async () => {
    const events: QmpEvent[] = [];
    const fake = await server();
    await connect(fake, { onEvent: (event) => events.push(event) });
    const at = '"timestamp":{"seconds":100,"microseconds":250000}';
    fake.raw(`{"event":"MIGRATION_PASS","data":{"pass":2},${at}}{"event":"STOP",${at}}`);
    await expect
      .poll(() => events)
      .toEqual([
        { name: 'MIGRATION_PASS', data: { pass: 2 }, atSec: 100.25 },
        { name: 'STOP', data: {}, atSec: 100.25 },
      ]);
  });

  it('gives an answer up after its deadline and ignores it when it comes', async () => {
    const fake = await server(({ execute }) => (execute === 'slow' ? 'silence' : { value: 'there' }));
    const client = await connect(fake);
    await expect(client.execute('slow', {}, z.unknown(), { limitMs: SHORT_MS })).rejects.toMatchObject({
      code: 'timed_out',
    });
    fake.raw('{"return":{},"id":2}');
    expect(await client.execute('next')).toBe('there');
  });

  it('fails what waits when QEMU ends it, and everything after', async () => {
    const fake = await server(() => 'silence');
    const client = await connect(fake);
    const waiting = client.execute('query-migrate');
    await expect.poll(() => fake.asked.length).toBe(2);
    fake.cut();
    await expect(waiting).rejects.toMatchObject({ code: 'closed', command: 'query-migrate' });
    expect(await client.closed).toMatchObject({ code: 'closed' });
    await expect(client.execute('query-status')).rejects.toMatchObject({ code: 'closed' });
  });

  it('ends cleanly by our own word', async () => {
    const client = await connect(await server(() => 'silence'));
    const waiting = client.execute('query-status');
    client.close();
    await expect(waiting).rejects.toMatchObject({ code: 'closed' });
    expect(await client.closed).toBeUndefined();
  });

  it.each([
    ['a reply that nobody asked for', '{"return":{},"id":77}'],
    [
      "QEMU's own complaint about our JSON",
      '{"error":{"class":"GenericError","desc":"Invalid JSON syntax"}}',
    ],
    ['neither event nor reply', '{"hello":1}'],
    ['no JSON', 'HMP>'],
  ])('ends over %s', async (_, text) => {
    const fake = await server();
    const client = await connect(fake);
    fake.raw(text);
    expect(await client.closed).toMatchObject({ code: 'protocol' });
  });

  it('has urgent commands overtake those that wait, and never fills the queue before them', async () => {
    const isOrdinary = ({ isUrgent }: { isUrgent?: true }) => isUrgent === undefined;
    const fake = await server((command) => (isOrdinary(command) ? 'silence' : { value: 'done' }));
    const client = await connect(fake);
    const limitMs = SHORT_MS;
    const waiting = Array.from({ length: UNANSWERED_MAX + 2 }, () =>
      client.execute('query-status', {}, z.unknown(), { limitMs }).catch(({ code }) => code),
    );
    expect(await client.urgently('migrate-pause')).toBe('done');
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['timed_out']));
    // Nobody waits for these any more, but QEMU still has them.
    const late = client.execute('query-status').catch(({ code }) => code);
    expect(await client.urgently('migrate-recover', { uri: 'tcp:x:1' })).toBe('done');
    expect(fake.asked.slice(1).filter(isOrdinary)).toHaveLength(UNANSWERED_MAX);
    fake.raw('{"return":{},"id":2}');
    await expect.poll(() => fake.asked.slice(1).filter(isOrdinary).length).toBe(UNANSWERED_MAX + 1);
    client.close();
    expect(await late).toBe('closed');
  });

  it('gives urgent commands in turn where QEMU has nothing beside its queue', async () => {
    const greeting = JSON.stringify({ QMP: { ...GREETING.QMP, capabilities: [] } });
    const fake = await server(() => ({ value: 1 }), { greeting });
    const client = await connect(fake);
    expect(await client.urgently('migrate-pause')).toBe(1);
    expect(fake.asked).toEqual([
      { execute: 'qmp_capabilities', arguments: {}, id: 1 },
      { execute: 'migrate-pause', arguments: {}, id: 2 },
    ]);
  });

  it('refuses to pile up questions', async () => {
    const client = await connect(await server(() => 'silence'));
    const asked = Array.from({ length: PENDING_MAX }, () =>
      client.execute('query-status').catch(() => 'closed'),
    );
    await expect(client.execute('one-more')).rejects.toMatchObject({ code: 'too_many' });
    client.close();
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['closed']));
  });

  it.each([
    ['nobody greets', ''],
    ['somebody else greets', '{"jsonrpc":"2.0"}'],
    ['no JSON comes', 'SSH-2.0-OpenSSH\r\n'],
    ['the greeting has no version', '{"QMP":{}}'],
  ])('is not made when %s', async (_, greeting) => {
    const fake = await server(undefined, { greeting });
    await expect(connect(fake, { connectLimitMs: SHORT_MS })).rejects.toMatchObject({
      code: 'connect_failed',
    });
  });

  it('is not made when nobody listens', async () => {
    await expect(QmpClient.connect({ socketPath: '/nonexistent/qmp' })).rejects.toMatchObject({
      code: 'connect_failed',
    });
  });

  it('takes a greeting that comes byte by byte', async () => {
    const fake = await server(undefined, { greeting: ' ' });
    const connecting = connect(fake);
    await expect.poll(() => fake.isConnected()).toBe(true);
    for (const byte of Buffer.from(JSON.stringify(GREETING))) fake.raw(Uint8Array.of(byte));
    expect((await connecting).version.major).toBe(7);
  });
});
