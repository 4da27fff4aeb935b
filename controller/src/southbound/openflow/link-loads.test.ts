import { buildTopology, type Link, type LinkId, line, linkById } from '@sluice/topology';
import { bitsPerSec } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import { classify } from './classification.ts';
import { applicationBytes, loadsBetween, type SwitchCounters } from './link-loads.ts';

const topology = buildTopology(line({ length: 2, nic: bitsPerSec(1e8), capacity: bitsPerSec(1e8) }));
const link = (id: string): Link => linkById(topology, id as LinkId);
const counters: SwitchCounters = {
  rx: new Map([[1, 5000n]]),
  tx: new Map([
    [1, 900n],
    [2, 9000n],
  ]),
  queues: new Map([
    ['1:1', 300n],
    ['2:0', 7000n],
    ['2:1', 2000n],
  ]),
  meters: new Map([[1007, 1200n]]),
};
const none = () => [];

describe('application traffic', () => {
  it('of a link that leaves a switch is what its queue 0 sent', () => {
    expect(applicationBytes(link('s1:2>s2:2'), counters, none)).toBe(7000n);
  });

  it('of a port without queue 0 is what it sent but for queue 1', () => {
    expect(applicationBytes(link('s1:1>h1'), counters, none)).toBe(600n);
  });

  it('of a host is what its switch received but for what its reservations sent', () => {
    expect(applicationBytes(link('h1>s1:1'), counters, none)).toBe(5000n);
    expect(applicationBytes(link('h1>s1:1'), counters, () => [1007])).toBe(3800n);
  });

  it('is a rate between two readings, and nothing when a counter began anew', () => {
    const reading = (at: number, ...entries: [string, bigint][]) => ({
      at,
      bytes: new Map(entries.map(([id, count]) => [id as LinkId, count] as const)),
    });
    expect(
      loadsBetween(
        reading(1000, ['a', 0n], ['b', 500n]),
        reading(3000, ['a', 250_000n], ['b', 10n], ['c', 1n]),
      ),
    ).toEqual([{ link: 'a', applicationRate: 1e6 }]);
  });
});

describe('classification', () => {
  it('is told by how far the counter of queue 1 moved', () => {
    expect([0n, 99n, 100n, 399n, 400n, 500n].map(classify)).toEqual([
      null,
      null,
      'dscp',
      'dscp',
      'set_queue',
      'set_queue',
    ]);
  });
});
