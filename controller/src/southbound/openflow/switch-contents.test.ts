import { OFPFC, OFPMC, OFPMF } from '@oflib/openflow';
import { bitsPerSec } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import type { ReservationId } from '../../core/index.ts';
import { COOKIE_TAG_BITS, decodeCookie, encodeCookie } from './cookies.ts';
import { inOrder, messageFor } from './effect-order.ts';
import type { FlowEntry } from './flow-entry.ts';
import { meterFor, meterRateKbitPerSec } from './meters.ts';
import { afterChanges, changesBetween, contentsOf, NOTHING, readContents } from './switch-contents.ts';

const range = { base: 1000, size: 100 };
const id = (value: number) => value as ReservationId;
const entry = (priority: number, queue = 1): FlowEntry => ({
  cookie: encodeCookie(5, id(7)),
  tableId: 0,
  priority,
  match: { in_port: 1 },
  instructions: [{ type: 'apply_actions', actions: [{ type: 'set_queue', queueId: queue }] }],
});
const meter = (meterId: number, rateKbitPerSec: number) => ({ meterId, rateKbitPerSec });

describe('cookies', () => {
  it('hold tag, epoch and reservation, and come back whole', () => {
    expect(encodeCookie(5, id(7))).toBe(0x51ce_0005_0000_0007n);
    expect(decodeCookie(0x51ce_0005_0000_0007n)).toEqual({ epoch: 5, reservation: 7 });
    expect(encodeCookie(0x1_0002, id(0xffff_ffff))).toBe(0x51ce_0002_ffff_ffffn);
    expect(decodeCookie(0x1234n)).toBeNull();
    expect(() => encodeCookie(1, id(2 ** 32))).toThrow(RangeError);
  });
});

describe('meters', () => {
  it('are five per cent above the rate, rounded up, and never zero', () => {
    expect(meterRateKbitPerSec(bitsPerSec(50_000_000))).toBe(52_500);
    expect(meterRateKbitPerSec(bitsPerSec(1_000_001))).toBe(1051);
    expect(meterRateKbitPerSec(bitsPerSec(1))).toBe(1);
  });

  it('have ids from the range', () => {
    expect(meterFor(id(107), bitsPerSec(1e6), range)).toEqual({ meterId: 1007, rateKbitPerSec: 1050 });
  });
});

describe('changes of a switch', () => {
  const held = contentsOf([entry(1), entry(2)], [meter(1001, 10), meter(1002, 20)]);
  const wanted = contentsOf([entry(2, 9), entry(3)], [meter(1002, 25), meter(1003, 30)]);

  it('go in one order: entries gone, meters, barrier, entries added, barrier', () => {
    const batches = inOrder(changesBetween(held, wanted)).map((batch) => batch.map(messageFor));
    expect(batches).toMatchObject([
      [
        { type: 'flow_mod', command: OFPFC.DELETE_STRICT, priority: 1, cookieMask: 0xffff_ffff_ffff_ffffn },
        { type: 'meter_mod', command: OFPMC.DELETE, meterId: 1001 },
        {
          type: 'meter_mod',
          command: OFPMC.ADD,
          meterId: 1003,
          flags: OFPMF.KBPS | OFPMF.STATS,
          bands: [{ type: 'drop', rate: 30, burstSize: 0 }],
        },
        { type: 'meter_mod', command: OFPMC.MODIFY, meterId: 1002 },
      ],
      [
        { type: 'flow_mod', command: OFPFC.ADD, priority: 2 },
        { type: 'flow_mod', command: OFPFC.ADD, priority: 3 },
      ],
    ]);
  });

  it('are one batch when no meter changes, in which entries come before others go', () => {
    const batches = inOrder(changesBetween(contentsOf([entry(1)]), contentsOf([entry(2)])));
    expect(batches.map((batch) => batch.map(({ kind }) => kind))).toEqual([['entry_added', 'entry_gone']]);
  });

  it('lead from what is held to what is wanted, and to no change after that', () => {
    const after = afterChanges(held, changesBetween(held, wanted));
    expect(after).toEqual(wanted);
    expect(inOrder(changesBetween(after, wanted))).toEqual([]);
  });

  it('do not depend on the order in which a switch tells the fields of a match', () => {
    const one = { ...entry(1), match: { in_port: 1, eth_type: 0x800 } };
    const other = { ...entry(1), match: { eth_type: 0x800, in_port: 1 } };
    expect(changesBetween(contentsOf([one]), contentsOf([other]))).toEqual([]);
  });

  it('see only what is ours', () => {
    const flow = {
      durationSec: 0,
      durationNsec: 0,
      idleTimeout: 0,
      hardTimeout: 0,
      flags: 0,
      packetCount: 0n,
      byteCount: 0n,
    };
    const read = readContents(
      [
        { ...flow, ...entry(1) },
        { ...flow, ...entry(2), cookie: COOKIE_TAG_BITS + (1n << 48n) },
      ],
      [
        { meterId: 1001, flags: OFPMF.KBPS | OFPMF.STATS, bands: [{ type: 'drop', rate: 10, burstSize: 0 }] },
        { meterId: 1002, flags: OFPMF.PKTPS, bands: [{ type: 'drop', rate: 10, burstSize: 0 }] },
        { meterId: 7, flags: OFPMF.KBPS, bands: [] },
      ],
      range,
    );
    expect(read).toEqual(contentsOf([entry(1)], [meter(1001, 10), meter(1002, -1)]));
    expect(changesBetween(NOTHING, NOTHING)).toEqual([]);
  });
});
