/** In which order switches learn another way. */
import { buildTopology, inventorySchema, type LinkId } from '@sluice/topology';
import { bitsPerSec } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import type { Reservation } from '../../core/index.ts';
import { testInventory } from '../../testing/inventory.ts';
import { rerouting } from './rerouting.ts';

const topology = buildTopology(inventorySchema.parse(testInventory));
const reservation = (path: readonly string[], reversePath: readonly string[]): Reservation => ({
  id: 1 as Reservation['id'],
  migrationId: 'm1' as Reservation['migrationId'],
  path: path as readonly LinkId[],
  reversePath: reversePath as readonly LinkId[],
  rate: bitsPerSec(10e6),
  reverseRate: bitsPerSec(3e5),
  match: { sourceIp: '10.0.0.1', destinationIp: '10.0.0.2', destinationPort: 4444 },
});
const direct = reservation(['h1>s1:1', 's1:2>s2:2', 's2:1>h2'], ['h2>s2:1', 's2:2>s1:2', 's1:1>h1']);
const around = reservation(
  ['h1>s1:1', 's1:3>s3:1', 's3:2>s2:3', 's2:1>h2'],
  ['h2>s2:1', 's2:3>s3:2', 's3:1>s1:3', 's1:1>h1'],
);
const short = (dpid: string) => `s${Number(dpid)}`;

describe('the order of a reroute', () => {
  const plan = rerouting(topology, { from: direct, to: around, meterId: 7, epoch: 1 });

  it('is the switches of the new way alone, then the shared ones from the destination to the source', () => {
    expect(plan.steps.map(({ dpid }) => short(dpid))).toEqual(['s3', 's2', 's1']);
  });

  it('leaves the old entries beside the new ones until all of them are there', () => {
    const counts = plan.steps.map(({ dpid, entries }) => [short(dpid), entries.length]);
    expect(counts).toEqual([
      ['s3', 2],
      ['s2', 4],
      ['s1', 4],
    ]);
  });

  it('ends with nothing but the new way', () => {
    expect([...plan.after].map(([dpid, entries]) => [short(dpid), entries.length]).sort()).toEqual([
      ['s1', 2],
      ['s2', 2],
      ['s3', 2],
    ]);
  });
});
