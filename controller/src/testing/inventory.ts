/** A small network for tests: two sites with two paths between them, three hypervisors and a client. */
import type { ConfigInput } from '../config.ts';

const MBIT = 1e6;
const host = (name: string, index: number, at: string, port: number, kind: 'hypervisor' | 'client') => ({
  name,
  kind,
  mac: `02:00:00:00:00:0${index}`,
  ip: `10.0.0.${index}`,
  switch: at,
  port,
  nicBitsPerSec: 100 * MBIT,
  floorBitsPerSec: 20 * MBIT,
});

export const testInventory: ConfigInput['inventory'] = {
  switches: ['s1', 's2', 's3'].map((name, index) => ({ name, dpid: `000000000000000${index + 1}` })),
  hosts: [
    host('h1', 1, 's1', 1, 'hypervisor'),
    host('h2', 2, 's2', 1, 'hypervisor'),
    host('h3', 3, 's2', 4, 'hypervisor'),
    host('c1', 4, 's1', 4, 'client'),
  ],
  links: [
    {
      a: { switch: 's1', port: 2 },
      b: { switch: 's2', port: 2 },
      capacityBitsPerSec: 100 * MBIT,
      floorBitsPerSec: 20 * MBIT,
    },
    {
      a: { switch: 's1', port: 3 },
      b: { switch: 's3', port: 1 },
      capacityBitsPerSec: 60 * MBIT,
      floorBitsPerSec: 10 * MBIT,
    },
    {
      a: { switch: 's3', port: 2 },
      b: { switch: 's2', port: 3 },
      capacityBitsPerSec: 60 * MBIT,
      floorBitsPerSec: 10 * MBIT,
    },
  ],
};
