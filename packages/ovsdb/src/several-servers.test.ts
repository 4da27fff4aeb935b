// Several endpoints, against fake members that say what the test tells them to.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OvsdbClient } from './client.ts';
import { EndpointCycle } from './endpoint-cycle.ts';
import { OvsdbError } from './error.ts';
import { failure } from './testing/failure.ts';
import { FAKE_DATABASE, FakeServer } from './testing/fake-server.ts';
import { eventually } from './testing/ovsdb-server.ts';

describe('a client of several servers', () => {
  let servers: [FakeServer, FakeServer];
  let client: OvsdbClient<typeof FAKE_DATABASE> | null;
  const connect = async (extra = {}) => {
    const endpoint = servers.map((server) => server.endpoint);
    const reconnect = { delayMinMs: 1, delayMaxMs: 10 };
    client = await OvsdbClient.connect({ endpoint, database: FAKE_DATABASE, reconnect, ...extra });
    return client;
  };

  beforeEach(async () => {
    client = null;
    servers = [new FakeServer(), new FakeServer()];
    for (const server of servers) await server.listen();
  });
  afterEach(async () => {
    client?.close();
    for (const server of servers) await server.stop();
  });

  it('takes the first that is fit, at once', async () => {
    servers[0].status = { leader: false, connected: true };
    servers[1].status = { leader: true, connected: true };
    expect((await connect()).endpoint).toBe(servers[1].endpoint);
  });

  it('takes a follower when the leader is not asked for', async () => {
    servers[0].status = { leader: false, connected: true };
    servers[1].status = { leader: true, connected: true };
    expect((await connect({ leaderOnly: false })).endpoint).toBe(servers[0].endpoint);
  });

  it('says of each why it will not do', async () => {
    servers[0].status = { leader: false, connected: true };
    servers[1].status = { leader: true, connected: false };
    const error = await connect().catch((caught: unknown) => caught);
    const reasons = ((error as OvsdbError).cause as AggregateError).errors as OvsdbError[];
    expect(reasons.map(({ detail }) => detail)).toMatchObject([
      { code: 'database_unavailable', reason: 'not_leader' },
      { code: 'database_unavailable', reason: 'not_connected' },
    ]);
  });

  it('moves on when its server loses the leadership or the cluster', async () => {
    for (const server of servers) server.status = { leader: true, connected: true };
    const { endpoint, ...rest } = await connect().then((made) => ({ endpoint: made.endpoint, made }));
    servers[0].become({ leader: false, connected: true });
    await eventually(() => rest.made.isConnected && rest.made.endpoint !== endpoint, 'it is with the second');
    servers[0].status = { leader: true, connected: true };
    servers[1].become({ leader: true, connected: false });
    await eventually(() => rest.made.isConnected && rest.made.endpoint === endpoint, 'it is back');
  });

  it('takes a server that has just started and says nothing of its database yet', async () => {
    servers[0].status = { leader: true, connected: true };
    servers[0].saysNothingYet = true;
    const made = await connect();
    expect([made.endpoint, made.serverStatus]).toEqual([servers[0].endpoint, null]);
  });

  it('does not go back in time', async () => {
    servers[0].status = { leader: true, connected: true, index: 20 };
    servers[1].status = { leader: true, connected: true, index: 19 };
    const made = await connect();
    const losses: unknown[] = [];
    made.onStatus((status) => {
      if (status.kind === 'disconnected') losses.push(status.error.detail);
    });
    await servers[0].stop();
    await eventually(() => losses.length > 4, 'it tries both');
    expect(losses).toContainEqual({
      code: 'database_unavailable',
      endpoint: servers[1].endpoint,
      database: 'fake',
      reason: 'stale',
    });
    servers[1].status = { leader: true, connected: true, index: 21 };
    await made.connected();
  });

  it('fails the first connect only when all have failed', async () => {
    await servers[0].stop();
    const made = await connect();
    expect(made.endpoint).toBe(servers[1].endpoint);
    await servers[1].stop();
    await eventually(() => !made.isConnected, 'the loss is noticed');
    made.close();
    expect(await failure(connect())).toMatchObject({ code: 'connect_failed', reason: 'refused' });
  });
});

describe('the cycle of endpoints', () => {
  it('waits between rounds, not between servers', () => {
    const cycle = new EndpointCycle('unix:/a,tcp:b:1,ssl:[::1]:2');
    const backoff = { delayMinMs: 100, delayMaxMs: 1000, random: () => 1 };
    const failed = () => {
      const kind = cycle.current.kind;
      const error = new OvsdbError({ code: 'connect_failed', endpoint: kind, reason: 'refused' });
      return [kind, cycle.failed(error, backoff).retryInMs];
    };
    expect([1, 2, 3, 4, 5, 6].map(failed)).toEqual([
      ['unix', 0],
      ['tcp', 0],
      ['ssl', 100],
      ['unix', 0],
      ['tcp', 0],
      ['ssl', 200],
    ]);
    cycle.succeeded();
    expect([1, 2, 3].map(failed).at(-1)).toEqual(['ssl', 100]);
  });
});
