/**
 * The operator's inventory: the topology of record. Links that discovery finds are checked against it; a host's
 * place comes from here or from its authenticated agent, never from a packet.
 */
import { z } from 'zod';

const name = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/, 'a name: a letter, then up to 31 letters, digits, _ or -');
const portNo = z.number().int().min(1).max(0xfeff);
const rate = z.number().int().positive();
const mac = z
  .string()
  .regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/, 'a MAC address in lower case: 02:00:00:00:00:01');
const ip = z.ipv4();

const switchSchema = z.strictObject({
  name,
  /** 16 lower-case hex digits, not all zero. */
  dpid: z.string().regex(/^(?!0{16})[0-9a-f]{16}$/, '16 lower-case hex digits, not all zero'),
});

const hostSchema = z.strictObject({
  name,
  /** Only hypervisors run VMs and an agent; a client just sends and receives. */
  kind: z.enum(['hypervisor', 'client']),
  mac,
  ip,
  switch: name,
  port: portNo,
  /** Rate of the host's NIC and of the link to its switch, per direction. */
  nicBitsPerSec: rate,
  /** Part of the host's link kept for applications, per direction. */
  floorBitsPerSec: z.number().int().min(0).default(0),
});

const linkSchema = z.strictObject({
  a: z.strictObject({ switch: name, port: portNo }),
  b: z.strictObject({ switch: name, port: portNo }),
  capacityBitsPerSec: rate,
  /** Part kept for applications, per direction. */
  floorBitsPerSec: z.number().int().min(0).default(0),
});

export const inventorySchema = z
  .strictObject({
    switches: z.array(switchSchema).min(1),
    hosts: z.array(hostSchema).min(1),
    links: z.array(linkSchema),
  })
  .superRefine(checkReferences);
export type Inventory = z.output<typeof inventorySchema>;
export type InventorySwitch = Inventory['switches'][number];
export type InventoryHost = Inventory['hosts'][number];
export type InventoryLink = Inventory['links'][number];

interface Issues {
  addIssue(issue: { code: 'custom'; path: (string | number)[]; message: string }): void;
}

/** Every name refers to something, nothing is named twice, no port carries two cables, floors fit. */
function checkReferences(
  inventory: { switches: InventorySwitch[]; hosts: InventoryHost[]; links: InventoryLink[] },
  context: Issues,
): void {
  const complain = (path: (string | number)[], message: string) =>
    context.addIssue({ code: 'custom', path, message });
  const names = new Set<string>();
  const ports = new Map<string, string>();
  const unique = (set: Set<string>, value: string, path: (string | number)[]) => {
    if (set.has(value)) complain(path, `${value} is used twice; give each its own`);
    set.add(value);
  };
  const switches = new Set(inventory.switches.map((entry) => entry.name));
  const attach = (switchName: string, port: number, user: string, path: (string | number)[]) => {
    if (!switches.has(switchName)) return complain([...path, 'switch'], `no switch is named ${switchName}`);
    const key = `${switchName}:${port}`;
    const other = ports.get(key);
    if (other) complain([...path, 'port'], `port ${port} of ${switchName} is already taken by ${other}`);
    ports.set(key, user);
  };
  const dpids = new Set<string>();
  const macs = new Set<string>();
  const ips = new Set<string>();
  inventory.switches.forEach((entry, index) => {
    unique(names, entry.name, ['switches', index, 'name']);
    unique(dpids, entry.dpid, ['switches', index, 'dpid']);
  });
  inventory.hosts.forEach((host, index) => {
    unique(names, host.name, ['hosts', index, 'name']);
    unique(macs, host.mac, ['hosts', index, 'mac']);
    unique(ips, host.ip, ['hosts', index, 'ip']);
    attach(host.switch, host.port, host.name, ['hosts', index]);
    if (host.floorBitsPerSec > host.nicBitsPerSec)
      complain(['hosts', index, 'floorBitsPerSec'], `the floor exceeds nicBitsPerSec ${host.nicBitsPerSec}`);
  });
  inventory.links.forEach((link, index) => {
    if (link.a.switch === link.b.switch) complain(['links', index], `both ends are on ${link.a.switch}`);
    attach(link.a.switch, link.a.port, `link ${index + 1}`, ['links', index, 'a']);
    attach(link.b.switch, link.b.port, `link ${index + 1}`, ['links', index, 'b']);
    if (link.floorBitsPerSec > link.capacityBitsPerSec)
      complain(
        ['links', index, 'floorBitsPerSec'],
        `the floor exceeds capacityBitsPerSec ${link.capacityBitsPerSec}`,
      );
  });
}
