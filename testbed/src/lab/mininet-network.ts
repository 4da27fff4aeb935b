/** Starts `lab/network.py`, tells it what to build in real names, and knows which device carries which OpenFlow port. */
import { fileURLToPath } from 'node:url';
import type { BitsPerSec } from '@sluice/units';
import { z } from 'zod';
import { LabFailure } from './lab-failure.ts';
import type { LabProcess, SpawnOptions } from './lab-process.ts';
import { checkSpec, type NetworkSpec } from './network-spec.ts';
import { poll } from './poll.ts';
import type { PrivateSwitchd } from './private-switchd.ts';
import { type ProvisionMode, provisionPort } from './provisioning.ts';

/** Debian's own interpreter: Mininet is a Debian package and other Pythons do not see it. */
const PYTHON = '/usr/bin/python3';
const SCRIPT = fileURLToPath(new URL('../../lab/network.py', import.meta.url));
/** Twenty switches take a second; a network that needs a minute hangs. */
const BUILD_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 30_000;

const startedSchema = z.object({
  event: z.literal('started'),
  elapsedSec: z.number(),
  hosts: z.array(z.object({ name: z.string(), namespace: z.string(), pid: z.number().int() })),
  ports: z.array(z.object({ device: z.string(), portNo: z.number().int() })),
});
type Started = z.output<typeof startedSchema>;

export interface LabHost {
  readonly name: string;
  readonly kind: 'hypervisor' | 'client';
  /** As `ip netns` knows it. */
  readonly namespace: string;
  readonly device: 'eth0';
  readonly bridge: 'br0' | null;
  /** The device that bears the address. */
  readonly addressDevice: 'br0' | 'eth0';
  /** Of the shell that holds the namespace. */
  readonly pid: number;
  readonly ip: string;
  readonly mac: string;
  readonly capacity: BitsPerSec;
}

export interface LabPort {
  readonly switch: string;
  readonly dpid: string;
  readonly portNo: number;
  /** Namespace of the switches, in which the device is. */
  readonly namespace: string;
  /** Real name, also in OVSDB. */
  readonly device: string;
  readonly capacity: BitsPerSec;
  readonly floor: BitsPerSec;
  /** Name of the host or switch at the other end. */
  readonly peer: string;
}

