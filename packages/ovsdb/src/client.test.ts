// Against a fake server over TCP, which misbehaves on demand.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OvsdbClient } from './client.ts';
import type { ConnectionStatus, OvsdbClientOptions } from './client-options.ts';
import type { Json } from './json.ts';
import { operations } from './operation.ts';
import { failure } from './testing/failure.ts';
import { FAKE_DATABASE, FakeServer } from './testing/fake-server.ts';
import { ManualTimers } from './testing/manual-timers.ts';
import { eventually } from './testing/ovsdb-server.ts';

const lamps = operations(FAKE_DATABASE);
const LAMP_1 = '00000000-0000-4000-8000-000000000001';
const LAMP_2 = '00000000-0000-4000-8000-000000000002';

describe('the client', () => {
  let server: FakeServer;
  const clients: OvsdbClient<typeof FAKE_DATABASE>[] = [];
  const options = (extra: Partial<OvsdbClientOptions<typeof FAKE_DATABASE>> = {}) => ({
    endpoint: server.endpoint,
    database: FAKE_DATABASE,
    reconnect: { delayMinMs: 5, delayMaxMs: 20 },
    ...extra,
  });
  const connect = async (extra = {}) => {
    const client = await OvsdbClient.connect(options(extra));
    clients.push(client);
    return client;
  };

  beforeEach(async () => {
    server = new FakeServer();
    await server.listen();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await server.stop();
  });

  it('rejects everything pending when the connection goes, and says that the outcome is unknown', async () => {
    const client = await connect();
    const pending = [client.transact([lamps.insert('Lamp', { colour: 'red' })]), client.listDatabases()];
    await eventually(() => server.received.length === 3, 'the server has both requests');
    server.cut();
    const lost = { code: 'disconnected', endpoint: server.endpoint, sent: true };
    expect(await Promise.all(pending.map(failure))).toEqual([lost, lost]);
  });

  it('reconnects by itself, restarts its views, and tells what changed meanwhile as changes', async () => {
    let rows: Record<string, { initial: { colour: string } }> = {
      [LAMP_1]: { initial: { colour: 'red' } },
    };
    server.answer = (method) => (method === 'monitor_cond' ? { result: { Lamp: rows } } : undefined);
    const client = await connect();
    const statuses: ConnectionStatus['kind'][] = [];
    client.onStatus(({ kind }) => statuses.push(kind));
    const view = await client.monitor({ Lamp: ['colour'] });
    const seen: unknown[] = [];
    view.subscribe((changes) => {
      seen.push(changes.map(({ before, after }) => `${before?.colour ?? '-'} to ${after?.colour ?? '-'}`));
    });
    await server.stop();
    await eventually(() => !client.isConnected && !view.isCurrent, 'the client notices');
    expect([...view.table('Lamp').values()].map((row) => row.colour)).toEqual(['red']);
    rows = { [LAMP_2]: { initial: { colour: 'blue' } } };
    await server.listen();
    await client.connected();
    expect(view.isCurrent).toBe(true);
    expect([...view.table('Lamp').values()].map((row) => row.colour)).toEqual(['blue']);
    expect(seen).toEqual([['red to -', '- to blue']]);
    expect([statuses[0], statuses.at(-1)]).toEqual(['disconnected', 'connected']);
    server.send({
      method: 'update2',
      params: ['view-1', { Lamp: { [LAMP_2]: { modify: { colour: 'green' } } } }],
      id: null,
    });
    await view.until((now) => [...now.table('Lamp').values()].find((row) => row.colour === 'green'));
  });

  it('waits longer after each failure, up to the limit', async () => {
    const timers = new ManualTimers();
    await server.stop();
    const client = new OvsdbClient(
      options({ timers, reconnect: { delayMinMs: 100, delayMaxMs: 500, random: () => 1 } }),
    );
    clients.push(client);
    const delays: number[] = [];
    client.onStatus((status) => {
      if (status.kind !== 'disconnected') return;
      delays.push(status.retryInMs);
      if (delays.length < 5) setImmediate(() => timers.advance(status.retryInMs));
    });
    await eventually(() => delays.length === 5, 'five attempts have failed');
    expect(delays).toEqual([100, 200, 400, 500, 500]);
    expect(await failure(client.listDatabases())).toMatchObject({ code: 'disconnected', sent: false });
    const waiting = failure(client.connected({ timeoutMs: 10 }));
    timers.advance(10);
    expect(await waiting).toMatchObject({ code: 'connect_failed', endpoint: server.endpoint });
    await server.listen();
    timers.advance(500);
    await eventually(() => client.isConnected, 'the sixth attempt succeeds');
  });

  it('fails the first connect at once when nobody listens', async () => {
    await server.stop();
    expect(await failure(OvsdbClient.connect(options()))).toMatchObject({ code: 'connect_failed' });
  });

  it('gives a request up after its time and ignores the late reply', async () => {
    const client = await connect();
    expect(await failure(client.listDatabases({ timeoutMs: 20 }))).toEqual({
      code: 'request_timed_out',
      method: 'list_dbs',
      afterMs: 20,
    });
    server.send({ result: ['late'], error: null, id: Number(server.received.at(-1)?.id) });
    server.answer = () => ({ result: ['fresh'] });
    expect(await client.listDatabases()).toEqual(['fresh']);
  });

  it('answers the echo of the server, and refuses what it does not know', async () => {
    await connect();
    server.send({ method: 'echo', params: ['ping', 1], id: 'echo' });
    server.send({ method: 'dance', params: [], id: 7 });
    await eventually(() => server.received.length === 3, 'both are answered');
    expect(server.received.slice(1)).toEqual([
      { result: ['ping', 1], error: null, id: 'echo' },
      { result: null, error: 'unknown method', id: 7 },
    ]);
  });

  it('asks a silent server for an echo, and leaves it when it stays silent', async () => {
    const timers = new ManualTimers();
    server.answer = (method) => (method === 'echo' ? { result: [] } : undefined);
    const client = await connect({ timers, echoIntervalMs: 1000 });
    const echoes = () => server.received.filter((message) => message.method === 'echo').length;
    // The first interval has heard the schema; the second is silent.
    timers.advance(1000);
    timers.advance(1000);
    await eventually(() => echoes() === 1, 'the client asks');
    server.answer = () => undefined;
    const lost = new Promise<ConnectionStatus>((resolve) => client.onStatus(resolve));
    for (let interval = 0; interval < 4; interval += 1) timers.advance(1000);
    expect(await lost).toMatchObject({ kind: 'disconnected', error: { code: 'disconnected' } });
  });

  it('leaves a peer that breaks the protocol and comes back', async () => {
    const client = await connect();
    const broken = [
      '}',
      '{"id":1]',
      '['.repeat(100),
      '["no object"]',
      '{"nothing":1}',
      '{"id":"x","result":1}',
    ];
    for (const text of broken) {
      const lost = new Promise<ConnectionStatus>((resolve) => client.onStatus(resolve));
      const pending = failure(client.listDatabases());
      server.send(text);
      expect([text, await lost]).toMatchObject([
        text,
        { kind: 'disconnected', error: { code: 'protocol_violation' } },
      ]);
      // The request was on its way, so its outcome is unknown, whatever the reason.
      expect(await pending).toMatchObject({ code: 'disconnected', sent: true });
      await client.connected();
    }
  });

  it('leaves a server whose update does not fit the view', async () => {
    server.answer = (method) => (method === 'monitor_cond' ? { result: {} } : undefined);
    const client = await connect();
    await client.monitor({ Lamp: ['watts'] });
    const lost = new Promise<ConnectionStatus>((resolve) => client.onStatus(resolve));
    server.send({
      method: 'update2',
      params: ['view-1', { Lamp: { [LAMP_1]: { insert: { watts: 'many' } } } }],
      id: null,
    });
    expect(await lost).toMatchObject({ kind: 'disconnected', error: { code: 'protocol_violation' } });
  });

  it('falls back to the plain monitor of RFC 7047', async () => {
    server.answer = (method) =>
      method === 'monitor'
        ? { result: { Lamp: { [LAMP_1]: { new: { colour: 'red', notes: ['map', [['a', '1']]] } } } } }
        : { error: 'unknown method' };
    const client = await connect();
    const view = await client.monitor({ Lamp: ['colour', 'notes'] });
    const changed = { old: { notes: ['map', []] }, new: { colour: 'red', notes: ['map', [['b', '2']]] } };
    server.send({ method: 'update', params: ['view-1', { Lamp: { [LAMP_1]: changed } }], id: null });
    const row = await view.until((now) =>
      [...now.table('Lamp').values()].find(({ notes }) => notes.has('b')),
    );
    expect(row).toEqual({ _uuid: LAMP_1, colour: 'red', notes: new Map([['b', '2']]) });
    server.send({
      method: 'update',
      params: ['view-1', { Lamp: { [LAMP_1]: { old: { colour: 'red' } } } }],
      id: null,
    });
    await view.until((now) => (now.table('Lamp').size === 0 ? true : undefined));
  });

  it('never changes a map that it has handed out', async () => {
    server.answer = (method) => (method === 'monitor_cond' ? { result: {} } : undefined);
    const client = await connect();
    const view = await client.monitor({ Lamp: ['colour'] });
    const sizes: number[] = [];
    const maps = [view.table('Lamp')];
    view.subscribe(() => {
      maps.push(view.table('Lamp'));
    });
    const insert = (id: string) => ({ Lamp: { [id]: { insert: { colour: 'red' } } } });
    for (const id of [LAMP_1, LAMP_2])
      server.send({ method: 'update2', params: ['view-1', insert(id)], id: null });
    await eventually(() => maps.length === 3, 'both are told');
    for (const map of maps) sizes.push(map.size);
    expect(sizes).toEqual([0, 1, 2]);
  });

  it('refuses conditions where the server cannot hold a view to them', async () => {
    server.answer = (method) => (method === 'monitor' ? { result: {} } : { error: 'unknown method' });
    const client = await connect();
    const conditional = client.monitor(
      { Lamp: ['colour'] },
      { conditions: { Lamp: [['colour', '==', 'red']] } },
    );
    expect(await failure(conditional)).toMatchObject({ code: 'request_refused', method: 'monitor_cond' });
  });

  it('follows update3 and resumes after the last transaction, or starts anew when the server has forgotten it', async () => {
    const [first, second] = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];
    const asked: unknown[] = [];
    let reply: Json = [false, first, { Lamp: { [LAMP_1]: { initial: { colour: 'red' } } } }];
    server.answer = (method, params) => {
      if (method !== 'monitor_cond_since') return undefined;
      asked.push((params as readonly Json[])[3]);
      return { result: reply };
    };
    const client = await connect();
    const view = await client.monitor({ Lamp: ['colour'] });
    const colours = () => [...view.table('Lamp').values()].map((row) => row.colour);
    const change = { Lamp: { [LAMP_1]: { modify: { colour: 'blue' } } } };
    server.send({ method: 'update3', params: ['view-1', second, change], id: null });
    await view.until(() => (colours()[0] === 'blue' ? true : undefined));
    const again = async (next: Json) => {
      reply = next;
      const lost = new Promise((resolve) => client.onStatus(resolve));
      server.cut();
      await lost;
      await client.connected();
    };
    await again([true, first, { Lamp: { [LAMP_2]: { insert: { colour: 'green' } } } }]);
    expect(colours()).toEqual(['blue', 'green']);
    await again([false, second, { Lamp: { [LAMP_2]: { initial: { colour: 'green' } } } }]);
    expect(colours()).toEqual(['green']);
    expect(asked).toEqual(['00000000-0000-0000-0000-000000000000', second, first]);
  });

  it('has a view’s first rows in place before an update that comes in the same packet', async () => {
    server.answer = (method) => {
      if (method !== 'monitor_cond') return undefined;
      const id = Number(server.received.at(-1)?.id);
      const first = { id, error: null, result: { Lamp: { [LAMP_1]: { initial: { colour: 'red' } } } } };
      const change = { Lamp: { [LAMP_1]: { modify: { colour: 'blue' } } } };
      server.send(
        JSON.stringify(first) + JSON.stringify({ method: 'update2', params: ['view-1', change], id: null }),
      );
      return undefined;
    };
    const client = await connect();
    const view = await client.monitor({ Lamp: ['colour', 'watts'] });
    expect([...view.table('Lamp').values()]).toEqual([{ _uuid: LAMP_1, colour: 'blue', watts: null }]);
  });

  it('has a limit for requests under way', async () => {
    const client = await connect();
    const requests = Array.from({ length: 1025 }, () => failure(client.listDatabases()));
    expect(await requests[1024]).toEqual({ code: 'overloaded', limit: 'PENDING_REQUESTS_MAX', value: 1024 });
    server.cut();
    expect(new Set((await Promise.all(requests)).map((detail) => JSON.stringify(detail))).size).toBe(2);
  });

  it('rejects with closed whatever waits when its owner closes it', async () => {
    server.answer = (method) => (method === 'monitor_cond' ? { result: {} } : undefined);
    const client = await connect();
    const view = await client.monitor({ Lamp: ['colour'] });
    const waiting = [view.until(() => undefined), client.listDatabases()].map(failure);
    client.close();
    const closed = { code: 'closed', endpoint: server.endpoint, sent: false };
    expect(await Promise.all(waiting)).toEqual([closed, { ...closed, sent: true }]);
    expect(await failure(client.listDatabases())).toEqual(closed);
    await eventually(() => server.connections === 0, 'the socket is gone');
  });
});
