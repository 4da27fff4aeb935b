/**
 * Inventories of well-known shapes, for tests, scenarios and first steps. Dpids, MACs, addresses and port numbers
 * follow from the order of building: the n-th switch has dpid n, the n-th host 02:00:00:… with n at its end and
 * an address in 10.0.0.0/16, and the ports of a switch count from 1, hosts before links.
 */
import type { BitsPerSec } from '@sluice/units';
import { type Inventory, type InventoryHost, inventorySchema } from './inventory.ts';

/** 254 addresses in each of 256 third bytes. */
const HOSTS_MAX = 254 * 256;

export interface Rates {
  /** Of each host's NIC. */
  readonly nic: BitsPerSec;
  /** Of each link between switches. */
  readonly capacity: BitsPerSec;
  /** Kept for applications on every link, hosts' included; none by default. */
  readonly floor?: BitsPerSec;
}

/**
 * Two sites and two paths between them: access switches s1 and s2, transit switches s3 and s4, hypervisors h1 and
 * h2 at s1, h3 and h4 at s2, and the host `client1` at s1.
 */
export function edgeNfv(
  rates: Rates & {
    /** Of the path over s4; by default like that over s3. */
    readonly secondCapacity?: BitsPerSec;
  },
): Inventory {
  const shape = new Shape(rates);
  for (const name of ['s1', 's2', 's3', 's4']) shape.addSwitch(name);
  shape.addHost('h1', 's1');
  shape.addHost('h2', 's1');
  shape.addHost('h3', 's2');
  shape.addHost('h4', 's2');
  shape.addHost('client1', 's1', 'client');
  const second = rates.secondCapacity ?? rates.capacity;
  shape.addLink('s1', 's3');
  shape.addLink('s3', 's2');
  shape.addLink('s1', 's4', second);
  shape.addLink('s4', 's2', second);
  return shape.inventory();
}

/** s1 – s2 – … – sn with hypervisor h1 … hn at each. */
export function line(rates: Rates & { readonly length: number }): Inventory {
  const shape = new Shape(rates);
  const numbers = countTo(rates.length, 'length');
  for (const n of numbers) shape.addSwitch(`s${n}`);
  for (const n of numbers) shape.addHost(`h${n}`, `s${n}`);
  for (const n of numbers.slice(1)) shape.addLink(`s${n - 1}`, `s${n}`);
  return shape.inventory();
}

/** Every leaf is linked to every spine; hypervisors h1, h2, … fill leaf1 first. */
export function leafSpine(
  rates: Rates & { readonly leaves: number; readonly spines: number; readonly hostsPerLeaf: number },
): Inventory {
  const shape = new Shape(rates);
  const spines = countTo(rates.spines, 'spines').map((n) => `spine${n}`);
  const leaves = countTo(rates.leaves, 'leaves').map((n) => `leaf${n}`);
  for (const name of [...spines, ...leaves]) shape.addSwitch(name);
  for (const leaf of leaves)
    for (const _ of countTo(rates.hostsPerLeaf, 'hostsPerLeaf')) shape.addNextHost(leaf);
  for (const leaf of leaves) for (const spine of spines) shape.addLink(leaf, spine);
  return shape.inventory();
}

/**
 * The k-ary fat-tree of Al-Fares, Loukissas and Vahdat (SIGCOMM 2008): k pods of k/2 edge and k/2 aggregation
 * switches, (k/2)² core switches, k³/4 hypervisors. Throws RangeError unless k is even and positive.
 */
export function fatTree(rates: Rates & { readonly k: number }): Inventory {
  const { k } = rates;
  if (k % 2 !== 0) throw new RangeError(`k is ${k}; a fat-tree needs an even one`);
  const shape = new Shape(rates);
  const half = countTo(k / 2, 'k / 2');
  const pods = countTo(k, 'k');
  const core = (group: number, n: number) => `core${(group - 1) * half.length + n}`;
  for (const group of half) for (const n of half) shape.addSwitch(core(group, n));
  for (const pod of pods) {
    for (const n of half) shape.addSwitch(`agg${pod}-${n}`);
    for (const n of half) shape.addSwitch(`edge${pod}-${n}`);
    for (const n of half) for (const _ of half) shape.addNextHost(`edge${pod}-${n}`);
    for (const edge of half) for (const agg of half) shape.addLink(`edge${pod}-${edge}`, `agg${pod}-${agg}`);
    // The n-th aggregation switch of each pod serves the n-th group of the core.
    for (const agg of half) for (const n of half) shape.addLink(`agg${pod}-${agg}`, core(agg, n));
  }
  return shape.inventory();
}

/** Collects the parts and hands out numbers. */
class Shape {
  readonly #rates: Rates;
  readonly #ports = new Map<string, number>();
  readonly #switches: Inventory['switches'] = [];
  readonly #hosts: Inventory['hosts'] = [];
  readonly #links: Inventory['links'] = [];

  constructor(rates: Rates) {
    this.#rates = rates;
  }

  addSwitch(name: string): void {
    this.#switches.push({ name, dpid: hex(this.#switches.length + 1, 16) });
  }

  addNextHost(switchName: string): void {
    this.addHost(`h${this.#hosts.length + 1}`, switchName);
  }

  addHost(name: string, switchName: string, kind: InventoryHost['kind'] = 'hypervisor'): void {
    const index = this.#hosts.length;
    if (index >= HOSTS_MAX) throw new RangeError(`more than ${HOSTS_MAX} hosts`);
    this.#hosts.push({
      name,
      kind,
      mac: `02:00:${hex(index + 1, 8).replace(/..(?=.)/g, '$&:')}`,
      ip: `10.0.${Math.floor(index / 254)}.${(index % 254) + 1}`,
      switch: switchName,
      port: this.#takePort(switchName),
      nicBitsPerSec: this.#rates.nic,
      floorBitsPerSec: this.#rates.floor ?? 0,
    });
  }

  addLink(a: string, b: string, capacity: BitsPerSec = this.#rates.capacity): void {
    this.#links.push({
      a: { switch: a, port: this.#takePort(a) },
      b: { switch: b, port: this.#takePort(b) },
      capacityBitsPerSec: capacity,
      floorBitsPerSec: this.#rates.floor ?? 0,
    });
  }

  /** Throws what the schema finds, such as a floor above a capacity. */
  inventory(): Inventory {
    return inventorySchema.parse({ switches: this.#switches, hosts: this.#hosts, links: this.#links });
  }

  #takePort(switchName: string): number {
    const port = (this.#ports.get(switchName) ?? 0) + 1;
    this.#ports.set(switchName, port);
    return port;
  }
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** 1 … last. */
function countTo(last: number, name: string): readonly number[] {
  if (!Number.isInteger(last) || last < 1) throw new RangeError(`${name} is ${last}, not a positive integer`);
  return Array.from({ length: last }, (_, index) => index + 1);
}