export interface Network {
  readonly hosts: ReadonlyMap<string, LabHost>;
  readonly ports: readonly LabPort[];
  /** Name of the switch to name of its OVS bridge. */
  readonly bridges: ReadonlyMap<string, string>;
  readonly startMs: number;
  host(name: string): LabHost;
  port(switchName: string, portNo: number): LabPort;
  /** Gives every port its queues and classifier; may be called again, also with the other mode. */
  provisionPorts(mode: ProvisionMode): Promise<void>;
  /** Until every switch has its controller. */
  waitConnected(timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

export interface NetworkOptions {
  readonly prefix: string;
  readonly spec: NetworkSpec;
  readonly controller: { readonly ip: string; readonly port: number };
  /** Of the switches. */
  readonly namespace: string;
  readonly switchd: PrivateSwitchd;
  readonly start: (options: SpawnOptions) => LabProcess;
}

export async function buildNetwork(options: NetworkOptions): Promise<Network> {
  const { prefix, spec, switchd } = options;
  checkSpec(spec);
  const began = performance.now();
  const bridges = new Map(spec.switches.map((one, index) => [one.name, `${prefix}s${index + 1}`]));
  const ports = portsOf(spec, bridges, options.namespace);
  const answers: unknown[] = [];
  const mininet = options.start({
    name: 'network',
    namespace: options.namespace,
    command: PYTHON,
    args: ['-u', SCRIPT],
    env: switchd.env,
    onLine: (line) => answers.push(parseAnswer(line)),
  });
  mininet.write(JSON.stringify(orderOf(options, bridges, ports)));
  const started = await poll('the start of the network by Mininet', BUILD_TIMEOUT_MS, async () => {
    if (!mininet.running) throw died(mininet);
    return answers.map((one) => startedSchema.safeParse(one)).find((one) => one.success)?.data ?? null;
  }).catch(async (cause: unknown) => {
    await close(mininet);
    throw cause;
  });
  checkPorts(started, ports);

  const hosts = new Map(spec.hosts.map((host) => [host.name, labHost(host, started)]));
  return {
    hosts,
    ports,
    bridges,
    startMs: performance.now() - began,
    host: (name) => found(hosts.get(name), `host ${name}`),
    port: (switchName, portNo) =>
      found(
        ports.find((port) => port.switch === switchName && port.portNo === portNo),
        `port ${portNo} of ${switchName}`,
      ),
    provisionPorts: async (mode) => {
      for (const port of ports) await provisionPort({ port, mode, switchd });
    },
    waitConnected: (timeoutMs = CONNECT_TIMEOUT_MS) => waitConnected(switchd, timeoutMs),
    close: () => close(mininet),
  };
}

/** Closing its input lets the script take the network down itself. */
async function close(mininet: LabProcess): Promise<void> {
  if (!mininet.running) return;
  mininet.endInput();
  await poll('the end of the network', BUILD_TIMEOUT_MS, async () => (mininet.running ? null : true)).catch(
    () => mininet.stop(),
  );
}

async function waitConnected(switchd: PrivateSwitchd, timeoutMs: number): Promise<void> {
  await poll('the connection of every switch to its controller', timeoutMs, async () => {
    const rows = await switchd.vsctl(['--bare', '--columns=is_connected', 'list', 'Controller']);
    const states = rows.split('\n').filter((line) => line !== '');
    return states.length > 0 && states.every((state) => state === 'true') ? true : null;
  });
}

function portsOf(
  spec: NetworkSpec,
  bridges: ReadonlyMap<string, string>,
  namespace: string,
): readonly LabPort[] {
  const dpids = new Map(spec.switches.map((one) => [one.name, one.dpid]));
  const port = (
    end: { switch: string; port: number },
    peer: string,
    link: { capacity: BitsPerSec; floor: BitsPerSec },
  ) => ({
    switch: end.switch,
    dpid: found(dpids.get(end.switch), `switch ${end.switch}`),
    portNo: end.port,
    namespace,
    device: `${bridges.get(end.switch)}p${end.port}`,
    capacity: link.capacity,
    floor: link.floor,
    peer,
  });
  return [
    ...spec.hosts.map((host) => port(host, host.name, host)),
    ...spec.links.flatMap((link) => [port(link.a, link.b.switch, link), port(link.b, link.a.switch, link)]),
  ];
}

/** What the script reads: names as they are in the kernel. */
function orderOf(
  options: NetworkOptions,
  bridges: ReadonlyMap<string, string>,
  ports: readonly LabPort[],
): object {
  const { prefix, spec, controller } = options;
  const end = (one: { switch: string; port: number }) => ({
    bridge: bridges.get(one.switch),
    port: one.port,
    device: ports.find((port) => port.switch === one.switch && port.portNo === one.port)?.device,
  });
  return {
    prefix,
    controller,
    switches: spec.switches.map((one) => ({ bridge: bridges.get(one.name), dpid: one.dpid })),
    hosts: spec.hosts.map((host, index) => ({
      name: host.name,
      node: `${prefix}h${index + 1}`,
      kind: host.kind,
      ip: host.ip,
      mac: host.mac,
      deviceMac: deviceMac(index),
      capacityBitsPerSec: host.capacity,
      ...end(host),
    })),
    links: spec.links.map((link) => ({ a: end(link.a), b: end(link.b) })),
  };
}

/** The switch's side of a host's cable; locally administered, so that nothing on the wire has it by chance. */
const deviceMac = (index: number): string =>
  `06:5c:00:00:${hexByte(Math.floor(index / 256))}:${hexByte(index % 256)}`;
const hexByte = (value: number): string => value.toString(16).padStart(2, '0');

/** A port that got another number than it asked for would be shaped as somebody else's. */
function checkPorts(started: Started, ports: readonly LabPort[]): void {
  const real = new Map(started.ports.map((port) => [port.device, port.portNo]));
  const problems = ports
    .filter((port) => real.get(port.device) !== port.portNo)
    .map((port) => `${port.device} got OpenFlow port ${real.get(port.device)} instead of ${port.portNo}`);
  if (problems.length > 0) throw new LabFailure({ code: 'bad_spec', problems });
}

function labHost(host: NetworkSpec['hosts'][number], started: Started): LabHost {
  const real = found(
    started.hosts.find((one) => one.name === host.name),
    `host ${host.name}`,
  );
  const hypervisor = host.kind === 'hypervisor';
  return {
    name: host.name,
    kind: host.kind,
    namespace: real.namespace,
    device: 'eth0',
    bridge: hypervisor ? 'br0' : null,
    addressDevice: hypervisor ? 'br0' : 'eth0',
    pid: real.pid,
    ip: host.ip.split('/')[0] ?? host.ip,
    mac: host.mac,
    capacity: host.capacity,
  };
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new LabFailure({ code: 'bad_spec', problems: [`there is no ${what}`] });
  return value;
}

function parseAnswer(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

const died = (mininet: LabProcess): LabFailure =>
  new LabFailure({
    code: 'process_ended',
    name: 'network.py',
    exitCode: null,
    output: mininet.errorLines.join('\n'),
  });
