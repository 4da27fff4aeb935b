import { describe, expect, it } from 'vitest';
import { of13, of14 } from '../../index.ts';
import { formatFlow } from './flow-line.ts';
import { formatMessage } from './message.ts';
import { durationText } from './stats.ts';

const text = (message: Parameters<typeof formatMessage>[0]): string => formatMessage(message);

describe('messages as text, by family', () => {
  it('groups name their buckets', () => {
    const bucket = (port: number, weight: number) =>
      of13.bucket({ weight, actions: [of13.action.output({ port })] });
    const group = of13.groupMod({
      command: 0,
      groupType: 1,
      groupId: 7,
      buckets: [bucket(1, 1), bucket(2, 3)],
    });
    expect(text(group)).toBe(
      'OFPT_GROUP_MOD (OF1.3):\n ADD group_id=7,type=select,bucket=actions=output:1,bucket=weight:3,actions=output:2',
    );
  });

  it('meters tell a burst when they have one', () => {
    const meter = (flags: number) =>
      of13.meterMod({
        command: 0,
        flags,
        meterId: 7,
        bands: [of13.band.drop({ rate: 1000, burstSize: 10 })],
      });
    expect(text(meter(1))).toBe('OFPT_METER_MOD (OF1.3): ADD meter=7 kbps bands=\ntype=drop rate=1000');
    expect(text(meter(6))).toBe(
      'OFPT_METER_MOD (OF1.3): ADD meter=7 pktps burst bands=\ntype=drop rate=1000 burst_size=10',
    );
  });

  it('an error shows what it answers, cut off or not', () => {
    const error = (data: string) =>
      of13.errorMessage({ ofType: 1, ofCode: 6, data: Uint8Array.from(Buffer.from(data, 'hex')) });
    expect(text(error('0414000800000009'))).toBe(
      'OFPT_ERROR (OF1.3): OFPBRC_BAD_LEN\nOFPT_BARRIER_REQUEST (OF1.3) (xid=0x9):',
    );
    expect(text(error('0414001000000009'))).toContain('(***truncated to 8 bytes from 16***)');
    expect(text(error('04140008'))).toContain('00000000  04 14 00 08');
  });

  it('counters that are not kept are question marks', () => {
    const none = 0xffff_ffff_ffff_ffffn;
    const queue = { portNo: 1, queueId: 2, txBytes: none, txPackets: 3n, txErrors: none };
    const queues = [{ ...queue, durationSec: 1, durationNsec: 5_000_000 }];
    expect(text({ type: 'queue_stats_reply', flags: 1, queues })).toBe(
      'OFPST_QUEUE reply (OF1.3): flags=[more] 1 queues\n  port 1 queue 2: bytes=?, pkts=3, errors=?, duration=1.005s',
    );
  });

  it('tables that are like the one before are counted, not told again', () => {
    const table = { activeCount: 0, lookupCount: 0n, matchedCount: 0n };
    const tables = [0, 1, 2, 3].map((tableId) => ({ ...table, tableId, activeCount: tableId === 0 ? 1 : 0 }));
    expect(text({ type: 'table_stats_reply', flags: 0, tables })).toBe(
      'OFPST_TABLE reply (OF1.3):\n  table 0:\n    active=1, lookup=0, matched=0\n\n  table 1:\n    active=0, lookup=0, matched=0\n\n  tables 2...3: ditto\n',
    );
  });

  it('a bundle shows the message in it', () => {
    const message = { version: 5, xid: 9, message: of14.barrierRequest() } as const;
    const bundled = of14.bundleAddMessage({ bundleId: 1, flags: 3, message });
    expect(formatMessage(bundled, { version: '1.4', xid: 9 })).toBe(
      'OFPT_BUNDLE_ADD_MESSAGE (OF1.4) (xid=0x9):\n bundle_id=0x1 flags=atomic ordered\nOFPT_BARRIER_REQUEST (OF1.4) (xid=0x9):',
    );
  });

  it('an entry alone always tells its priority', () => {
    const flow = of13.flowMod({ command: 0, cookie: 1n, priority: 32768, match: { in_port: 1 } });
    expect(formatFlow(flow)).toBe('cookie=0x1,table=0,priority=32768,in_port=1 actions=drop');
  });

  it('times are as fine as they are given', () => {
    expect([durationText(3, 0), durationText(3, 500_000_000), durationText(3, 20)]).toEqual([
      '3s',
      '3.500s',
      '3.00000002s',
    ]);
  });
});
