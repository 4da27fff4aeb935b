/** How long the lab takes to open, build a network of four switches, provision its ports, and go away again. */
import { bitsPerSec } from '@sluice/units';
import { openLab } from './lab.ts';
import type { NetworkSpec } from './network-spec.ts';

const RATE = bitsPerSec(100_000_000);
const FLOOR = bitsPerSec(10_000_000);
const SWITCHES = 4;

export async function run(): Promise<{ name: string; lines: string[] }> {
  const times: string[] = [];
  let last = performance.now();
  const lap = (what: string) => {
    const now = performance.now();
    times.push(`${what}: ${Math.round(now - last)} ms`);
    last = now;
  };
  const lab = await openLab({ label: 'bench' });
  try {
    lap('open (Open vSwitch, Redis)');
    const network = await lab.buildNetwork(ring(), { ip: lab.controllerIp, port: 1 });
    lap(`network of ${SWITCHES} switches and hosts in Mininet`);
    await network.provisionPorts('managed');
    lap(`queues and classifier of ${network.ports.length} ports`);
  } finally {
    last = performance.now();
    await lab.close();
    lap('close');
  }
  return { name: 'lab', lines: times };
}

function ring(): NetworkSpec {
  const numbers = Array.from({ length: SWITCHES }, (_, index) => index + 1);
  return {
    switches: numbers.map((number) => ({ name: `s${number}`, dpid: number.toString(16).padStart(16, '0') })),
    hosts: numbers.map((number) => ({
      name: `h${number}`,
      kind: 'hypervisor',
      ip: `10.251.0.${number}/24`,
      mac: `02:5c:00:fb:00:0${number}`,
      switch: `s${number}`,
      port: 1,
      capacity: RATE,
      floor: FLOOR,
    })),
    links: numbers.map((number) => ({
      a: { switch: `s${number}`, port: 2 },
      b: { switch: `s${(number % SWITCHES) + 1}`, port: 3 },
      capacity: RATE,
      floor: FLOOR,
    })),
  };
}
