import { describe, expect, it } from 'vitest';
import { OPEN_VSWITCH } from './generated/open-vswitch-tables.ts';
import { ovs, queueConfig } from './open-vswitch.ts';
import { operations } from './operation.ts';
import { named, uuid } from './value.ts';

const id = uuid('36bef046-7da7-43a5-905a-c17899216fcb');

describe('operations', () => {
  it('are written as RFC 7047 §5.2 says', () => {
    const where = [['_uuid', '==', id]] as const;
    expect([
      ovs.insert('QoS', { type: 'linux-htb', queues: new Map([[1, named('q1')]]) }, { uuidName: 'qos1' })
        .wire,
      ovs.select('Port', [['name', '==', 's1-eth1']], ['qos']).wire,
      ovs.update('Port', where, { qos: null }).wire,
      ovs.mutate(
        'QoS',
        [],
        [
          ['queues', 'insert', new Map([[1, id]])],
          ['queues', 'delete', [2, 3]],
        ],
      ).wire,
      ovs.mutate('Open_vSwitch', [], [['next_cfg', '+=', 1]]).wire,
      ovs.delete('Queue', [['external_ids', 'includes', { owner: 'me' }]]).wire,
      ovs.wait('Port', where, { columns: ['qos'], is: '!=', rows: [{ qos: null }], timeoutMs: 0 }).wire,
    ]).toEqual([
      {
        op: 'insert',
        table: 'QoS',
        row: { type: 'linux-htb', queues: ['map', [[1, ['named-uuid', 'q1']]]] },
        'uuid-name': 'qos1',
      },
      { op: 'select', table: 'Port', where: [['name', '==', 's1-eth1']], columns: ['_uuid', 'qos'] },
      { op: 'update', table: 'Port', where: [['_uuid', '==', ['uuid', id]]], row: { qos: ['set', []] } },
      {
        op: 'mutate',
        table: 'QoS',
        where: [],
        mutations: [
          ['queues', 'insert', ['map', [[1, ['uuid', id]]]]],
          ['queues', 'delete', ['set', [2, 3]]],
        ],
      },
      { op: 'mutate', table: 'Open_vSwitch', where: [], mutations: [['next_cfg', '+=', 1]] },
      { op: 'delete', table: 'Queue', where: [['external_ids', 'includes', ['map', [['owner', 'me']]]]] },
      {
        op: 'wait',
        table: 'Port',
        where: [['_uuid', '==', ['uuid', id]]],
        columns: ['qos'],
        until: '!=',
        rows: [{ qos: ['set', []] }],
        timeout: 0,
      },
    ]);
  });
  it('do not compile with a wrong table, column, type or word', () => {
    const wrong = [
      // @ts-expect-error no such table
      () => ovs.delete('Lamp', []),
      // @ts-expect-error no such column
      () => ovs.select('Port', [], ['colour']),
      // @ts-expect-error a port number is an integer
      () => ovs.update('Interface', [], { ofport_request: '7' }),
    ];
    for (const build of wrong.slice(0, 1)) expect(() => build().wire).not.toThrow();
    for (const build of wrong.slice(1)) expect(() => build().wire).toThrow(RangeError);
    // @ts-expect-error the schema lists standalone and secure
    expect(ovs.update('Bridge', [], { fail_mode: 'safe' }).wire.op).toBe('update');
  });
  it('leave out what is undefined', () => {
    const builders = operations(OPEN_VSWITCH);
    expect(builders.insert('Queue', {}).wire).toEqual({ op: 'insert', table: 'Queue', row: {} });
  });
});

describe('the configuration of a queue', () => {
  it('holds whole bit/s and refuses everything that Open vSwitch would misread', () => {
    expect(queueConfig({ rateMinBitsPerSec: 57_000_000, rateMaxBitsPerSec: 1e9, priority: 0 })).toEqual({
      'min-rate': '57000000',
      'max-rate': '1000000000',
      priority: '0',
    });
    for (const rate of [0, -1, 1.5, 1e21, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => queueConfig({ rateMinBitsPerSec: rate })).toThrow(RangeError);
  });
});
