/** Two hypervisors and a client at two switches with a trunk between them: what tests of guests run on. */
import { bitsPerSec } from '@sluice/units';
import type { HostSpec, NetworkSpec } from '../src/lab/index.ts';

const LINK = bitsPerSec(200e6);
const FLOOR = bitsPerSec(5e6);

export function guestNetwork(): NetworkSpec {
  const host = (
    name: string,
    number: number,
    kind: HostSpec['kind'],
    at: string,
    port: number,
  ): HostSpec => ({
    ...{ name, kind, port, capacity: LINK, floor: FLOOR },
    ip: `10.60.0.${number}/16`,
    mac: `02:5c:00:3c:00:0${number}`,
    switch: at,
  });
  return {
    switches: [
      { name: 'left', dpid: '00000000000000c1' },
      { name: 'right', dpid: '00000000000000c2' },
    ],
    hosts: [
      host('h1', 1, 'hypervisor', 'left', 1),
      host('h2', 2, 'hypervisor', 'right', 1),
      host('c1', 3, 'client', 'right', 2),
    ],
    links: [
      { a: { switch: 'left', port: 9 }, b: { switch: 'right', port: 9 }, capacity: LINK, floor: FLOOR },
    ],
  };
}
