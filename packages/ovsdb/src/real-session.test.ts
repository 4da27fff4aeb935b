// Locks, cancelling, conditional views, large integers and schema changes against a private ovsdb-server.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OvsdbClient } from './client.ts';
import { OPEN_VSWITCH } from './generated/open-vswitch-tables.ts';
import { ovs } from './open-vswitch.ts';
import { operations } from './operation.ts';
import { map } from './schema.ts';
import { failure } from './testing/failure.ts';
import { eventually, OvsdbServer, SCHEMA, whyNoServer } from './testing/ovsdb-server.ts';
import { Tap } from './testing/tap.ts';

const missing = whyNoServer();
if (missing) console.warn(`skipped: sessions with a real ovsdb-server, because ${missing}`);

describe.skipIf(missing !== null)('a session with a real ovsdb-server', () => {
  let server: OvsdbServer;
  let others: OvsdbServer[];
  let clients: OvsdbClient<typeof OPEN_VSWITCH>[];
  const connect = async (endpoint = server.endpoint) => {
    const client = await OvsdbClient.connect({
      endpoint,
      database: OPEN_VSWITCH,
      reconnect: { delayMinMs: 10, delayMaxMs: 50 },
    });
    clients.push(client);
    return client;
  };

  beforeEach(async () => {
    clients = [];
    others = [];
    server = new OvsdbServer();
    await server.start();
  });
  afterEach(async () => {
    for (const client of clients) client.close();
    for (const one of [...others, server]) await one.dispose();
  });

  it('tells what the server says of the database, and answers an echo', async () => {
    const client = await connect();
    expect(client.serverStatus).toEqual({
      model: 'standalone',
      isLeader: true,
      isConnected: true,
      clusterId: null,
      serverId: null,
      index: null,
    });
    await client.echo();
  });

  it('does the same over TCP', async () => {
    const log = join(server.folder, 'tcp.log');
    const listener = new OvsdbServer({ args: ['--remote=ptcp:0:127.0.0.1', `--log-file=${log}`] });
    others.push(listener);
    await listener.start();
    const port = () => /listening on port (\d+)/.exec(readFileSync(log, 'utf8'))?.[1];
    await eventually(() => port() !== undefined, 'the server says its port');
    const client = await connect(`tcp:127.0.0.1:${port()}`);
    expect(await client.listDatabases()).toEqual(expect.arrayContaining(['Open_vSwitch', '_Server']));
  });

  it('says at once when the server does not serve the database', async () => {
    const database = { name: 'Nowhere', tables: {} } as const;
    expect(await failure(OvsdbClient.connect({ endpoint: server.endpoint, database }))).toEqual({
      code: 'database_unavailable',
      endpoint: server.endpoint,
      database: 'Nowhere',
      reason: 'not_served',
    });
  });

  it('gives a lock to one client at a time, in the order in which they asked', async () => {
    const [a, b] = [await connect(), await connect()];
    const [lockA, lockB] = [await a.lock('gate'), await b.lock('gate')];
    expect([lockA.isHeld, lockB.isHeld]).toEqual([true, false]);
    expect(await failure(b.transact([ovs.assert('gate'), ovs.insert('Queue', {})]))).toMatchObject({
      code: 'transaction_failed',
      operation: 0,
      error: 'not owner',
    });
    expect(await failure(lockB.held({ timeoutMs: 10 }))).toMatchObject({ code: 'condition_timed_out' });
    await lockA.release();
    await lockB.held();
    await b.transact([ovs.assert('gate'), ovs.insert('Queue', {})]);
    await expect(b.lock('gate')).rejects.toThrow(RangeError);
    await expect(b.lock('no name')).rejects.toThrow(RangeError);
  });

  it('tells the loser of a stolen lock, who gets it back when the thief is gone', async () => {
    const [a, b] = [await connect(), await connect()];
    const lockA = await a.lock('gate');
    const told: boolean[] = [];
    lockA.subscribe((isHeld) => told.push(isHeld));
    const lockB = await b.lock('gate', { steal: true });
    await eventually(() => !lockA.isHeld, 'the first owner knows');
    expect(lockB.isHeld).toBe(true);
    b.close();
    expect(lockB.isHeld).toBe(false);
    await lockA.held();
    expect(told).toEqual([false, true]);
  });

  it('loses a lock with the connection and asks for it again', async () => {
    const client = await connect();
    const lock = await client.lock('gate');
    const told: boolean[] = [];
    lock.subscribe((isHeld) => told.push(isHeld));
    await server.kill();
    await eventually(() => !lock.isHeld, 'the loss is noticed');
    await server.start();
    await lock.held();
    expect(told).toEqual([false, true]);
  });

  it('cancels a transaction that waits, so that it never comes true', async () => {
    const [client, other] = [await connect(), await connect()];
    const abort = new AbortController();
    const waiting = (dscp: number) =>
      [
        ovs.wait('Queue', [], { columns: ['dscp'], is: '==', rows: [{ dscp: 1 }], timeoutMs: 60_000 }),
        ovs.insert('Queue', { dscp }),
      ] as const;
    const cancelled = failure(client.transact(waiting(2), { signal: abort.signal }));
    // What gives up by itself cancels too.
    const timedOut = failure(client.transact(waiting(3), { timeoutMs: 20 }));
    expect(await timedOut).toMatchObject({ code: 'request_timed_out' });
    abort.abort();
    expect(await cancelled).toEqual({ code: 'cancelled', method: 'transact', sent: true });
    await other.transact([ovs.insert('Queue', { dscp: 1 })]);
    const [rows] = await client
      .transact([ovs.select('Queue', [], ['dscp'])], { signal: abort.signal })
      .catch(() => client.transact([ovs.select('Queue', [], ['dscp'])]));
    expect(rows.map((row) => row.dscp)).toEqual([1]);
    expect(await failure(client.echo({ signal: abort.signal }))).toEqual({
      code: 'cancelled',
      method: 'echo',
      sent: false,
    });
  });

  it('holds in a conditional view the rows that meet any condition, and others once they are changed', async () => {
    const client = await connect();
    await client.transact([1, 2, 3, 4].map((dscp) => ovs.insert('Queue', { dscp })));
    const view = await client.monitor(
      { Queue: ['dscp'], Bridge: ['name'] },
      {
        conditions: {
          Queue: [
            ['dscp', '==', 1],
            ['dscp', '==', 2],
          ],
        },
      },
    );
    const held = () => [...view.table('Queue').values()].map((row) => row.dscp).sort();
    const told: unknown[] = [];
    view.subscribe((changes) => {
      told.push(
        ...changes.map(({ before, after }) =>
          [before, after].map((row) => (row && 'dscp' in row ? row.dscp : null)),
        ),
      );
    });
    expect(held()).toEqual([1, 2]);
    await client.transact([ovs.update('Queue', [['dscp', '==', 1]], { dscp: 9 })]);
    await view.until(() => (held().length === 1 ? true : undefined));
    await view.changeConditions({ Queue: [['dscp', '==', 3]] });
    expect(held()).toEqual([3]);
    await view.changeConditions({ Queue: [] });
    expect(held()).toEqual([]);
    await view.changeConditions({});
    expect(held()).toEqual([2, 3, 4, 9]);
    expect(told.slice(0, 3)).toEqual(
      expect.arrayContaining([
        [1, null],
        [2, null],
        [null, 3],
      ]),
    );
    await expect(view.changeConditions({ Port: [] })).rejects.toThrow(RangeError);
  });

  it('keeps the changed conditions of a view across a reconnect, and the old ones of a change that was lost', async () => {
    const tap = new Tap(join(server.folder, 'tap.sock'), server.endpoint);
    await tap.listen();
    const client = await connect(tap.endpoint);
    await client.transact([1, 2, 3].map((dscp) => ovs.insert('Queue', { dscp })));
    const view = await client.monitor({ Queue: ['dscp'] }, { conditions: { Queue: [['dscp', '==', 1]] } });
    const held = () => [...view.table('Queue').values()].map((row) => row.dscp).sort();
    await view.changeConditions({ Queue: [['dscp', '==', 2]] });
    server.freeze(true);
    const lost = failure(view.changeConditions({ Queue: [['dscp', '==', 3]] }));
    tap.gate(false);
    expect(await lost).toMatchObject({ code: 'disconnected', sent: true });
    expect(await failure(view.changeConditions({}))).toMatchObject({ code: 'disconnected', sent: false });
    server.freeze(false);
    tap.gate(true);
    await client.connected();
    expect(held()).toEqual([2]);
    await tap.close();
  });

  it('reads and writes integers beyond 2^53 exactly, and says where one does not fit', async () => {
    const client = await connect();
    const exact = [9_007_199_254_740_993n, 2n ** 63n - 1n, -(2n ** 63n), 7n];
    const statistics = new Map(exact.map((value, index) => [`c${index}`, value]));
    const [{ uuid }] = await client.transact([
      ovs.insert('Interface', { name: 'i', statistics, link_speed: 400_000_000_000 }, { uuidName: 'i' }),
      ovs.insert('Port', { name: 'p', interfaces: [{ uuidName: 'i' }] }, { uuidName: 'p' }),
      ovs.insert('Bridge', { name: 'b', ports: [{ uuidName: 'p' }] }, { uuidName: 'b' }),
      ovs.insert('Open_vSwitch', { bridges: [{ uuidName: 'b' }] }),
    ]);
    const view = await client.monitor({ Interface: ['statistics', 'link_speed'] });
    expect(view.table('Interface').get(uuid)).toEqual({
      _uuid: uuid,
      statistics,
      link_speed: 400_000_000_000n,
    });
    await client.transact([
      ovs.mutate('Interface', [], [['statistics', 'delete', ['c1']]]),
      ovs.mutate('Interface', [], [['statistics', 'insert', { c9: 2n ** 62n }]]),
    ]);
    const later = await view.until((now) => {
      const row = now.table('Interface').get(uuid);
      return row?.statistics.has('c9') ? row.statistics : undefined;
    });
    expect(later).toEqual(
      new Map([
        ['c0', exact[0]],
        ['c2', exact[2]],
        ['c3', 7n],
        ['c9', 2n ** 62n],
      ]),
    );

    const narrow = {
      name: 'Open_vSwitch',
      tables: { Interface: { statistics: map('string', 'integer') } },
    } as const;
    const reader = await OvsdbClient.connect({ endpoint: server.endpoint, database: narrow });
    const tooLarge = { code: 'integer_too_large', column: 'Interface.statistics', value: exact[0] };
    const read = await reader
      .transact([operations(narrow).select('Interface', [], ['statistics'])])
      .catch((e) => e);
    expect([read.detail, read.cause.detail]).toEqual([
      { code: 'result_unreadable', operation: 0, reason: read.cause.message },
      tooLarge,
    ]);
    expect(await failure(reader.monitor({ Interface: ['statistics'] }))).toEqual(tooLarge);
    reader.close();
  });

  it('says that the outcome is unknown when the server dies in the middle of a transaction', async () => {
    const client = await connect();
    server.freeze(true);
    const pending = client.transact([ovs.insert('Queue', { dscp: 5 })]).catch((error) => error);
    await server.kill();
    const error = await pending;
    expect([error.detail, error.outcomeUnknown]).toEqual([
      { code: 'disconnected', endpoint: server.endpoint, sent: true },
      true,
    ]);
    await server.start();
    await client.connected();
    const [rows] = await client.transact([ovs.select('Queue', [], ['dscp'])]);
    expect(rows.length).toBeLessThanOrEqual(1);
  });

  it('leaves a server that is silent, and finds it when it speaks again', async () => {
    const client = await OvsdbClient.connect({
      endpoint: server.endpoint,
      database: OPEN_VSWITCH,
      echoIntervalMs: 400,
      requestTimeoutMs: 4000,
      reconnect: { delayMinMs: 10, delayMaxMs: 50 },
    });
    clients.push(client);
    server.freeze(true);
    await eventually(() => !client.isConnected, 'the silence is noticed');
    server.freeze(false);
    await client.connected();
    await client.echo();
  });

  it('checks a schema that changed while it was connected, and its views go on if they still fit', async () => {
    const client = await connect();
    await client.transact([ovs.insert('Queue', { dscp: 1 })]);
    const queues = await client.monitor({ Queue: ['dscp'] });
    const convert = (
      change: (schema: {
        version: string;
        tables: Record<string, { columns: Record<string, unknown> }>;
      }) => void,
    ) => {
      const schema = JSON.parse(readFileSync(SCHEMA, 'utf8'));
      change(schema);
      delete schema.cksum;
      const path = join(server.folder, 'new.ovsschema');
      writeFileSync(path, JSON.stringify(schema));
      execFileSync('ovsdb-client', ['convert', server.endpoint, path]);
    };
    let losses = 0;
    client.onStatus(({ kind }) => {
      if (kind === 'disconnected') losses += 1;
    });
    convert((schema) => {
      schema.version = '99.0.0';
      const { Queue } = schema.tables;
      if (Queue) Queue.columns.colour = { type: 'string' };
    });
    await eventually(() => losses > 0 && client.isConnected, 'the client is back');
    expect((await client.getSchema()).version).toBe('99.0.0');
    expect([...queues.table('Queue').values()].map((row) => row.dscp)).toEqual([1]);

    const mismatch = new Promise((resolve) => {
      client.onStatus((status) => {
        if (status.kind === 'disconnected' && status.error.code === 'schema_mismatch')
          resolve(status.error.detail);
      });
    });
    convert((schema) => {
      schema.version = '99.1.0';
      delete schema.tables.Queue?.columns.dscp;
    });
    expect(await mismatch).toEqual({
      code: 'schema_mismatch',
      database: 'Open_vSwitch',
      problems: ['no column Queue.dscp'],
    });
  });
});
