// Against a raft cluster of three ovsdb-servers on this machine.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OvsdbClient } from './client.ts';
import { OPEN_VSWITCH } from './generated/open-vswitch-tables.ts';
import { isJsonArray, isJsonObject, type Json } from './json.ts';
import { ovs } from './open-vswitch.ts';
import { failure } from './testing/failure.ts';
import { eventually, newCluster, type OvsdbServer, whyNoServer } from './testing/ovsdb-server.ts';
import { Tap } from './testing/tap.ts';

const missing = whyNoServer();
if (missing) console.warn(`skipped: clusters of real ovsdb-servers, because ${missing}`);

/** On a busy machine the members may elect another leader at any time. */
const untilDone = async (work: () => Promise<unknown>, client: OvsdbClient<typeof OPEN_VSWITCH>) => {
  await eventually(async () => {
    await client.connected();
    return work().then(
      () => true,
      () => false,
    );
  }, 'the cluster takes a transaction');
};

describe.skipIf(missing !== null)('a client of a cluster of three', () => {
  let folder: string;
  let members: readonly OvsdbServer[];
  let clients: OvsdbClient<typeof OPEN_VSWITCH>[];
  const endpoints = () => members.map((member) => member.endpoint);
  const connect = async (endpoint: string | readonly string[], leaderOnly = true) => {
    const options = { reconnect: { delayMinMs: 20, delayMaxMs: 200 }, leaderOnly };
    const client = await OvsdbClient.connect({ endpoint, database: OPEN_VSWITCH, ...options });
    clients.push(client);
    return client;
  };
  const memberAt = (endpoint: string): OvsdbServer => {
    const found = members.find((member) => member.endpoint === endpoint);
    if (!found) throw new Error(`nobody is ${endpoint}`);
    return found;
  };

  beforeEach(async () => {
    clients = [];
    folder = mkdtempSync(join(tmpdir(), 'ovsdb-cluster-'));
    members = newCluster(folder, 3);
    for (const member of members) await member.start();
    // A member that has not joined yet refuses; all of them must serve before the test begins.
    for (const endpoint of endpoints())
      await eventually(async () => {
        const joined = await connect(endpoint, false).catch(() => null);
        joined?.close();
        return joined !== null;
      }, `${endpoint} has joined`);
  });
  afterEach(async () => {
    for (const client of clients) client.close();
    for (const member of members) await member.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  it('finds the leader among several endpoints, and says why a follower alone will not do', async () => {
    const client = await connect(endpoints().join(','));
    expect(client.serverStatus).toMatchObject({ model: 'clustered', isLeader: true, isConnected: true });
    const followers = endpoints().filter((endpoint) => endpoint !== client.endpoint);
    const [follower = ''] = followers;
    expect(await failure(connect(follower))).toEqual({
      code: 'database_unavailable',
      endpoint: follower,
      database: 'Open_vSwitch',
      reason: 'not_leader',
    });
    expect(await failure(connect(followers))).toEqual({
      code: 'connect_failed',
      endpoint: followers.join(','),
      reason: 'other',
    });
    const anybody = await connect(follower, false);
    expect(anybody.serverStatus?.isLeader).toBe(false);
    // A follower passes a transaction on.
    const [{ uuid }] = await anybody.transact([ovs.insert('Queue', { dscp: 7 })]);
    const [rows] = await client.transact([ovs.select('Queue', [], ['dscp'])]);
    expect(rows).toEqual([{ _uuid: uuid, dscp: 7 }]);
  });

  it('moves to the new leader when the old one dies, with its views and locks', async () => {
    const client = await connect(endpoints());
    await client.transact([ovs.insert('Queue', { dscp: 1 })]);
    const view = await client.monitor({ Queue: ['dscp'] });
    const lock = await client.lock('gate');
    const first = client.endpoint;
    await memberAt(first).kill();
    await eventually(() => client.isConnected && client.endpoint !== first, 'a new leader is found');
    await client.transact([ovs.insert('Queue', { dscp: 2 })]);
    await view.until((now) => (now.table('Queue').size === 2 ? true : undefined));
    await lock.held();
    expect(client.serverStatus?.isLeader).toBe(true);
  });

  it('moves on when the leader hands its office over, without being cut off', async () => {
    const client = await connect(endpoints());
    const first = client.endpoint;
    const losses: unknown[] = [];
    client.onStatus((status) => {
      if (status.kind === 'disconnected') losses.push(status.error.detail);
    });
    memberAt(first).control('cluster/leave', 'Open_vSwitch');
    await eventually(() => client.isConnected && client.endpoint !== first, 'the next leader is found');
    expect(losses[0]).toMatchObject({ code: 'database_unavailable', endpoint: first });
  });

  it('leaves a member that is cut off from the majority', async () => {
    const leader = await connect(endpoints());
    const endpoint = endpoints().find((one) => one !== leader.endpoint) ?? '';
    const client = await connect(endpoint, false);
    const lost = new Promise<unknown>((resolve) => {
      client.onStatus((status) => {
        if (status.kind === 'disconnected') resolve(status.error.detail);
      });
    });
    leader.close();
    for (const member of members) if (member.endpoint !== endpoint) await member.kill();
    expect(await lost).toMatchObject({ code: 'database_unavailable', endpoint, reason: 'not_connected' });
  });

  it('is told only the differences after a short absence, and everything when the history is gone', async () => {
    const other = await connect(endpoints());
    const tap = new Tap(join(folder, 'tap.sock'), other.endpoint);
    await tap.listen();
    // The server's history is at most a hundred transactions, and never larger than the database itself.
    const ballast = Array.from({ length: 300 }, () =>
      ovs.insert('QoS', { external_ids: { a: '1', b: '2' } }),
    );
    await other.transact(ballast);
    for (const dscp of [1, 2, 3, 4]) await other.transact([ovs.insert('Queue', { dscp })]);
    const client = await connect(tap.endpoint, false);
    const view = await client.monitor({ Queue: ['dscp'] });
    const held = () => [...view.table('Queue').values()].map((row) => row.dscp).sort();
    const told: unknown[] = [];
    view.subscribe((changes) => {
      told.push(...changes.map(({ before, after }) => [before?.dscp ?? null, after?.dscp ?? null]));
    });
    const absence = async (change: () => Promise<unknown>) => {
      tap.gate(false);
      await eventually(() => !client.isConnected, 'the loss is noticed');
      tap.fromServer.length = 0;
      await change();
      tap.gate(true);
      await client.connected();
      return tap.fromServer.flatMap(({ result }) =>
        isJsonArray(result) && typeof result[0] === 'boolean' ? [[result[0], result[2] ?? null]] : [],
      );
    };
    const rowsTold = ([reply]: readonly (readonly Json[])[]) => {
      const updates = reply?.[1];
      return isJsonObject(updates) && isJsonObject(updates.Queue) ? Object.keys(updates.Queue).length : 0;
    };
    const short = await absence(() =>
      other.transact([
        ovs.update('Queue', [['dscp', '==', 1]], { dscp: 9 }),
        ovs.delete('Queue', [['dscp', '==', 2]]),
      ]),
    );
    expect(held()).toEqual([3, 4, 9]);
    expect(short).toEqual([[true, { Queue: expect.any(Object) }]]);
    expect(rowsTold(short)).toBe(2);
    expect(told).toEqual(
      expect.arrayContaining([
        [1, 9],
        [2, null],
      ]),
    );
    const long = await absence(async () => {
      for (let round = 0; round < 110; round += 1)
        await untilDone(() => other.transact([ovs.insert('Queue', { dscp: 20 })]), other);
    });
    const [rows] = await other.transact([ovs.select('Queue', [], ['dscp'])]);
    expect(long).toEqual([[false, { Queue: expect.any(Object) }]]);
    expect(rowsTold(long)).toBe(rows.length);
    expect(held()).toEqual(rows.map((row) => row.dscp).sort());
    await tap.close();
  });
});
