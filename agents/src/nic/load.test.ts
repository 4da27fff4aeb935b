import { instant } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { type ByteCounters, LoadMeter, parseCounters, readCounters } from './load.ts';

/** Recorded from /proc/net/dev. */
const TEXT = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:  102800     100    0    0    0     0          0         0   102800     100    0    0    0     0       0          0
h1-eth0:     180       2    0    0    0     0          0         0   104333     102    0    0    0     0       0          0
`;

describe('byte counters', () => {
  it('are read per direction', () => {
    expect(parseCounters(TEXT, 'h1-eth0')).toEqual({ rxBytes: 180, txBytes: 104_333 });
    expect(parseCounters(TEXT, 'h1-eth')).toBeUndefined();
  });

  it('are there for the loopback device of this machine', async () => {
    expect(await readCounters('/proc/self/net/dev', 'lo')).toEqual({
      rxBytes: expect.any(Number),
      txBytes: expect.any(Number),
    });
    expect(await readCounters('/proc/0/net/dev', 'lo')).toBeUndefined();
  });
});

describe('the load of a NIC', () => {
  const meterOver = (readings: (readonly [number, ByteCounters | undefined])[]) => {
    let at = -1;
    const next = () => readings[at];
    return new LoadMeter(
      async () => {
        at += 1;
        return next()?.[1];
      },
      () => instant(next()?.[0] ?? 0),
    );
  };

  it('is the mean since the last sample', async () => {
    const meter = meterOver([
      [1000, { rxBytes: 0, txBytes: 1000 }],
      [1500, { rxBytes: 62_500, txBytes: 1000 }],
      [3500, { rxBytes: 62_500, txBytes: 251_000 }],
    ]);
    expect(await meter.sample()).toEqual({ rx: 0, tx: 0, interval: 0 });
    expect(await meter.sample()).toEqual({ rx: 1e6, tx: 0, interval: 500 });
    expect(await meter.sample()).toEqual({ rx: 0, tx: 1e6, interval: 2000 });
  });

  it('begins anew when the device was replaced or was away', async () => {
    const meter = meterOver([
      [0, { rxBytes: 500, txBytes: 500 }],
      [100, { rxBytes: 100, txBytes: 100 }],
      [200, undefined],
      [300, { rxBytes: 900, txBytes: 900 }],
    ]);
    for (let sample = 0; sample < 4; sample += 1)
      expect(await meter.sample()).toEqual({ rx: 0, tx: 0, interval: 0 });
  });
});
