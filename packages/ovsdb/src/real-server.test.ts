// Against a private ovsdb-server with Open vSwitch's own schema. Without ovs-vswitchd, the test itself plays its
// part and sets cur_cfg.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OvsdbClient } from './client.ts';
import { OPEN_VSWITCH } from './generated/open-vswitch-tables.ts';
import { connectOpenVswitch, openVswitch, ovs, queueConfig } from './open-vswitch.ts';
import { one } from './schema.ts';
import { failure } from './testing/failure.ts';
import { eventually, OvsdbServer, whyNoServer } from './testing/ovsdb-server.ts';
import { named } from './value.ts';

const missing = whyNoServer();
if (missing) console.warn(`skipped: tests against a real ovsdb-server, because ${missing}`);

describe.skipIf(missing !== null)('against a real ovsdb-server', () => {
  let server: OvsdbServer;
  let client: OvsdbClient<typeof OPEN_VSWITCH>;
  const connect = () =>
    OvsdbClient.connect({
      endpoint: server.endpoint,
      database: OPEN_VSWITCH,
      reconnect: { delayMinMs: 10, delayMaxMs: 50 },
    });

  beforeAll(async () => {
    server = new OvsdbServer();
    await server.start();
    client = await connect();
  });
  afterAll(async () => {
    client.close();
    await server.dispose();
  });
  beforeEach(async () => {
    await client.transact([
      ovs.delete('Open_vSwitch', []),
      ovs.delete('QoS', []),
      ovs.delete('Queue', []),
      ovs.insert('Open_vSwitch', {}),
    ]);
  });

  const addBridge = (name: string) => [
    ovs.insert('Interface', { name: `${name}-1` }, { uuidName: 'interface1' }),
    ovs.insert('Port', { name: `${name}-1`, interfaces: [named('interface1')] }, { uuidName: 'port1' }),
    ovs.insert(
      'Bridge',
      { name, ports: [named('port1')], fail_mode: 'secure', protocols: ['OpenFlow13'] },
      { uuidName: 'bridge1' },
    ),
    ovs.mutate('Open_vSwitch', [], [['bridges', 'insert', [named('bridge1')]]]),
  ];

  it('lists the database and reports a schema that our tables fit', async () => {
    expect(await client.listDatabases()).toContain('Open_vSwitch');
    const schema = await client.getSchema();
    expect(schema.tables.get('QoS')?.get('queues')).toEqual(
      expect.objectContaining({ shape: 'map', key: 'integer', value: 'uuid' }),
    );
    expect(await failure(client.getSchema('Nowhere'))).toMatchObject({
      code: 'request_refused',
      method: 'get_schema',
    });
  });

  it('inserts, selects, updates, mutates and deletes with typed rows', async () => {
    const rates = queueConfig({ rateMinBitsPerSec: 5_000_000, rateMaxBitsPerSec: 8_000_000 });
    const [queue, qos] = await client.transact([
      ovs.insert(
        'Queue',
        { dscp: 43, other_config: rates, external_ids: { owner: 'me' } },
        { uuidName: 'q1' },
      ),
      ovs.insert('QoS', { type: 'linux-htb', queues: new Map([[1, named('q1')]]) }),
      ovs.comment('two rows'),
    ]);
    const here = [['_uuid', '==', qos.uuid]] as const;
    const [rows, queues] = await client.transact([
      ovs.select('QoS', here, ['type', 'queues']),
      ovs.select('Queue', [['external_ids', 'includes', { owner: 'me' }]], ['dscp', 'other_config']),
    ]);
    expect(rows).toEqual([{ _uuid: qos.uuid, type: 'linux-htb', queues: new Map([[1, queue.uuid]]) }]);
    expect(queues).toEqual([
      {
        _uuid: queue.uuid,
        dscp: 43,
        other_config: new Map([
          ['max-rate', '8000000'],
          ['min-rate', '5000000'],
        ]),
      },
    ]);
    const [updated, mutated, , left] = await client.transact([
      ovs.update('Queue', [['dscp', '==', 43]], { dscp: null }),
      ovs.mutate('QoS', here, [['queues', 'delete', [1]]]),
      ovs.delete('Queue', [['_uuid', '==', queue.uuid]]),
      ovs.select('QoS', here, ['queues']),
    ]);
    expect([updated, mutated, left]).toEqual([
      { count: 1 },
      { count: 1 },
      [{ _uuid: qos.uuid, queues: new Map() }],
    ]);
  });

  it('does all of a transaction or nothing, and names the operation that failed', async () => {
    const ops = [
      ovs.insert('Queue', { external_ids: { owner: 'half' } }),
      ovs.wait('Queue', [], { columns: ['dscp'], is: '==', rows: [{ dscp: 9 }], timeoutMs: 0 }),
      ovs.comment('never reached'),
    ] as const;
    expect(await failure(client.transact(ops))).toMatchObject({
      code: 'transaction_failed',
      operation: 1,
      error: 'timed out',
    });
    const dangling = ovs.insert('QoS', { type: 'linux-htb', queues: new Map([[1, named('nobody')]]) });
    // Dangling references and duplicates of an index show only when everything is committed.
    expect(await failure(client.transact([dangling]))).toMatchObject({
      operation: null,
      error: 'referential integrity violation',
    });
    const twice = [...addBridge('twice'), ovs.insert('Bridge', { name: 'twice' }, { uuidName: 'other' })];
    const both = ovs.mutate('Open_vSwitch', [], [['bridges', 'insert', [named('other')]]]);
    expect(await failure(client.transact([...twice, both]))).toMatchObject({
      code: 'transaction_failed',
      operation: null,
      error: 'constraint violation',
    });
    expect(await client.transact([ovs.select('Queue', [], ['dscp'])])).toEqual([[]]);
  });

  it('keeps a view true through inserts, modifications of sets and maps, and deletes', async () => {
    const view = await client.monitor({
      Queue: ['dscp', 'other_config'],
      QoS: ['queues'],
      Bridge: ['name', 'protocols', 'fail_mode'],
    });
    const seen: string[] = [];
    view.subscribe((changes) => {
      for (const { table, before, after } of changes)
        seen.push(`${table} ${before ? (after ? 'modify' : 'delete') : 'insert'}`);
    });
    const [queue, other, qos] = await client.transact([
      ovs.insert('Queue', { other_config: { 'min-rate': '1', 'max-rate': '2' } }, { uuidName: 'q1' }),
      ovs.insert('Queue', { dscp: 3 }, { uuidName: 'q2' }),
      ovs.insert('QoS', { type: 'linux-htb', queues: new Map([[1, named('q1')]]) }),
    ]);
    await client.transact(addBridge('b'));
    await client.transact([
      ovs.update('Queue', [['_uuid', '==', queue.uuid]], {
        dscp: 7,
        other_config: { 'max-rate': '9', burst: '5' },
      }),
      ovs.mutate('QoS', [], [['queues', 'insert', new Map([[2, other.uuid]])]]),
      ovs.update('Bridge', [], { fail_mode: null, protocols: ['OpenFlow13', 'OpenFlow15'] }),
    ]);
    await view.until((now) => (now.table('Queue').get(queue.uuid)?.dscp === 7 ? true : undefined));
    expect(view.table('Queue').get(queue.uuid)).toEqual({
      _uuid: queue.uuid,
      dscp: 7,
      other_config: new Map([
        ['max-rate', '9'],
        ['burst', '5'],
      ]),
    });
    expect(view.table('QoS').get(qos.uuid)?.queues).toEqual(
      new Map([
        [1, queue.uuid],
        [2, other.uuid],
      ]),
    );
    const bridge = [...view.table('Bridge').values()][0];
    expect([bridge?.fail_mode, [...(bridge?.protocols ?? [])].sort()]).toEqual([
      null,
      ['OpenFlow13', 'OpenFlow15'],
    ]);
    await client.transact([ovs.delete('QoS', []), ovs.delete('Queue', [['_uuid', '==', other.uuid]])]);
    await view.until((now) => (now.table('Queue').size === 1 ? true : undefined));
    expect(seen.sort()).toEqual(
      [
        'Bridge insert',
        'Bridge modify',
        'QoS delete',
        'QoS insert',
        'QoS modify',
        'Queue delete',
        'Queue insert',
        'Queue insert',
        'Queue modify',
      ].sort(),
    );
    await view.close();
  });

  it('shows in a view the rows that a select gives, defaults included', async () => {
    await client.transact([...addBridge('c'), ovs.insert('Queue', { dscp: 5 })]);
    const view = await client.monitor({ Bridge: ['name', 'protocols'], Queue: ['dscp'] });
    const [bridges, queues] = await client.transact([
      ovs.select('Bridge', [], ['name', 'protocols']),
      ovs.select('Queue', [], ['dscp']),
    ]);
    expect([...view.table('Bridge').values()]).toEqual(bridges);
    expect([...view.table('Queue').values()]).toEqual(queues);
    await view.close();
  });

  it('resolves a transaction only when ovs-vswitchd has carried it out', async () => {
    const [vswitchd, db] = [client, await connectOpenVswitch({ endpoint: server.endpoint })];
    let isDone = false;
    const change = db
      .transactAndWait([ovs.insert('Queue', { dscp: 11 })], { timeoutMs: 5000 })
      .then((results) => {
        isDone = true;
        return results;
      });
    let next = 0;
    await eventually(async () => {
      const [[row]] = await vswitchd.transact([ovs.select('Open_vSwitch', [], ['next_cfg'])]);
      next = row?.next_cfg ?? 0;
      return next === 1;
    }, 'the transaction is committed');
    expect(isDone).toBe(false);
    await vswitchd.transact([ovs.update('Open_vSwitch', [], { cur_cfg: next })]);
    expect(await change).toEqual([{ uuid: expect.any(String) }]);
    db.close();
  });

  it('says when a change is committed but not in force, and refuses it when there is nobody to confirm', async () => {
    const db = await openVswitch(client);
    const change = db.transactAndWait([ovs.insert('Queue', { dscp: 12 })], { timeoutMs: 50 });
    expect(await failure(change)).toEqual({ code: 'not_in_force', nextCfg: 1, curCfg: 0, afterMs: 50 });
    await client.transact([ovs.delete('Open_vSwitch', []), ovs.delete('Queue', [])]);
    expect(await failure(db.transactAndWait([ovs.insert('Queue', { dscp: 13 })]))).toMatchObject({
      code: 'transaction_failed',
      error: 'timed out',
    });
    expect(await client.transact([ovs.select('Queue', [], ['dscp'])])).toEqual([[]]);
  });

  it('names every column that the server lacks', async () => {
    const database = {
      name: 'Open_vSwitch',
      tables: { Port: { name: one('integer'), colour: one('string') } },
    };
    const stranger = await OvsdbClient.connect({ endpoint: server.endpoint, database });
    expect(await failure(stranger.monitor({ Port: ['name', 'colour'] }))).toEqual({
      code: 'schema_mismatch',
      database: 'Open_vSwitch',
      problems: ['Port.name is one string instead of one integer', 'no column Port.colour'],
    });
    stranger.close();
  });

  it('comes back after the server was killed, with what changed meanwhile as changes', async () => {
    await client.transact([ovs.insert('Queue', { dscp: 1 }), ovs.insert('Queue', { dscp: 2 })]);
    const view = await client.monitor({ Queue: ['dscp'] });
    const changes: (number | null | undefined)[][] = [];
    view.subscribe((batch) => {
      changes.push(batch.flatMap(({ before, after }) => [before?.dscp, after?.dscp]));
    });
    await server.kill();
    await eventually(() => !view.isCurrent, 'the loss is noticed');
    expect([view.table('Queue').size, client.isConnected]).toEqual([2, false]);
    expect(await failure(client.listDatabases())).toMatchObject({ code: 'disconnected', sent: false });
    await server.start();
    // Another client is faster or slower than ours: either way ours must end with the same rows.
    const other = await connect();
    await other.transact([
      ovs.delete('Queue', [['dscp', '==', 1]]),
      ovs.update('Queue', [['dscp', '==', 2]], { dscp: 3 }),
    ]);
    other.close();
    await client.connected();
    await view.until((now) =>
      [...now.table('Queue').values()].every((row) => row.dscp === 3) ? true : undefined,
    );
    expect(view.table('Queue').size).toBe(1);
    expect(changes.flat().sort()).toEqual([1, 2, 3, undefined].sort());
    await view.close();
  });
});
